import { formatToken, parseToken } from '@jifen/contracts';
import { createClient, type Client } from '../client.ts';
import { startSystem, type Shape } from '../faults/system.ts';
import { expectedPoints } from '../model.ts';
import { parallel, sleep } from '../parallel.ts';
import { PROOF_PROGRAM } from '../program.ts';
import { createRandom, type Random } from '../random.ts';
import type { Submission } from '../workload.ts';
import { history, scramble } from './history.ts';

const AT_ONCE = 8;
const SETTLE_MS = 60_000;

interface Told {
  readonly member: string;
  readonly expected: number;
  readonly submissions: readonly Submission[];
}

/** Each case is told twice, for two members: in its own order and scrambled with repeats. */
function cases(random: Random, count: number, label: string): Told[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = random.between(1, 1_000_000_000);
    return ['a', 'b'].map((which) => {
      const member = `${label}-${index}-${which}`;
      const told = history(createRandom(seed), member, member);
      const expected = expectedPoints(told).get(member) ?? 0;
      return { member, expected, submissions: which === 'a' ? told : scramble(random, told) };
    });
  }).flat();
}

async function tell(client: Client, told: Told, last: Map<number, number>): Promise<void> {
  for (const { kind, body } of told.submissions) {
    const answer = await client.submit(kind, [body]);
    if (answer.rejected.length > 0)
      throw new Error(`${told.member} ${body.orderId}: ${JSON.stringify(answer.rejected[0])}`);
    for (const [partition, position] of parseToken(answer.position ?? '')?.positions ?? []) {
      last.set(partition, Math.max(position, last.get(partition) ?? 0));
    }
  }
}

/** `count` random cases through a running system; answers the members whose balance is not the model's. */
export async function wholePath(shape: Shape, count: number, seed: number, say: (line: string) => void) {
  const random = createRandom(seed);
  const system = await startSystem({ shape, program: 'proof', onCrash: (name) => say(`${name} ended by itself`) });
  try {
    const client = createClient(system.targets, system.key);
    await client.publishProgram(PROOF_PROGRAM);
    const told = cases(random, count, `o${seed}`);
    const last = new Map<number, number>();
    await parallel(told, AT_ONCE, (each) => tell(client, each, last));
    const after = formatToken({ log: 'activity', positions: last });
    const end = Date.now() + SETTLE_MS;
    let open = told;
    for (;;) {
      const found = await parallel(open, AT_ONCE, async (each) => ({
        each,
        found: (await client.balance(each.member, after)).net,
      }));
      open = found.filter(({ each, found: net }) => each.expected !== net).map(({ each }) => each);
      if (open.length === 0 || Date.now() > end) return { cases: count, wrong: open.map(({ member }) => member) };
      await sleep(200);
    }
  } finally {
    await system.stop();
  }
}
