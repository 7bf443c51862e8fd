import fc from 'fast-check';
import { LedgerWorld, type Op } from './world.ts';

const WEIGHTS: readonly (readonly [Op['kind'], number])[] = [
  ['wait', 10],
  ['rate', 16],
  ['hold', 8],
  ['capture', 6],
  ['release', 4],
  ['redeem', 8],
  ['reverse', 7],
  ['adjust', 7],
  ['import', 7],
  ['extend', 2],
  ['reinstate', 3],
  ['freeze', 2],
  ['transfer', 6],
  ['deliver', 10],
  ['merge', 1],
  ['unmerge', 2],
  ['due', 3],
];

/** One command of the generator, and what it is about. */
export const op: fc.Arbitrary<Op> = fc.record({
  kind: fc.oneof(...WEIGHTS.map(([kind, weight]) => ({ arbitrary: fc.constant(kind), weight }))),
  member: fc.nat({ max: 3 }),
  other: fc.nat({ max: 3 }),
  points: fc.oneof({ arbitrary: fc.nat({ max: 100 }), weight: 9 }, { arbitrary: fc.constantFrom(0, 1), weight: 1 }),
  hours: fc.nat({ max: 40 }),
  pick: fc.nat({ max: 40 }),
  flag: fc.boolean(),
  part: fc.boolean(),
});

/** One step of both ledgers; its text is what is printed when they differ. */
class Step implements fc.Command<object, LedgerWorld> {
  constructor(private readonly op: Op) {}

  check(): boolean {
    return true;
  }

  run(_model: object, world: LedgerWorld): void {
    world.step(this.op);
  }

  toString(): string {
    return JSON.stringify(this.op);
  }
}

/** Commands of one world; then it starts anew, so that a difference is found close to its cause. */
export const LENGTH = 120;
/** Trailing operations that are printed. */
export const SHOWN = 30;

export interface Outcome {
  readonly commands: number;
  readonly answers: ReadonlyMap<string, number>;
  /** What differs, with the operations that lead there; absent when nothing does. */
  readonly difference?: string;
}

/** At least `wanted` random commands through the deciders and the reference; stops at the first difference. */
export function compareLedgers(wanted: number, seed: number, progress: (done: number) => void = () => {}): Outcome {
  const answers = new Map<string, number>();
  let commands = 0;
  const worlds = fc.commands([op.map((drawn) => new Step(drawn))], { maxCommands: LENGTH, size: 'max' });
  for (let batch = 0; commands < wanted; batch++) {
    const run = fc.check(
      fc.property(worlds, (drawn) => {
        const world = new LedgerWorld();
        fc.modelRun(() => ({ model: {}, real: world }), drawn);
        world.finish();
        commands += [...drawn].length;
        for (const [answer, count] of world.answers) answers.set(answer, (answers.get(answer) ?? 0) + count);
      }),
      { seed: seed + batch, numRuns: 50, interruptAfterTimeLimit: 600_000 },
    );
    if (run.failed) return { commands, answers, difference: told(run, seed + batch) };
    progress(commands);
  }
  return { commands, answers };
}

interface Failed {
  readonly counterexample: readonly [Iterable<unknown>] | null;
  readonly counterexamplePath: string | null;
  readonly errorInstance: unknown;
}

function told(run: Failed, seed: number): string {
  const operations = String(run.counterexample?.[0] ?? '').split(/,(?=\{)/);
  const error = run.errorInstance instanceof Error ? (run.errorInstance.stack ?? '') : String(run.errorInstance);
  return [`seed ${seed}, path ${run.counterexamplePath}`, ...operations.slice(-SHOWN), error].join('\n');
}
