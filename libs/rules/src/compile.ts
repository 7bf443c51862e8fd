import type { EarnBasis, EarnRule, Effect, ProgramDocument } from '@jifen/contracts';
import { createCalendar, present, type Calendar } from '@jifen/kernel';
import { compileAvailability, type Availability } from './award/availability.ts';
import { compileDebtLimit, type DebtLimit } from './award/debt-limit.ts';
import { compileExpiry, type Expiry } from './award/expiry.ts';
import { compileBudgets, type Budgets, type CompiledBudget } from './budget/compile-budget.ts';
import { RANKS, type CompiledEarn } from './earn/earn-form.ts';
import { compileEarn } from './earn/index.ts';
import { useEach } from './each.ts';
import { factorOf, type Factor } from './earn/multiplier.ts';
import { REASONS } from './explain/words.ts';
import type { Gate } from './gate/gate.ts';
import { compileExchange, type Exchange } from './gate/currency.ts';
import { compileGates } from './gate/index.ts';
import { compileBasis, type CompiledBasis } from './order/basis.ts';
import { newUse, useBasis, type Use } from './order/use.ts';
import { compileReferral, type ReferralTerms } from './referral/referral-terms.ts';
import { ruleMoney } from './rule-money.ts';
import { compileStacking, type Stacking } from './stacking.ts';
import type { Reason, RuleTrace } from './trace.ts';
import { limitsOf, windowUse, type CompiledLimit, type WindowUse } from './window/compile-window.ts';

export interface CompiledRule {
  readonly id: string;
  /** Place in the list. */
  readonly index: number;
  readonly group: string | undefined;
  /** When it pays, rules after it in the list do not. */
  readonly stop: boolean;
  readonly effects: readonly Effect[];
  readonly currency: string;
  /** ISO code of the money that it speaks of. */
  readonly money: string;
  /** What a cause must pass before the rule pays. */
  readonly gates: readonly Gate[];
  readonly earn: CompiledEarn;
  /** Waits until an order is completed. */
  readonly onCompletion: boolean;
  readonly availability: Availability;
  /** Its points wait for somebody to approve them. */
  readonly onApproval: boolean;
  readonly expiry: Expiry;
  /** Its points lapse on a date, whenever they were earned. */
  readonly lapsesOn: boolean;
  readonly clawback: EarnRule['clawback'];
  readonly debtLimit: DebtLimit;
  readonly limits: readonly CompiledLimit[];
  readonly budgets: readonly CompiledBudget[];
  /** The traces that never differ, made once. */
  readonly silent: Readonly<Record<Reason, RuleTrace>>;
}

export interface CompiledProgram {
  readonly version: number;
  readonly document: ProgramDocument;
  readonly calendar: Calendar;
  /** By rank: multipliers need what others give, and come after them; targets count what all of them give. */
  readonly rules: readonly CompiledRule[];
  readonly bases: readonly CompiledBasis[];
  readonly tierFactors: ReadonlyMap<string, Factor>;
  /** Codes of the benefits of each tier. */
  readonly tierBenefits: ReadonlyMap<string, readonly string[]>;
  /** Tier of a member of whom nothing is known. */
  readonly baseTier: string | undefined;
  /** Whether a rating can depend on the tier. */
  readonly usesTier: boolean;
  /** Whether a rating can depend on facts of the member. */
  readonly usesFacts: boolean;
  readonly tierPolicy: 'in-force' | 'as-known';
  readonly onceRules: ReadonlySet<string>;
  readonly use: Use;
  readonly exchange: Exchange;
  /** Absent: every rule pays whatever others do. */
  readonly stacking: Stacking | undefined;
  /** Absent: every rating follows from its own cause. */
  readonly windows: WindowUse | undefined;
  /** Absent: referrals are nothing special. */
  readonly referral: ReferralTerms | undefined;
  /** Absent: no rule has one. */
  readonly budgets: Budgets | undefined;
}

