import { formatToken } from '@jifen/contracts';
import { createClient, type Client } from '../client.ts';
import { expectedPoints } from '../model.ts';
import { parallel, persist, sleep } from '../parallel.ts';
import { PROOF_PROGRAM } from '../program.ts';
import { createRandom, type Random } from '../random.ts';
import { startTraffic } from '../traffic.ts';
import { STANDARD_WORKLOAD, workload } from '../workload.ts';
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

const SETTLE_DEADLINE_MS = 240_000;
const READERS = 8;

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
    const traffic = startTraffic(client, createRandom(options.seed + 1), source);
    const killed = await killRandomly(system, random, options);
    await traffic.stop();
    const { accepted, last } = traffic;
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
