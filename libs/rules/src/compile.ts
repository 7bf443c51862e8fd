import type { EarnBasis, EarnRule, LineFilter, ProgramDocument } from '@jifen/contracts';
import {
  assert,
  createCalendar,
  parseDecimal,
  parseMoney,
  powerOfTen,
  present,
  type Calendar,
  type Decimal,
  type RoundingMode,
} from '@jifen/kernel';
import { REASONS, type Reason, type RuleTrace } from './trace.ts';
import {
  compileStreak,
  compileTarget,
  limitsOf,
  windowUse,
  type CompiledLimit,
  type StreakForm,
  type TargetForm,
  type WindowUse,
} from './window/compile-window.ts';

/** A basis with its defaults filled in; rules that state the same basis share it. */
export interface CompiledBasis {
  readonly tax: 'include' | 'exclude';
  readonly shipping: 'include' | 'exclude';
  readonly discount: 'after' | 'before';
  readonly pointsPaid: 'none' | 'net' | 'gross';
  readonly giftCardPaid: 'none' | 'net' | 'gross';
  readonly only?: CompiledFilter | undefined;
  readonly except?: CompiledFilter | undefined;
}

export interface CompiledFilter {
  readonly skus: ReadonlySet<string>;
  readonly products: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
}

export type CompiledEarn =
  | {
      readonly form: 'rate';
      readonly basis: number;
      readonly mode: 'proportional' | 'per-full-unit';
      readonly rounding: RoundingMode;
      /** Points in smallest units × 10^scale, per `perMinor` of money. */
      readonly numerator: bigint;
      readonly scale: bigint;
      readonly perMinor: bigint;
      readonly points: string;
      readonly per: string;
    }
  | { readonly form: 'fixed'; readonly points: number; readonly once: boolean }
  | {
      readonly form: 'multiplier';
      readonly of: readonly string[];
      /** `undefined`: the multiplier of the tier. */
      readonly factor: Factor | undefined;
      readonly rounding: RoundingMode;
    }
  | StreakForm
  | TargetForm;

export interface Factor {
  readonly text: string;
  readonly value: Decimal;
}

export interface CompiledRule {
  readonly id: string;
  readonly trigger: { readonly order: 'paid' | 'completed' } | { readonly activity: string };
  readonly earn: CompiledEarn;
  readonly currency: string;
  readonly money: string;
  readonly availableAfterDays: number;
  readonly expiry: Exclude<EarnRule['expiry'], undefined>;
  readonly clawback: EarnRule['clawback'];
  readonly limits: readonly CompiledLimit[];
  readonly winBack: boolean;
  /** The traces that never differ, made once. */
  readonly silent: Readonly<Record<Reason, RuleTrace>>;
}

/** Parts of an order that some rule of the program looks at. */
export interface OrderUse {
  readonly shipping: boolean;
  readonly tax: boolean;
  readonly payments: boolean;
  readonly completion: boolean;
  /** Everything that any filter names: other values are as good as none. */
  readonly named: CompiledFilter;
}

export interface CompiledProgram {
  readonly version: number;
  readonly document: ProgramDocument;
  readonly calendar: Calendar;
  /** Multipliers need what others give, and come after them; targets count what all of them give. */
  readonly rules: readonly CompiledRule[];
  readonly bases: readonly CompiledBasis[];
  readonly tierFactors: ReadonlyMap<string, Factor>;
  /** Tier of a member of whom nothing is known. */
  readonly baseTier: string | undefined;
  /** Whether a rating can depend on the tier. */
  readonly usesTier: boolean;
  readonly tierPolicy: 'in-force' | 'as-known';
  readonly onceRules: ReadonlySet<string>;
  readonly use: OrderUse;
  /** Absent: every rating follows from its own cause. */
  readonly windows: WindowUse | undefined;
}

const filter = (from: LineFilter | undefined): CompiledFilter | undefined =>
  from && {
    skus: new Set(from.skus),
    products: new Set(from.products),
    categories: new Set(from.categories),
    tags: new Set(from.tags),
  };

const compileBasis = (basis: EarnBasis): CompiledBasis => ({
  tax: basis.tax ?? 'include',
  shipping: basis.shipping ?? 'exclude',
  discount: basis.discount ?? 'after',
  pointsPaid: basis.pointsPaid ?? 'net',
  giftCardPaid: basis.giftCardPaid ?? 'net',
  only: filter(basis.only),
  except: filter(basis.except),
});

