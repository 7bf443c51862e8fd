import {
  validateActivity,
  validateOrder,
  type ProgramTestCase,
  type ProgramTestStep,
  type TierSince,
  type Violation,
} from '@jifen/contracts';
import { accept, instant, InvariantError, memberKey, refuse, type Outcome } from '@jifen/kernel';
import { ratedOrder } from '@jifen/rules';
import { causeOf, type RulesItem } from '../cause.ts';

/** The program that a case plays in. */
export const PROGRAM = 'test';
export const DEFAULT_MEMBER = 'm-1';
const SOURCE = 'test';

/** A step as the service would receive it. A `fence` is not moved when the order of arrival is tried out. */
export interface Arrival {
  readonly item: RulesItem;
  readonly fence: boolean;
}

type Loose = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The steps of a case with their defaults filled in, or what is wrong with them; pointers are into the case. */
export function arrivalsOf(
  test: ProgramTestCase,
  document: { readonly moneyCurrency: string; readonly tierPolicy?: string | undefined },
): Outcome<readonly Arrival[], readonly Violation[]> {
  const reader = new GivenReader(test, document.moneyCurrency);
  const arrivals: Arrival[] = [];
  test.given.forEach((step, index) => {
    const item = reader.read(step, index);
    const fence = item?.kind === 'member' || (item?.kind === 'tier' && document.tierPolicy === 'as-known');
    if (item !== undefined) arrivals.push({ item, fence });
  });
  return reader.violations.length === 0 ? accept(arrivals) : refuse(reader.violations);
}

class GivenReader {
  readonly violations: Violation[] = [];
  readonly #test: ProgramTestCase;
  readonly #currency: string;
  readonly #orders = new Map<string, Loose>();
  readonly #timelines = new Map<string, TierSince[]>();

  constructor(test: ProgramTestCase, currency: string) {
    this.#test = test;
    this.#currency = currency;
  }

  read(step: ProgramTestStep, index: number): RulesItem | undefined {
    const { member = DEFAULT_MEMBER, order, activity, facts, tier } = step;
    const owner = memberKey(PROGRAM, member);
    const place = { owner, partition: 0, position: index + 1, meta: {} };
    const pointer = `/given/${index}`;
    const given = [order, activity, facts, tier].filter((part) => part !== undefined);
    if (given.length !== 1) return this.#wrong(pointer, 'give one of order, activity, facts and tier');
    if (order !== undefined) return this.#order(place, member, order, pointer, index);
    if (activity !== undefined) return this.#activity(place, member, activity, pointer, index);
    if (tier !== undefined) return this.#tier(place, member, tier);
    return this.#facts(place, member, facts ?? {}, pointer);
  }

  #wrong(pointer: string, message: string): undefined {
    this.violations.push({ pointer, message });
    return undefined;
  }

  #within(pointer: string, violations: readonly Violation[]): undefined {
    for (const each of violations) this.#wrong(pointer + each.pointer, each.message);
    return undefined;
  }

  #order(place: Place, member: string, given: Loose, pointer: string, index: number): RulesItem | undefined {
    const orderId = text(given['orderId']) ?? `order-${index + 1}`;
    const source = text(given['source']) ?? SOURCE;
    const key = `${source}/${orderId}`;
    const before = this.#orders.get(key);
    const full = this.#fullOrder(given, before, { source, orderId });
    const { amount: _, ...order }: Loose = { ...full, member };
    const validation = validateOrder(order);
    if (!validation.ok) return this.#within(`${pointer}/order`, validation.violations);
    const { member: __, identity: ___, program: ____, ...recorded } = validation.value;
    try {
      ratedOrder(recorded);
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      return this.#wrong(`${pointer}/order`, error.message);
    }
    this.#orders.set(key, order);
    const event = { program: PROGRAM, member, order: recorded };
    return { ...place, kind: 'order', event, cause: causeOf(place.owner, { kind: 'order', event }) };
  }

  /** What a step leaves out it takes from the revision before, else from the case. */
  #fullOrder(given: Loose, before: Loose | undefined, id: { source: string; orderId: string }): Loose {
    const occurredAt = text(given['occurredAt']) ?? this.#test.at ?? text(before?.['occurredAt']);
    const status = text(given['status']) ?? text(before?.['status']) ?? 'paid';
    const revision = typeof before?.['revision'] === 'number' ? before['revision'] + 1 : 1;
    const paidAt = status === 'placed' || status === 'cancelled' ? {} : { paidAt: occurredAt };
    const completedAt = status === 'completed' ? { completedAt: occurredAt } : {};
    const lines = linesOf(given, before);
    return {
      revision,
      currency: this.#currency,
      placedAt: occurredAt,
      ...paidAt,
      ...completedAt,
      ...before,
      ...given,
      ...id,
      ...(given['revision'] === undefined ? { revision } : {}),
      status,
      occurredAt,
      ...(lines === undefined ? {} : { lines }),
    };
  }

  #activity(place: Place, member: string, given: Loose, pointer: string, index: number): RulesItem | undefined {
    const activity = { source: SOURCE, id: `activity-${index + 1}`, occurredAt: this.#test.at, ...given, member };
    const validation = validateActivity(activity);
    if (!validation.ok) return this.#within(`${pointer}/activity`, validation.violations);
    const { member: _, identity: __, program: ___, ...rest } = validation.value;
    const event = { ...rest, program: PROGRAM, member };
    return { ...place, kind: 'activity', event, cause: causeOf(place.owner, { kind: 'activity', event }) };
  }

  #facts(place: Place, member: string, facts: Loose, pointer: string): RulesItem | undefined {
    const occurredAt = this.#test.at ?? '1970-01-01T00:00:00.000Z';
    const values: Record<string, string | number | boolean | string[]> = {};
    for (const [name, value] of Object.entries(facts)) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values[name] = value;
      else if (Array.isArray(value)) values[name] = value.map(String);
      else return this.#wrong(`${pointer}/facts/${name}`, 'must be a text, a number, true, false or a list of texts');
    }
    const event = { program: PROGRAM, member, facts: values, occurredAt };
    return { ...place, kind: 'member', event, cause: causeOf(place.owner, { kind: 'member', event }) };
  }

  #tier(place: Place, member: string, tier: TierSince): RulesItem {
    const known = [...(this.#timelines.get(member) ?? []), { ...tier, since: instant(tier.since) }];
    const timeline = known.toSorted((a, b) => (a.since < b.since ? -1 : 1));
    this.#timelines.set(member, timeline);
    const event = { program: PROGRAM, member, ...tier, lifetimePoints: 0, programVersion: 1, timeline };
    return { ...place, kind: 'tier', event };
  }
}

type Place = Pick<RulesItem, 'owner' | 'partition' | 'position' | 'meta'>;

function linesOf(given: Loose, before: Loose | undefined): readonly Loose[] | undefined {
  const { lines, amount } = given;
  if (Array.isArray(lines)) {
    return lines.map((line: Loose, index) => ({ lineId: String(index + 1), sku: 'SKU', quantity: 1, ...line }));
  }
  if (amount === undefined) return before === undefined ? [] : undefined;
  return [{ lineId: '1', sku: 'SKU', quantity: 1, amount }];
}