/** What the parts of a rule need to know to be compiled. */
export interface RuleContext {
  readonly document: ProgramDocument;
  readonly calendar: Calendar;
  /** ISO code of the money that the rule speaks of. */
  readonly money: string;
  /** Of the rule's point currency. */
  readonly decimals: number;
  /** Place of the rule in the list. */
  readonly index: number;
  /** Index of a basis; the same basis has the same one. */
  readonly basisOf: (basis?: EarnBasis) => number;
  /** To note what the rule looks at. */
  readonly use: Use;
}

/** A valid document as the rating uses it, made once per version. */
export function compileProgram(document: ProgramDocument, version: number): CompiledProgram {
  const calendar = present(createCalendar(document.timeZone), `time zone ${document.timeZone}`);
  const bases: CompiledBasis[] = [];
  const known = new Map<string, number>();
  const use = newUse();
  const basisIn =
    (money: string) =>
    (basis: EarnBasis = {}): number => {
      const compiled = compileBasis(basis, use, money);
      const { only, except, where } = basis;
      const key = JSON.stringify([{ ...compiled, only, except, where, money: where?.amount && money }]);
      const index = known.get(key) ?? bases.push(compiled) - 1;
      known.set(key, index);
      useBasis(use, compiled);
      return index;
    };
  const budgets = compileBudgets(document, calendar);
  const rules = document.rules.map((rule, index) => {
    const money = ruleMoney(document, rule);
    return compileRule(rule, { document, calendar, index, money, basisOf: basisIn(money), use, budgets });
  });
  return {
    version,
    document,
    calendar,
    rules: RANKS.flatMap((rank) => rules.filter(({ earn }) => earn.rank === rank)),
    bases,
    tierFactors: new Map(document.ladder?.tiers.map((tier) => [tier.code, factorOf(tier.multiplier)])),
    tierBenefits: new Map(
      document.ladder?.tiers.map(({ code, benefits = [] }) => [code, benefits.map((benefit) => benefit.code)]),
    ),
    baseTier: document.ladder?.tiers[0]?.code,
    usesTier: use.tier,
    usesFacts: use.facts === 'all' || use.facts.size > 0,
    tierPolicy: document.tierPolicy ?? 'in-force',
    onceRules: new Set(rules.filter(({ earn }) => earn.once === true).map(({ id }) => id)),
    use,
    exchange: compileExchange(document),
    stacking: compileStacking(document),
    windows: windowUse(document, rules),
    referral: compileReferral(document, use),
    budgets,
  };
}

function compileRule(
  rule: EarnRule,
  { budgets, ...shared }: Omit<RuleContext, 'decimals'> & { readonly budgets: Budgets | undefined },
): CompiledRule {
  const { document, calendar, index, use } = shared;
  const currency = document.currencies.find(({ code }) => code === rule.currency);
  const context: RuleContext = {
    ...shared,
    decimals: present(currency, 'currency').decimals,
  };
  const onCompletion =
    'order' in rule.when && (rule.when.order === 'completed' || rule.availability === 'at-completion');
  if (onCompletion) use.completion = true;
  const limits = limitsOf(document, rule);
  const funded = budgets?.of(rule.id) ?? [];
  for (const { each } of [...limits, ...funded]) useEach(use, each);
  return {
    id: rule.id,
    index,
    group: rule.stacking?.group,
    stop: rule.stacking?.stop ?? false,
    effects: rule.effects ?? [],
    currency: rule.currency,
    money: context.money,
    gates: compileGates(rule, context),
    earn: compileEarn(rule.earn, context),
    onCompletion,
    availability: compileAvailability(rule, calendar),
    onApproval: rule.availability === 'on-approval',
    expiry: compileExpiry(rule, calendar),
    lapsesOn: typeof rule.expiry === 'object' && 'on' in rule.expiry,
    clawback: rule.clawback ?? document.clawback,
    debtLimit: compileDebtLimit(document, rule, use),
    limits,
    budgets: funded,
    silent: silentTraces(rule.id),
  };
}

const silentTraces = (rule: string): Readonly<Record<Reason, RuleTrace>> =>
  Object.fromEntries(REASONS.map((why) => [why, { rule, why }])) as Record<Reason, RuleTrace>;