/** A valid document as the rating uses it, made once per version. */
export function compileProgram(document: ProgramDocument, version: number): CompiledProgram {
  const bases: CompiledBasis[] = [];
  const known = new Map<string, number>();
  const basisOf = (basis: EarnBasis = {}): number => {
    const compiled = compileBasis(basis);
    const key = JSON.stringify([{ ...compiled, only: basis.only, except: basis.except }]);
    const index = known.get(key) ?? bases.push(compiled) - 1;
    known.set(key, index);
    return index;
  };
  const rules = document.rules.map((rule) => compileRule(document, rule, basisOf));
  const rankOf = ({ earn }: CompiledRule): number => (earn.form === 'target' ? 2 : earn.form === 'multiplier' ? 1 : 0);
  const once = rules.filter(({ earn }) => earn.form === 'fixed' && earn.once).map(({ id }) => id);
  return {
    version,
    document,
    calendar: present(createCalendar(document.timeZone), `time zone ${document.timeZone}`),
    rules: [0, 1, 2].flatMap((rank) => rules.filter((rule) => rankOf(rule) === rank)),
    bases,
    tierFactors: new Map(document.ladder?.tiers.map((tier) => [tier.code, factorOf(tier.multiplier)])),
    baseTier: document.ladder?.tiers[0]?.code,
    usesTier: rules.some(({ earn }) => earn.form === 'multiplier' && earn.factor === undefined),
    tierPolicy: document.tierPolicy ?? 'in-force',
    onceRules: new Set(once),
    use: orderUse(rules, bases),
    windows: windowUse(document),
  };
}

function compileRule(document: ProgramDocument, rule: EarnRule, basisOf: (basis?: EarnBasis) => number): CompiledRule {
  const money = rule.moneyCurrency ?? document.moneyCurrency;
  const decimals = present(
    document.currencies.find(({ code }) => code === rule.currency),
    'currency',
  ).decimals;
  const { availability } = rule;
  return {
    id: rule.id,
    trigger: rule.when,
    earn: compileEarn(rule, money, decimals, basisOf),
    currency: rule.currency,
    money,
    availableAfterDays: availability === undefined || availability === 'at-once' ? 0 : availability.after.days,
    expiry: rule.expiry ?? 'never',
    clawback: rule.clawback ?? document.clawback,
    limits: limitsOf(document, rule),
    winBack: rule.winBack !== undefined,
    silent: silentTraces(rule.id),
  };
}

function compileEarn(
  rule: EarnRule,
  money: string,
  decimals: number,
  basisOf: (basis?: EarnBasis) => number,
): CompiledEarn {
  const { earn } = rule;
  if (earn.form === 'fixed') return { form: 'fixed', points: earn.points, once: earn.once ?? false };
  if (earn.form === 'streak') return compileStreak(earn);
  if (earn.form === 'target') return compileTarget(earn, money, decimals, basisOf);
  const rounding = earn.rounding ?? 'floor';
  if (earn.form === 'multiplier')
    return { form: 'multiplier', of: earn.of, factor: earn.by === 'tier' ? undefined : factorOf(earn.by), rounding };
  const points = present(parseDecimal(earn.points), 'points');
  const per = parseMoney(earn.per, money);
  assert(per.ok && per.value > 0, `rule ${rule.id} has no amount to rate by`);
  return {
    form: 'rate',
    basis: basisOf(earn.basis),
    mode: earn.mode ?? 'proportional',
    rounding,
    numerator: points.units * powerOfTen(decimals),
    scale: powerOfTen(points.scale),
    perMinor: BigInt(per.value),
    points: earn.points,
    per: earn.per,
  };
}

const factorOf = (text: string): Factor => ({ text, value: present(parseDecimal(text), 'factor') });

const silentTraces = (rule: string): Readonly<Record<Reason, RuleTrace>> =>
  Object.fromEntries(REASONS.map((why) => [why, { rule, why }])) as Record<Reason, RuleTrace>;

function orderUse(rules: readonly CompiledRule[], bases: readonly CompiledBasis[]): OrderUse {
  const any = (test: (basis: CompiledBasis) => boolean): boolean => bases.some(test);
  const filters = bases.flatMap(({ only, except }) => [only, except]).filter((each) => each !== undefined);
  const named = (field: keyof CompiledFilter): ReadonlySet<string> =>
    new Set(filters.flatMap((each) => [...each[field]]));
  const payments = any(({ pointsPaid, giftCardPaid }) => pointsPaid !== 'gross' || giftCardPaid !== 'gross');
  return {
    shipping: payments || any(({ shipping }) => shipping === 'include'),
    tax: any(({ tax }) => tax === 'exclude'),
    payments,
    completion: rules.some(({ trigger }) => 'order' in trigger && trigger.order === 'completed'),
    named: {
      skus: named('skus'),
      products: named('products'),
      categories: named('categories'),
      tags: named('tags'),
    },
  };
}
