import { openAccount } from './account.ts';
import v1 from './corpus/v1.json' with { type: 'json' };
import { LEDGER_EVENT_TYPES, type LedgerEvent } from './events.ts';
import { evolve } from './evolve.ts';

/**
 * Postings as they were written once, with the account that they gave then. They are never edited: whoever changes the shape
 * of a posting adds a corpus, and brings the older shapes up to date on reading.
 */
describe('postings of every shape that was ever written', () => {
  const stored = JSON.parse(JSON.stringify(v1.events)) as readonly LedgerEvent[];

  it('v1: folds to the account of its time', () => {
    const account = stored.reduce(evolve, openAccount('demo', 'm-1', 'points'));
    const { standings, lots, ...figures } = account;
    const expected: unknown = JSON.parse(JSON.stringify(v1.account));
    expect(JSON.parse(JSON.stringify({ ...figures, standings: [...standings], lots: [...lots.values()] }))).toEqual(
      expected,
    );
  });

  it('has every type', () => {
    expect(new Set(stored.map(({ type }) => type))).toEqual(new Set(LEDGER_EVENT_TYPES));
  });
});
