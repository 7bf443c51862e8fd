import type { Award } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import { promised } from '../award/approval.ts';
import { onceAwardId } from '../award/award-id.ts';
import type { StepWords } from '../explain/sentence.ts';
import type { RatedAward } from '../rate.ts';
import type { CompiledEarn } from './earn-form.ts';

/** The first qualifying activity of a rule that pays once: it decides, however late it becomes known. */
export interface OnceAward {
  readonly at: Instant;
  readonly source: string;
  readonly id: string;
  readonly version: number;
  readonly currency: string;
  readonly target: number;
  readonly availableAt: Instant;
  readonly expiresAt?: Instant;
  readonly clawback?: Award['clawback'];
  readonly debtLimit?: number;
  /** Waits for somebody to approve it. */
  readonly onApproval?: true;
}

export interface OnceStep {
  readonly at: string;
  readonly result: number;
  readonly step: 'once';
  readonly version: number;
}

/** One award of a member for ever, by the earliest activity. */
export const payOnce =
  (points: number): CompiledEarn['evaluate'] =>
  (run, rule) => {
    const { input, program } = run;
    if (input.kind !== 'activity') return 'other-kind';
    const own: OnceAward = {
      at: input.at,
      source: input.source,
      id: input.id,
      version: program.version,
      currency: rule.currency,
      target: points,
      ...run.validity(rule),
      ...(rule.onApproval ? { onApproval: true } : {}),
    };
    const earlier = input.once?.[rule.id];
    const first = earlier !== undefined && isBefore(earlier, own) ? earlier : own;
    run.once[rule.id] = first;
    const step: OnceStep = { at: first.at, result: first.target, step: 'once', version: first.version };
    return { target: first.target, steps: [step] };
  };

const isBefore = (a: OnceAward, b: OnceAward): boolean =>
  a.at !== b.at ? a.at < b.at : a.source !== b.source ? a.source < b.source : a.id <= b.id;

export const onceAward = (member: string, ruleId: string, decided: OnceAward): RatedAward => ({
  currency: decided.currency,
  awardId: onceAwardId(member, ruleId),
  ...promised(decided.target, decided.onApproval === true),
  ruleId,
  ruleVersion: decided.version,
  availableAt: decided.availableAt,
  ...(decided.expiresAt === undefined ? {} : { expiresAt: decided.expiresAt }),
  ...(decided.clawback === undefined ? {} : { clawback: decided.clawback }),
  ...(decided.debtLimit === undefined ? {} : { debtLimit: decided.debtLimit }),
});

export const onceWords: { readonly once: StepWords<OnceStep> } = {
  once: {
    en: ({ at, result, version }, { points }) =>
      `Paid once per member, for the first time at ${at} under version ${version}: ${points(result)}.`,
    zh: ({ at, result, version }, { points }) =>
      `每位会员仅一次，首次发生于 ${at}，适用第 ${version} 版规则：${points(result)} 分。`,
  },
};
