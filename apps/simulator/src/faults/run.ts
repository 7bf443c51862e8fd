import { formatToken, parseToken } from '@jifen/contracts';
import { createClient, type Client } from '../client.ts';
import { expectedPoints } from '../model.ts';
import { parallel, persist, sleep } from '../parallel.ts';
import { PROOF_PROGRAM } from '../program.ts';
import { createRandom, type Random } from '../random.ts';
import { STANDARD_WORKLOAD, workload, type Submission } from '../workload.ts';
import { startSystem, type Shape, type System } from './system.ts';

export interface FaultOptions {
  readonly shape: Shape;
  readonly kills: number;
  readonly seed: number;
  readonly members: number;
  readonly ledgers?: number;
  readonly say: (line: string) => void;
  readonly onLine?: (line: string) => void;
}

export interface FaultReport {
  readonly shape: Shape;
  readonly seed: number;
  readonly kills: number;
  readonly killed: Readonly<Record<string, number>>;
  /** Processes that ended though nobody killed them. */
  readonly crashes: number;
  readonly orders: number;
  readonly members: number;
  readonly wrong: readonly { readonly member: string; readonly expected: number; readonly found: number }[];
}

const BATCH = 40;
const SUBMIT_DEADLINE_MS = 180_000;
const SETTLE_DEADLINE_MS = 240_000;
const READERS = 8;

/** Runs the generator until told to stop, never giving a batch up: what it returns is what the system accepted. */
async function generate(client: Client, random: Random, source: Iterator<Submission>, running: () => boolean) {
  const accepted: Submission[] = [];
  const last = new Map<number, number>();
  while (running()) {
    const batch: Submission[] = [];
    while (batch.length < BATCH) {
      const next = source.next();
      if (next.done === true) break;
      batch.push(next.value);
    }
    for (const kind of ['order', 'order-refund'] as const) {
      const bodies = batch.filter((each) => each.kind === kind).map(({ body }) => body);
      if (bodies.length === 0) continue;
      const answer = await persist(`submit ${kind}`, SUBMIT_DEADLINE_MS, () => client.submit(kind, bodies));
      if (answer.rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(answer.rejected[0])}`);
      for (const [partition, position] of parseToken(answer.position ?? '')?.positions ?? []) {
        last.set(partition, Math.max(position, last.get(partition) ?? 0));
      }
    }
    accepted.push(...batch);
    await sleep(random.between(0, 20));
  }
  return { accepted, last };
}

async function killRandomly(system: System, random: Random, options: FaultOptions): Promise<Record<string, number>> {
  const killed: Record<string, number> = {};
  for (let done = 1; done <= options.kills; done++) {
    await sleep(random.between(100, 1_500));
    const part = random.pick(system.parts);
    await part.kill();
    killed[part.name] = (killed[part.name] ?? 0) + 1;
    await sleep(random.between(0, 300));
    await part.start();
    if (done % 10 === 0 || done === options.kills) options.say(`${done}/${options.kills} kills`);
  }
  return killed;
}

export async function runFaults(options: FaultOptions): Promise<FaultReport> {
  const random = createRandom(options.seed);
  let crashes = 0;
  const system = await startSystem({
    shape: options.shape,
    program: 'proof',
    ...(options.ledgers === undefined ? {} : { ledgers: options.ledgers }),
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    onCrash: (name, code) => {
      crashes += 1;
      options.say(`${name} ended by itself with ${code ?? 'a signal'}`);
    },
  });
  try {
    const client = createClient(system.targets, system.key);
    await client.publishProgram(PROOF_PROGRAM);
    const source = workload(
      { ...STANDARD_WORKLOAD, seed: options.seed, members: options.members, prefix: `F${options.seed}` },
      10_000_000,
    );
    let running = true;
    const generating = generate(client, createRandom(options.seed + 1), source, () => running);
    const stopped = generating.catch(() => undefined);
    const killed = await killRandomly(system, random, options);
    running = false;
    await stopped;
    const { accepted, last } = await generating;
    const expected = expectedPoints(accepted);
    options.say(`${accepted.length} accepted; comparing ${expected.size} members`);
    const after = formatToken({ log: 'activity', positions: last });
    const wrong = await compare(client, expected, after);
    return {
      shape: options.shape,
      seed: options.seed,
      kills: options.kills,
      killed,
      crashes,
      orders: accepted.length,
      members: expected.size,
      wrong,
    };
  } finally {
    await system.stop();
  }
}

/** Tiers feed back after the last order is in, so a difference counts only if it stays. */
async function compare(client: Client, expected: ReadonlyMap<string, number>, after: string) {
  await persist('catching up', SETTLE_DEADLINE_MS, async () => {
    const [first = ''] = expected.keys();
    const { status } = await client.balance(first, after);
    if (status === 504) throw new Error('not caught up');
  });
  const end = Date.now() + SETTLE_DEADLINE_MS;
  let suspects = [...expected.keys()];
  for (;;) {
    const found = await parallel(suspects, READERS, async (member) => ({
      member,
      expected: expected.get(member) ?? 0,
      found: (await persist('balance', SETTLE_DEADLINE_MS, () => client.balance(member))).net,
    }));
    const wrong = found.filter((each) => each.expected !== each.found);
    if (wrong.length === 0 || Date.now() > end) return wrong;
    suspects = wrong.map(({ member }) => member);
    await sleep(500);
  }
}
