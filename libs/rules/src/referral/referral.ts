import { ID_PATTERN, type Instant } from '@jifen/kernel';
import type { CompiledProgram } from '../compile.ts';
import { basisOf, settleOrder } from '../order/basis.ts';
import type { RatedOrder } from '../order/rated-order.ts';
import type { RatingInput } from '../rate.ts';
import { comparePlaces, type Place } from '../window/entry.ts';

/** Who referred a member: the earliest registration says it, however late it became known. */
export interface Registration {
  readonly at: Instant;
  readonly source: string;
  readonly id: string;
  /** As the registration names it. */
  readonly referrer: string;
  /** Version of the program that says when the referee qualifies: the one in force at the registration. */
  readonly version: number;
}

export type Verdict = 'qualified' | 'not-new';

/** The first cause of the referee that decides its referral. */
export interface Decision extends Place {
  readonly verdict: Verdict;
}

/** A member's referral as far as it is known. */
export interface Referral {
  readonly registration: Registration;
  readonly decision?: Decision | undefined;
}

export type RefereeCause = Extract<RatingInput, { kind: 'order' | 'activity' }>;

export type RefusedReferrer = 'self-referral' | 'no-member-id';

/** Why nobody can earn by a registration, whatever the referee does. */
export function refusedReferrer(referrer: string, referee: string): RefusedReferrer | undefined {
  if (referrer === referee) return 'self-referral';
  return new RegExp(ID_PATTERN).test(referrer) ? undefined : 'no-member-id';
}

/** Whether a registration comes before another, which may be the only one. */
export const isEarlier = (a: Registration, b: Registration | undefined): boolean =>
  b === undefined || comparePlaces({ ...a, kind: 'activity' }, { ...b, kind: 'activity' }) < 0;

export const placeOfCause = (input: RefereeCause): Place => ({
  at: input.kind === 'order' ? input.order.at : input.at,
  source: input.source,
  kind: input.kind,
  id: input.id,
});

/** What a cause of the referee says of its referral, by itself; `undefined`: nothing. */
export function verdictOf(
  program: CompiledProgram,
  { at: registered }: Registration,
  cause: RefereeCause,
): Verdict | undefined {
  const { referral: terms, calendar } = program;
  if (terms === undefined) return undefined;
  const { at } = placeOfCause(cause);
  if (at < registered)
    return terms.newCustomersOnly && cause.kind === 'order' && keptOf(program, cause.order) > 0 ? 'not-new' : undefined;
  if (terms.withinDays !== undefined && at >= calendar.addDays(registered, terms.withinDays)) return undefined;
  if (cause.kind === 'activity') return terms.activities.has(cause.type) ? 'qualified' : undefined;
  const { order } = cause;
  const kept = keptOf(program, order);
  const enough = terms.orders.some(({ completed, least }) => {
    if (kept <= 0 || (completed && order.status !== 'completed')) return false;
    return least === undefined || (order.currency === program.document.moneyCurrency && kept >= least);
  });
  return enough ? 'qualified' : undefined;
}

/** What was paid in money and not given back, in minor units of the order's currency: a purchase with points is none. */
function keptOf({ referral: terms }: CompiledProgram, order: RatedOrder): number {
  if (terms === undefined || order.status === 'placed' || order.status === 'cancelled') return 0;
  const { amount, refusal } = basisOf(settleOrder(order), terms.basis, {
    fact: () => undefined,
    convert: (minor) => minor,
  });
  return refusal === undefined ? amount : 0;
}

/**
 * The decision after a cause became known or changed. `look-again`: what decided no longer does, or later, and another cause may
 * come first now; else the first of the old and the new is the first of all.
 */
export function decide(
  before: Decision | undefined,
  place: Place,
  verdict: Verdict | undefined,
): Decision | undefined | 'look-again' {
  const found = verdict === undefined ? undefined : { ...place, verdict };
  if (before === undefined) return found;
  const isOwn = before.source === place.source && before.kind === place.kind && before.id === place.id;
  if (isOwn && (found === undefined || comparePlaces(before, place) < 0)) return 'look-again';
  return found !== undefined && (isOwn || comparePlaces(place, before) < 0) ? found : before;
}
