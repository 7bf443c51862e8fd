import { expectedPoints } from '../model.ts';
import { createRandom } from '../random.ts';
import { history, scramble } from './history.ts';
import { World } from './world.ts';

const ARRIVALS = 3;

const fingerprint = (world: World): string => JSON.stringify([world.balance, [...world.awards]]);

/**
 * One random history of a member, told in its own order and in `ARRIVALS` scrambled ones with repeats, services moving at random in
 * between: balances and awards must be the same each time, and what the naive model says. Answers what differs, or nothing.
 */
export function orderIndependent(seed: number): string | undefined {
  const random = createRandom(seed);
  const told = history(random, 'm-1', `S${seed}`);
  const expected = expectedPoints(told).get('m-1') ?? 0;
  let first: string | undefined;
  for (let arrival = 0; arrival <= ARRIVALS; arrival++) {
    const world = new World('m-1');
    for (const submission of arrival === 0 ? told : scramble(random, told)) {
      world.submit(submission);
      world.settle(random, random.between(0, 6));
    }
    world.settle(random);
    const found = fingerprint(world);
    first ??= found;
    if (found !== first) return `case ${seed}, arrival ${arrival}: ${found} instead of ${first}`;
    if (world.balance.net !== expected)
      return `case ${seed}, arrival ${arrival}: ${world.balance.net} points, the model says ${expected}`;
  }
  return undefined;
}
