import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, parseInstant, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { phaseOf, type Lot } from '@jifen/ledger';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { noAccount } from './read-balance.ts';
import type { LotView, Page } from './views.ts';

/** Place of a lot in the order of spending: soonest expiry first, never-expiring last, then the oldest. */
export interface LotPlace {
  readonly expiresAt: Instant | undefined;
  readonly earnedAt: Instant;
  readonly account: string;
  readonly award: string;
  readonly n: number;
}

export interface LotsPage {
  readonly open: boolean;
  readonly limit: number;
  readonly after: LotPlace | undefined;
}

export interface LotReads {
  knows(program: string, member: string): Promise<boolean>;
  lotsOf(program: string, member: string, page: LotsPage): Promise<readonly (Lot & { readonly account: string })[]>;
}

export interface LotsQuery {
  readonly program: string;
  readonly member: string;
  readonly now: number;
  readonly limit: number;
  readonly state: 'open' | 'all';
  readonly cursor?: string | undefined;
  readonly waited: boolean;
}

/** The member's lots in the order in which they will be spent. */
export async function readLots(reads: LotReads, query: LotsQuery): Promise<Outcome<Page<LotView>, Problem>> {
  const { program, member, limit, state, cursor, waited } = query;
  const after = cursor === undefined ? undefined : placeFrom(cursor);
  if (cursor !== undefined && after === undefined) {
    const errors = [{ pointer: '/cursor', message: 'not a cursor of this list' }];
    return refuse({ code: 'invalid_request', detail: 'the cursor is none of this list', errors });
  }
  const lots = await reads.lotsOf(program, member, { open: state === 'open', limit: limit + 1, after });
  if (lots.length === 0 && !waited && !(await reads.knows(program, member))) return refuse(noAccount(member));
  const shown = lots.slice(0, limit);
  const last = shown.at(-1);
  const now = instantFromMillis(query.now);
  return accept({
    data: shown.map((lot) => viewOf(lot, now)),
    next: lots.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  });
}

const cursorOf = (lot: LotPlace): unknown => [lot.expiresAt ?? null, lot.earnedAt, lot.account, lot.award, lot.n];

function placeFrom(text: string): LotPlace | undefined {
  const decoded = decodeCursor(text);
  if (!Array.isArray(decoded)) return undefined;
  const [expires, earned, account, award, n] = decoded as readonly unknown[];
  const earnedAt = typeof earned === 'string' ? parseInstant(earned) : undefined;
  const expiresAt = typeof expires === 'string' ? parseInstant(expires) : undefined;
  if (earnedAt === undefined || (expires !== null && expiresAt === undefined)) return undefined;
  if (typeof account !== 'string' || typeof award !== 'string') return undefined;
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 0 || n > 0x7fffffff) return undefined;
  return { expiresAt, earnedAt, account, award, n };
}

function viewOf(lot: Lot & { readonly account: string }, now: Instant): LotView {
  const { id, award, granted, remaining, earnedAt, availableAt, expiresAt } = lot;
  return {
    lot: id,
    currency: lot.account.slice(lot.account.lastIndexOf('/') + 1),
    award,
    granted,
    remaining,
    state: remaining === 0 ? 'empty' : phaseOf(lot, now),
    earnedAt,
    availableAt,
    expiresAt: expiresAt ?? null,
  };
}
