import type { EarnBasis, EarnRule, ProgramDocument } from '@jifen/contracts';
import { createCalendar, present, type Calendar } from '@jifen/kernel';
import { compileAvailability, type Availability } from './award/availability.ts';
import { compileExpiry, type Expiry } from './award/expiry.ts';

import { RANKS, type CompiledEarn } from './earn/earn-form.ts';
import { compileEarn } from './earn/index.ts';
import { factorOf, type Factor } from './earn/multiplier.ts';
import { REASONS } from './explain/words.ts';
import type { Gate } from './gate/gate.ts';
import { compileGates } from './gate/index.ts';
import { compileBasis, type CompiledBasis } from './order/basis.ts';
import { orderUse, type OrderUse } from './order/use.ts';
import type { Reason, RuleTrace } from './trace.ts';
import { limitsOf, windowUse, type CompiledLimit, type WindowUse } from './window/compile-window.ts';

export interface CompiledRule {
  readonly id: string;
  readonly currency: string;
  /** ISO code of the money that it speaks of. */
  readonly money: string;
  /** What a cause must pass before the rule pays. */
  readonly gates: readonly Gate[];
  readonly earn: CompiledEarn;
  /** Waits until an order is completed. */
  readonly onCompletion: boolean;
  readonly availability: Availability;
  readonly expiry: Expiry;
  readonly clawback: EarnRule['clawback'];
  readonly limits: readonly CompiledLimit[];
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

/** What the parts of a rule need to know to be compiled. */
export interface RuleContext {
  readonly document: ProgramDocument;
  readonly calendar: Calendar;
  /** ISO code of the money that the rule speaks of. */
  readonly money: string;
  /** Of the rule's point currency. */
  readonly decimals: number;
  /** Index of a basis; the same basis has the same one. */
  readonly basisOf: (basis?: EarnBasis) => number;
}

/** A valid document as the rating uses it, made once per version. */
export function compileProgram(document: ProgramDocument, version: number): CompiledProgram {
  const calendar = present(createCalendar(document.timeZone), `time zone ${document.timeZone}`);
  const bases: CompiledBasis[] = [];
  const known = new Map<string, number>();
  const basisOf = (basis: EarnBasis = {}): number => {
    const compiled = compileBasis(basis);
    const key = JSON.stringify([{ ...compiled, only: basis.only, except: basis.except }]);
    const index = known.get(key) ?? bases.push(compiled) - 1;
    known.set(key, index);
    return index;
  };
  const rules = document.rules.map((rule) => compileRule(rule, { document, calendar, basisOf }));
  return {
    version,
    document,
    calendar,
    rules: RANKS.flatMap((rank) => rules.filter(({ earn }) => earn.rank === rank)),
    bases,
    tierFactors: new Map(document.ladder?.tiers.map((tier) => [tier.code, factorOf(tier.multiplier)])),
    baseTier: document.ladder?.tiers[0]?.code,
    usesTier: rules.some(({ earn }) => earn.usesTier === true),
    tierPolicy: document.tierPolicy ?? 'in-force',
    onceRules: new Set(rules.filter(({ earn }) => earn.once === true).map(({ id }) => id)),
    use: orderUse(rules, bases),
    windows: windowUse(document),
  };
}

function compileRule(rule: EarnRule, shared: Omit<RuleContext, 'money' | 'decimals'>): CompiledRule {
  const { document, calendar } = shared;
  const currency = document.currencies.find(({ code }) => code === rule.currency);
  const context: RuleContext = {
    ...shared,
    money: rule.moneyCurrency ?? document.moneyCurrency,
    decimals: present(currency, 'currency').decimals,
  };
  return {
    id: rule.id,
    currency: rule.currency,
    money: context.money,
    gates: compileGates(rule, context),
    earn: compileEarn(rule.earn, context),
    onCompletion: 'order' in rule.when && rule.when.order === 'completed',
    availability: compileAvailability(rule, calendar),
    expiry: compileExpiry(rule, calendar),
    clawback: rule.clawback ?? document.clawback,
    limits: limitsOf(document, rule),
    silent: silentTraces(rule.id),
  };
}

const silentTraces = (rule: string): Readonly<Record<Reason, RuleTrace>> =>
  Object.fromEntries(REASONS.map((why) => [why, { rule, why }])) as Record<Reason, RuleTrace>;
