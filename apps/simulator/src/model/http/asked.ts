import type { Order } from '@jifen/contracts';
import { instantFromMillis, present } from '@jifen/kernel';
import type { Rated } from '../reference-types.ts';
import type { RefAccount } from '../reference.ts';
import { HOUR, NEVER, SMALL, START, type Op } from '../world.ts';
import { EARNINGS, MOST_GIVEN } from './program.ts';

/** A command as it goes through the API, and what the reference says to it once its name there is known. */
export interface Asked {
  readonly path: string;
  readonly body: object;
  /** Whose figures the answer states. */
  readonly of: RefAccount;
  readonly expected: (id: string) => string;
}

/** What the ids that were given out name, and where the reference has them now. */
export interface Named {
  readonly hold: string;
  /** Where the hold is, wherever a merge took it; a member that does not know it when nobody does. */
  readonly holder: RefAccount;
  readonly redemption: string;
  readonly redeemer: RefAccount;
  readonly merge: string;
  readonly other: RefAccount;
  readonly graceDays: number;
}

const DAY = 24;
export const instantAt = (hours: number): string => instantFromMillis(START + hours * HOUR);
const actor = 'ops';
/** The door refuses what can mean nothing before it asks for the account. */
const ofSome = (points: number | undefined, then: () => string): string =>
  points !== undefined && points < 1 ? 'invalid_request' : then();

/** Commands of the generator that have a route of their own; `undefined` for those that are no commands of the API. */
export function askedFor(op: Op, own: RefAccount, now: number, named: Named): Asked | undefined {
  const member = `/v1/members/${own.name}`;
  // Spending is drawn small, so that it mostly succeeds and leaves something to go on with.
  const small = op.points % SMALL;
  const part = op.part ? small : undefined;
  const points = part === undefined ? {} : { points: part };
  const hours = op.hours - 3;
  const later = now + hours;
  const currency = 'points';
  const { hold, holder, redemption, redeemer, merge, other, graceDays } = named;
  switch (op.kind) {
    case 'hold':
      return {
        path: `${member}/holds`,
        body: { points: small, ttlSeconds: (hours * HOUR) / 1_000 },
        of: own,
        expected: (id) => ofSome(Math.min(small, hours), () => own.hold(id, small, later)),
      };
    case 'capture':
      return {
        path: `/v1/holds/${hold}/capture`,
        body: { ...points, ...(op.flag ? { rest: 'keep' } : {}) },
        of: holder,
        expected: (id) => ofSome(part, () => holder.capture(id, hold, part, op.flag)),
      };
    case 'release':
      return { path: `/v1/holds/${hold}/release`, body: {}, of: holder, expected: () => holder.release(hold) };
    case 'redeem':
      return {
        path: `${member}/redemptions`,
        body: { points: small },
        of: own,
        expected: (id) => ofSome(small, () => own.redeem(id, small)),
      };
    case 'reverse':
      return {
        path: `/v1/redemptions/${redemption}/reverse`,
        body: points,
        of: redeemer,
        expected: () =>
          ofSome(part, () => redeemer.reverse(redemption, part, graceDays === 0 ? undefined : now + graceDays * DAY)),
      };
    case 'adjust': {
      const change = op.flag ? op.points : -op.points;
      const from = now + (op.pick % 5);
      const until = op.part ? { beyond: 'debt' } : { expiresAt: instantAt(later) };
      return {
        path: `${member}/adjustments`,
        body: { currency, points: change, reason: 'correction', actor, availableAt: instantAt(from), ...until },
        of: own,
        expected: (id) => own.adjust(id, change, from, op.part ? NEVER : later, op.part),
      };
    }
    case 'extend':
      return {
        path: `${member}/expiry-extensions`,
        body: { currency, expiresAt: instantAt(later), actor },
        of: own,
        expected: () => own.extend(later),
      };
    case 'reinstate':
      return {
        path: `${member}/reinstatements`,
        body: { currency, expiresAt: instantAt(later), actor, ...points },
        of: own,
        expected: () => ofSome(part, () => own.reinstate(part, later)),
      };
    case 'freeze': {
      const frozen = op.flag && op.part;
      return {
        path: `${member}/${frozen ? 'freeze' : 'unfreeze'}`,
        body: { reason: 'audit', actor },
        of: own,
        expected: () => {
          own.frozen = frozen;
          return 'ok';
        },
      };
    }
    case 'transfer':
      return {
        path: '/v1/transfers',
        body: { from: own.name, to: other.name, points: op.points },
        of: own,
        expected: (id) =>
          ofSome(op.points, () =>
            op.points > MOST_GIVEN ? 'above_maximum' : own.transfer(id, other.name, op.points, NEVER),
          ),
      };
    case 'merge':
      return {
        path: `${member}/merge`,
        body: { into: other.name, actor },
        of: own,
        expected: (id) => own.mergeInto(id, other.name),
      };
    case 'unmerge':
      return { path: `${member}/unmerge`, body: { merge, actor }, of: own, expected: (id) => own.unmerge(id, merge) };
    default:
      return undefined;
  }
}

/** A row of an import: its name, and what the reference says to it under the id that it gets. */
export function importRow(op: Op, own: RefAccount, now: number, row: string) {
  const earned = Math.max(0, now - op.pick + 1);
  const until = op.part ? NEVER : now + op.hours - 3;
  const dates = { earnedOn: instantAt(earned), ...(until === NEVER ? {} : { expiresOn: instantAt(until) }) };
  return {
    row: { row, member: own.name, points: op.points, ...dates },
    expected: (id: string) => own.import(id, op.points, earned, until),
  };
}

const SOURCE = 'shop';

/** A snapshot of one of the member's orders, with what its rule makes of it. */
export function orderOf(op: Op, member: string, now: number, revision: number) {
  const n = op.pick % EARNINGS.length;
  const { rule, sku, availableAfterDays, expiresAfterDays, clawback } = present(EARNINGS[n], 'an earning');
  // Mostly the same day's begin, so that lots share their dates; sometimes any hour before now.
  const paid = op.flag ? Math.max(0, now - (op.hours % 9)) : now - (now % DAY);
  const target = op.pick % 5 === 0 ? 0 : op.points;
  const orderId = `${member}-o${n}`;
  const order: Order = {
    source: SOURCE,
    orderId,
    revision,
    member,
    status: target === 0 ? 'cancelled' : 'paid',
    occurredAt: instantAt(paid),
    placedAt: instantAt(paid),
    paidAt: instantAt(paid),
    currency: 'CNY',
    lines: [{ lineId: '1', sku, quantity: 1, amount: `${target}.00` }],
    payments: [{ kind: 'cash', amount: `${target}.00` }],
  };
  const rated: Rated = {
    award: [member, rule, SOURCE, orderId].join('~'),
    revision,
    target,
    from: paid + availableAfterDays * DAY,
    until: expiresAfterDays === undefined ? NEVER : paid + expiresAfterDays * DAY,
    earned: paid,
    policy: clawback,
    limit: NEVER,
  };
  return { order, rated };
}
