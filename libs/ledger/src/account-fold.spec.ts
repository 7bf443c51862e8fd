import { InvariantError } from '@jifen/kernel';
import { AccountFold } from './account-fold.ts';
import { openAccount } from './account.ts';
import v2 from './corpus/v2.json' with { type: 'json' };
import { withExactDues } from './due.ts';
import type { LedgerEvent } from './events.ts';
import { evolve } from './evolve.ts';

const OWNER = { program: 'demo', member: 'm-1', currency: 'points' };
const events = JSON.parse(JSON.stringify(v2.events)) as readonly LedgerEvent[];
const opened = openAccount(OWNER.program, OWNER.member, OWNER.currency);

it('gives after every kind of movement what folding with the whole account in hand gives', () => {
  const fold = new AccountFold(OWNER);
  let whole = opened;
  for (const event of events) {
    fold.add(event);
    whole = evolve(whole, event);
    expect(fold.account()).toEqual(withExactDues(whole));
  }
});

it('takes nothing of an event that does not follow', () => {
  const fold = new AccountFold(OWNER);
  const [first, second, third] = events;
  if (first === undefined || second === undefined || third === undefined) throw new Error('the corpus has events');
  fold.add(first);
  expect(() => fold.add(third)).toThrow(InvariantError);
  fold.add(second);
  expect(fold.account()).toEqual(withExactDues([first, second].reduce(evolve, opened)));
});
