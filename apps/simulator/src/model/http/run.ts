import { present } from '@jifen/kernel';
import fc from 'fast-check';
import { LENGTH, op, SHOWN, type Outcome } from '../commands.ts';
import { HOUR, START } from '../world.ts';
import { startModelSystem, type ModelSystem } from './system.ts';
import { HttpWorld } from './world.ts';

/** Groups of members that are asked at once; they have nothing to do with each other but the clock. Few commands are few of them, not short ones. */
const MAX_WORLDS = 32;
const COMMANDS_OF_A_WORLD = 60;

/** At least `wanted` random commands through the HTTP API of a running system and through the reference; stops at the first difference. */
export async function compareOverHttp(
  wanted: number,
  seed: number,
  progress: (done: number) => void = () => {},
): Promise<Outcome> {
  const system = await startModelSystem(START);
  const answers = new Map<string, number>();
  let commands = 0;
  try {
    for (let batch = 0; commands < wanted; batch++) {
      const run = await compareBatch(system, seed + batch, wanted - commands, (done) => progress(commands + done));
      commands += run.commands;
      for (const [answer, count] of run.answers) answers.set(answer, (answers.get(answer) ?? 0) + count);
      if (run.difference !== undefined) return { commands, answers, difference: run.difference };
    }
    return { commands, answers };
  } finally {
    await system.stop();
  }
}

/** New worlds, a command each at a time; the clock moves between them, so that all agree on what time it is. */
async function compareBatch(
  { clock, tenants }: ModelSystem,
  seed: number,
  wanted: number,
  progress: (done: number) => void,
): Promise<Outcome> {
  const hours = {
    get now(): number {
      return (clock.now() - START) / HOUR;
    },
  };
  const size = Math.min(MAX_WORLDS, Math.ceil(wanted / COMMANDS_OF_A_WORLD));
  const worlds = Array.from({ length: size }, (_, n) => {
    return new HttpWorld(`w${seed}-${n}`, present(tenants[n % tenants.length], 'a tenant'), hours);
  });
  const rounds = fc.sample(fc.array(op, { minLength: size, maxLength: size }), { seed, numRuns: LENGTH });
  const asked = (): number => worlds.reduce((sum, world) => sum + world.commands, 0);
  let difference: string | undefined;
  for (const drawn of rounds) {
    if (difference !== undefined || asked() >= wanted) break;
    const [first] = drawn;
    if (first?.kind === 'wait') clock.advance(first.hours * HOUR);
    const steps = worlds.map((world, n) => world.step(present(drawn[n], 'a command')));
    difference = await firstDifference(worlds, steps);
    progress(asked());
  }
  difference ??= await firstDifference(
    worlds,
    worlds.map((world) => world.finish()),
  );
  const answers = new Map<string, number>();
  for (const world of worlds)
    for (const [answer, count] of world.answers) answers.set(answer, (answers.get(answer) ?? 0) + count);
  return {
    commands: asked(),
    answers,
    ...(difference === undefined ? {} : { difference: `seed ${seed}\n${difference}` }),
  };
}

async function firstDifference(
  worlds: readonly HttpWorld[],
  steps: readonly Promise<void>[],
): Promise<string | undefined> {
  const settled = await Promise.allSettled(steps);
  const index = settled.findIndex(({ status }) => status === 'rejected');
  const found = settled[index];
  if (found?.status !== 'rejected') return undefined;
  const error: unknown = found.reason;
  return [
    ...(worlds[index]?.told.slice(-SHOWN) ?? []),
    error instanceof Error ? (error.stack ?? '') : String(error),
  ].join('\n');
}
