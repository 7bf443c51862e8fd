import type { Problem } from '@jifen/contracts';
import { eventId, type EventStore, type StoredEvent } from '@jifen/event-store';
import { accept, instantFromMillis, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { accountKey, sentenceOf } from '@jifen/ledger';
import { decodeCursor, encodeCursor, notOurs } from './cursor.ts';
import type { HistoryReads, Versions } from './history.ts';
import { noAccount } from './read-balance.ts';
import { endsBefore, filterOf, isPlain, matches, startsAt, type FilterTexts } from './statement-filter.ts';
import { ledgerEventOf } from './stored-event.ts';
import type { Page, StatementLine } from './views.ts';
import { worthUnder, type PolicyReads, type Worth } from './worth.ts';

export interface StatementQuery extends FilterTexts {
  readonly program: string;
  readonly member: string;
  readonly now: number;
  readonly currency?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly waited: boolean;
}

/** Postings read at a time, and looked at for one page: what is further back is for the next one. */
const WINDOW = 500;
const MAX_LOOKED_AT = 5_000;

/**
 * Postings, newest first. A member's streams share a partition, so positions order them across currencies. A filter is
 * applied while going back through the streams, which the log's key finds; a page that has looked at enough is short, even
 * empty, and its cursor goes on from there.
 */
export async function readStatement(
  reads: HistoryReads & PolicyReads,
  query: StatementQuery,
): Promise<Outcome<Page<StatementLine>, Problem>> {
  const { program, member, currency, limit, waited } = query;
  const filter = filterOf(query);
  if (!filter.ok) return filter;
  const known = await reads.versionsOf(program, member);
  if (known.size === 0 && !waited) return refuse(noAccount(member));
  const from = query.cursor === undefined ? known : versionsFrom(query.cursor, known);
  if (from === undefined) return refuse(notOurs);
  const worth = worthUnder(await reads.policiesOf(program, instantFromMillis(query.now)));
  const window = isPlain(filter.value) ? Math.min(limit, WINDOW) : WINDOW;
  const until = query.cursor === undefined ? startsAt(filter.value) : undefined;
  const tails: Tail[] = [];
  for (const [code, version] of from) {
    if (currency !== undefined && code !== currency) continue;
    const stream = accountKey(program, member, code);
    const start = until === undefined ? version : await lastBefore(reads.store, stream, version, until);
    tails.push(new Tail(reads.store, code, stream, start, window));
  }
  const shown: StatementLine[] = [];
  for (let looked = 0; shown.length < limit && looked < MAX_LOOKED_AT; looked++) {
    const newest = await newestOf(tails);
    if (newest === undefined) break;
    const stored = newest.take();
    if (endsBefore(filter.value, stored.recordedAt)) newest.stop();
    else if (matches(filter.value, ledgerEventOf(stored))) shown.push(lineOf(stored, worth));
  }
  const left = tails.map(({ currency: code, version }) => [code, version] as const);
  return accept({ data: shown, next: left.some(([, version]) => version > 0) ? encodeCursor(left) : null });
}

/** A stream that is read backwards, a window at a time. */
class Tail {
  /** Postings of the stream that were not taken yet. */
  version: number;
  #window: readonly StoredEvent[] = [];
  #at = -1;

  constructor(
    private readonly store: Pick<EventStore<unknown>, 'readStream'>,
    readonly currency: string,
    private readonly stream: string,
    version: number,
    private readonly size: number,
  ) {
    this.version = version;
  }

  async newest(): Promise<StoredEvent | undefined> {
    if (this.version === 0) return undefined;
    if (this.#at < 0) {
      const after = Math.max(0, this.version - this.size);
      this.#window = await this.store.readStream(this.stream, after, this.version - after);
      this.#at = this.#window.length - 1;
    }
    return this.#window[this.#at];
  }

  take(): StoredEvent {
    const event = this.#window[this.#at];
    if (event === undefined) throw new Error(`nothing left of ${this.stream}`);
    this.#at--;
    this.version = event.version - 1;
    return event;
  }

  stop(): void {
    this.version = 0;
  }
}

async function newestOf(tails: readonly Tail[]): Promise<Tail | undefined> {
  let newest: Tail | undefined;
  let position = -1;
  for (const tail of tails) {
    const event = await tail.newest();
    if (event === undefined || event.position <= position) continue;
    newest = tail;
    position = event.position;
  }
  return newest;
}

/** The last version recorded before, by halving: positions and, but for the clocks' skew, instants grow with the version. */
async function lastBefore(
  store: Pick<EventStore<unknown>, 'readStream'>,
  stream: string,
  version: number,
  until: Instant,
): Promise<number> {
  let low = 0;
  let high = version;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [event] = await store.readStream(stream, middle - 1, 1);
    if (event !== undefined && event.recordedAt < until) low = middle;
    else high = middle - 1;
  }
  return low;
}

function versionsFrom(text: string, known: Versions): Versions | undefined {
  const decoded = decodeCursor(text);
  if (!Array.isArray(decoded)) return undefined;
  const versions = new Map<string, number>();
  for (const entry of decoded as readonly unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const [currency, version] = entry as readonly unknown[];
    if (typeof currency !== 'string' || typeof version !== 'number') return undefined;
    if (!Number.isSafeInteger(version) || version < 0 || version > (known.get(currency) ?? -1)) return undefined;
    versions.set(currency, version);
  }
  return versions;
}

function lineOf(stored: StoredEvent, worth: Worth): StatementLine {
  const { type, entry, at, occurredAt, effectiveAt } = ledgerEventOf(stored);
  const { currency, points, moved, balance, reason, award, rule, cause, lots } = entry;
  return {
    id: eventId(stored.log, stored.partition, stored.position),
    type,
    currency,
    points,
    ...(moved === undefined ? {} : { moved }),
    worth: worth(currency, points === 0 ? (moved ?? 0) : Math.abs(points)) ?? null,
    balance,
    reason,
    ...(award === undefined ? {} : { award }),
    ...(rule === undefined ? {} : { rule }),
    ...(cause === undefined ? {} : { cause }),
    lots,
    occurredAt,
    recordedAt: at,
    effectiveAt,
    text: sentenceOf(type, entry),
  };
}
