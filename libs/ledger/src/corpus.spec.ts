import { openAccount } from './account.ts';
import v1 from './corpus/v1.json' with { type: 'json' };
import v2 from './corpus/v2.json' with { type: 'json' };
import { LEDGER_EVENT_TYPES, LEDGER_SCHEMA_VERSION, type LedgerEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { upcast } from './upcast.ts';

const CORPORA = [v1, v2].map((corpus, index) => ({
  version: index + 1,
  stored: JSON.parse(JSON.stringify(corpus.events)) as readonly LedgerEvent[],
  account: JSON.parse(JSON.stringify(corpus.account)) as object,
}));

/**
 * Postings as they were written once, with what was known of the account then. They are never edited: whoever changes the shape
 * of a posting adds a corpus, and brings the older shapes up to date on reading.
 */
describe('postings of every shape that was ever written', () => {
  it.each(CORPORA)('v$version: folds to the account of its time', ({ version, stored, account }) => {
    const folded = stored
      .map((event) => ({ ...event, entry: upcast(version, event.entry) }))
      .reduce(evolve, openAccount('demo', 'm-1', 'points'));
    const { standings, lots, holds, redemptions, transfers, done, ...figures } = folded;
    const plain: unknown = {
      ...figures,
      standings: [...standings],
      lots: [...lots.values()],
      holds: [...holds.values()],
      redemptions: [...redemptions.values()],
      transfers: [...transfers],
      done: [...done.values()],
    };
    expect(JSON.parse(JSON.stringify(plain))).toMatchObject(account);
  });

  it('has every type, in the shape of today', () => {
    expect(CORPORA).toHaveLength(LEDGER_SCHEMA_VERSION);
    expect(new Set(CORPORA.at(-1)?.stored.map(({ type }) => type))).toEqual(new Set(LEDGER_EVENT_TYPES));
  });

  it('knows no shape of tomorrow', () => {
    const entry = CORPORA[0]?.stored[0]?.entry;
    expect(() => entry && upcast(LEDGER_SCHEMA_VERSION + 1, entry)).toThrow('unknown shape');
  });
});
