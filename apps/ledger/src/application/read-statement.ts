import type { Problem } from '@jifen/contracts';
import { eventId, type EventStore, type StoredEvent } from '@jifen/event-store';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import { accountKey, sentenceOf } from '@jifen/ledger';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { noAccount } from './read-balance.ts';
import { ledgerEventOf } from './stored-event.ts';
import type { Page, StatementLine } from './views.ts';

/** Currency → version of its stream; a statement goes back from there. */
export type Versions = ReadonlyMap<string, number>;

export interface StatementReads {
  readonly store: Pick<EventStore<unknown>, 'readStream'>;
  /** Last version of each of the member's streams. */
  versionsOf(program: string, member: string): Promise<Versions>;
}

export interface StatementQuery {
  readonly program: string;
  readonly member: string;
  readonly currency?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly waited: boolean;
}

/** Postings, newest first. A member's streams share a partition, so positions order them across currencies. */
export async function readStatement(
  { store, versionsOf }: StatementReads,
  query: StatementQuery,
): Promise<Outcome<Page<StatementLine>, Problem>> {
  const { program, member, currency, limit, waited } = query;
  const known = await versionsOf(program, member);
  if (known.size === 0 && !waited) return refuse(noAccount(member));
  const from = query.cursor === undefined ? known : versionsFrom(query.cursor, known);
  if (from === undefined) {
    const errors = [{ pointer: '/cursor', message: 'not a cursor of this list' }];
    return refuse({ code: 'invalid_request', detail: 'the cursor is none of this list', errors });
  }
  const left = new Map([...from].filter(([code]) => currency === undefined || code === currency));
  const found: StoredEvent[] = [];
  for (const [code, version] of left) {
    if (version === 0) continue;
    const after = Math.max(0, version - limit);
    found.push(...(await store.readStream(accountKey(program, member, code), after, version - after)));
  }
  const shown = found.sort((a, b) => b.position - a.position).slice(0, limit);
  for (const event of shown) left.set(currencyOf(event), event.version - 1);
  const more = [...left.values()].some((version) => version > 0);
  return accept({ data: shown.map(lineOf), next: more ? encodeCursor([...left]) : null });
}

const currencyOf = (event: StoredEvent): string => event.stream.slice(event.stream.lastIndexOf('/') + 1);

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

function lineOf(stored: StoredEvent): StatementLine {
  const { type, entry, at, occurredAt, effectiveAt } = ledgerEventOf(stored);
  const { currency, points, moved, balance, reason, award, rule, cause, lots } = entry;
  return {
    id: eventId(stored.log, stored.partition, stored.position),
    type,
    currency,
    points,
    ...(moved === undefined ? {} : { moved }),
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
