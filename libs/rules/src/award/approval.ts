import type { Approval, Award, EarnRule, Violation } from '@jifen/contracts';
import { accept, assert, refuse, type Outcome } from '@jifen/kernel';
import type { StepWords } from '../explain/sentence.ts';
import type { RatedAward } from '../rate.ts';
import { NONE, violation } from '../violation.ts';

type Decision = NonNullable<Approval['decision']>;

/**
 * What somebody says about an award whose rule waits for approval. `points`: up to how many are approved from now on, those
 * of before included; with a rejection those that stay approved, 0 where none were.
 */
export interface Ruling extends Decision {
  readonly points: number;
}

/** What an award would total if all of it were approved: what causes are worth, whatever somebody decided. */
export const dueOf = ({ target, approval }: Pick<Award, 'target' | 'approval'>): number => approval?.due ?? target;

/** Of what is due, what nobody has decided about. */
export const waitingOf = ({ state, due, approved }: Approval): number => (state === 'waiting' ? due - approved : 0);

/** A target before anybody decided: of a rule that waits for approval nothing is granted yet. */
export const promised = (
  due: number,
  onApproval: boolean,
): { readonly target: number; readonly approval?: Approval } =>
  onApproval ? { target: 0, approval: approvalOf(due, { approved: 0 }) } : { target: due };

/**
 * The award as it is posted. It depends on what is due now and on what was decided, not on which came first: it can be said
 * again with every rating and with every decision.
 */
export function granted(award: RatedAward, known: Pick<Approval, 'approved' | 'decision'> | undefined): RatedAward {
  if (award.approval === undefined) return award;
  const approval = approvalOf(award.approval.due, known ?? award.approval);
  return { ...award, target: Math.min(approval.due, approval.approved), approval };
}

/** The same decisions about another amount. */
export function approvalOf(due: number, { approved, decision }: Pick<Approval, 'approved' | 'decision'>): Approval {
  const told = decision === undefined ? {} : { decision };
  return { state: stateOf(due, approved, decision?.verdict), due, approved, ...told };
}

function stateOf(due: number, approved: number, verdict: Decision['verdict'] | undefined): Approval['state'] {
  if (due > approved) return verdict === 'reject' ? 'rejected' : 'waiting';
  if (approved > 0) return 'approved';
  return verdict === 'reject' ? 'rejected' : 'withdrawn';
}

/**
 * The approval after a ruling, or nothing when it holds already. Whether it is taken depends on earlier rulings alone, never on
 * what is due: so rulings and causes may come in any order. More may be approved later, never less, and nothing after a rejection.
 */
export function decideApproval(known: Approval, ruling: Ruling): Outcome<Approval | undefined, 'already_decided'> {
  const { points, ...decision } = ruling;
  assert(Number.isSafeInteger(points) && points >= 0, 'points of a ruling');
  const closed = known.decision?.verdict === 'reject';
  if (decision.verdict === 'reject') {
    if (points !== known.approved) return refuse('already_decided');
    return accept(closed ? undefined : approvalOf(known.due, { approved: points, decision }));
  }
  if (closed || points < known.approved) return refuse('already_decided');
  if (points === known.approved) return accept(undefined);
  return accept(approvalOf(known.due, { approved: points, decision }));
}

/** Rule → points that stay approved, of the awards of a cause that somebody rejected; absent without any. */
export function rejectedAmong(
  awards: readonly Pick<Award, 'ruleId' | 'approval'>[],
): Readonly<Record<string, number>> | undefined {
  const rejected = awards.flatMap(({ ruleId, approval }) =>
    approval?.decision?.verdict === 'reject' ? [[ruleId, approval.approved] as const] : [],
  );
  return rejected.length === 0 ? undefined : Object.fromEntries(rejected);
}

/** What other systems give cannot wait here for anybody. */
export const approvalViolations = ({ availability, effects }: EarnRule, pointer: string): readonly Violation[] =>
  availability === 'on-approval' && effects !== undefined
    ? [violation(`${pointer}/effects`, 'must be absent: only points wait for approval')]
    : NONE;

export interface ApprovalStep {
  readonly result: number;
  readonly step: 'on-approval';
}

export const approvalWords: { readonly 'on-approval': StepWords<ApprovalStep> } = {
  'on-approval': {
    en: ({ result }, { points }) => `Somebody has to approve it: nothing of the ${points(result)} can be spent before.`,
    zh: ({ result }, { points }) => `须人工审核：审核通过前，这 ${points(result)} 分不可使用。`,
  },
};
