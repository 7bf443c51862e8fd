import {
  validateActivity,
  validateOrder,
  type ProgramDocument,
  type ProgramTestCase,
  type ProgramTestStep,
  type TierSince,
  type Violation,
} from '@jifen/contracts';
import { accept, instant, InvariantError, memberKey, refuse, type Outcome } from '@jifen/kernel';
import { causeAwardId, onceAwardId, ratedOrder } from '@jifen/rules';
import type { AwardRuling } from '../approval/decide-awards.ts';
import { causeOf, type RulesItem } from '../cause.ts';
import { OWN_SOURCE } from '../rating-stream.ts';

/** The program that a case plays in. */
export const PROGRAM = 'test';
const DEFAULT_MEMBER = 'm-1';
const SOURCE = 'test';

/** Somebody decides about an award. */
export interface DecisionItem {
  readonly kind: 'decision';
  readonly pointer: string;
  readonly owner: string;
  readonly ruling: AwardRuling;
}

export type GivenItem = RulesItem | DecisionItem;

/** A step as the service would receive it. A `fence` is not moved when the order of arrival is tried out. */
export interface Arrival {
  readonly item: GivenItem;
  readonly fence: boolean;
}

type Loose = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The steps of a case with their defaults filled in, or what is wrong with them; pointers are into the case. */
export function arrivalsOf(
  test: ProgramTestCase,
  document: ProgramDocument,
): Outcome<readonly Arrival[], readonly Violation[]> {
  const reader = new GivenReader(test, document);
  const arrivals: Arrival[] = [];
  test.given.forEach((step, index) => {
    const item = reader.read(step, index);
    const fence =
      item?.kind === 'member' ||
      item?.kind === 'decision' ||
      (item?.kind === 'tier' && document.tierPolicy === 'as-known');
    if (item !== undefined) arrivals.push({ item, fence });
  });
  return reader.violations.length === 0 ? accept(arrivals) : refuse(reader.violations);
}

class GivenReader {
  readonly violations: Violation[] = [];
  readonly #test: ProgramTestCase;
  readonly #document: ProgramDocument;
  /** Order or activity → its source. */
  readonly #sources = new Map<string, string>();
  readonly #orders = new Map<string, Loose>();
  readonly #timelines = new Map<string, TierSince[]>();

  constructor(test: ProgramTestCase, document: ProgramDocument) {
    this.#test = test;
    this.#document = document;
  }

  read(step: ProgramTestStep, index: number): GivenItem | undefined {
    const { member = DEFAULT_MEMBER, order, activity, facts, tier, decision } = step;
    const owner = memberKey(PROGRAM, member);
    const place = { owner, partition: 0, position: index + 1, meta: {} };
    const pointer = `/given/${index}`;
    const given = [order, activity, facts, tier, decision].filter((part) => part !== undefined);
    if (given.length !== 1) return this.#wrong(pointer, 'give one of order, activity, facts, tier and decision');
    if (order !== undefined) return this.#order(place, member, order, pointer, index);
    if (activity !== undefined) return this.#activity(place, member, activity, pointer, index);
    if (tier !== undefined) return this.#tier(place, member, tier);
    if (decision !== undefined) return this.#decision(place.owner, member, decision, `${pointer}/decision`);
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
    this.#sources.set(orderId, source);
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
      currency: this.#document.moneyCurrency,
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
    this.#sources.set(rest.id, rest.source);
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

  #decision(owner: string, member: string, given: GivenDecision, pointer: string): DecisionItem | undefined {
    const { rule, of, approve, reject } = given;
    if ((approve === undefined) === (reject === undefined))
      return this.#wrong(pointer, 'give one of approve and reject');
    const found = this.#document.rules.find(({ id }) => id === rule);
    if (found === undefined) return this.#wrong(`${pointer}/rule`, `"${rule}" is no rule of this program`);
    const once = found.earn.form === 'fixed' && found.earn.once === true;
    const source = this.#sources.get(of) ?? OWN_SOURCE;
    const awardId = once ? onceAwardId(member, rule) : causeAwardId(member, rule, source, of);
    const ruling: AwardRuling =
      reject === undefined
        ? { awardId, verdict: 'approve', points: approve ?? 0, actor: SOURCE }
        : { awardId, verdict: 'reject', points: 0, actor: SOURCE, reason: reject };
    return { kind: 'decision', pointer, owner, ruling };
  }

  #tier(place: Place, member: string, tier: TierSince): RulesItem {
    const known = [...(this.#timelines.get(member) ?? []), { ...tier, since: instant(tier.since) }];
    const timeline = known.toSorted((a, b) => (a.since < b.since ? -1 : 1));
    this.#timelines.set(member, timeline);
    const event = { program: PROGRAM, member, ...tier, lifetimePoints: 0, programVersion: 1, timeline };
    return { ...place, kind: 'tier', event };
  }
}

type GivenDecision = NonNullable<ProgramTestStep['decision']>;

type Place = Pick<RulesItem, 'owner' | 'partition' | 'position' | 'meta'>;

function linesOf(given: Loose, before: Loose | undefined): readonly Loose[] | undefined {
  const { lines, amount } = given;
  if (Array.isArray(lines)) {
    return lines.map((line: Loose, index) => ({ lineId: String(index + 1), sku: 'SKU', quantity: 1, ...line }));
  }
  if (amount === undefined) return before === undefined ? [] : undefined;
  return [{ lineId: '1', sku: 'SKU', quantity: 1, amount }];
}
