import { memberKey } from '@jifen/kernel';
import { causeAwardId, type CompiledProgram, type RatingInput } from '@jifen/rules';
import type { BatchSession } from '../batch-session.ts';
import type { RatingHead } from '../make-rating.ts';

/** Rules whose rejected points are given back to limits of the member. */
export const givesBack = ({ earn, limits, onApproval }: CompiledProgram['rules'][number]): boolean =>
  onApproval && limits.length > 0 && earn.once !== true;

/** Rule → points that stay approved, of the awards of a cause that somebody rejected and that limits count. */
export async function rejectedOf<Sql>(
  { approvals }: BatchSession<Sql>,
  { program, member }: Pick<RatingHead, 'program' | 'member'>,
  { rules }: CompiledProgram,
  { kind, source, id }: RatingInput,
): Promise<Readonly<Record<string, number>> | undefined> {
  const asked = kind === 'member' ? [] : rules.filter(givesBack);
  if (asked.length === 0) return undefined;
  const owner = memberKey(program, member);
  const places = asked.map((rule) => ({ owner, award: causeAwardId(member, rule.id, source, id), rule: rule.id }));
  await approvals.need(places);
  const rejected = places.flatMap(({ rule, ...place }) => {
    const { approval } = approvals.row(place) ?? {};
    return approval?.decision?.verdict === 'reject' ? [[rule, approval.approved] as const] : [];
  });
  return rejected.length === 0 ? undefined : Object.fromEntries(rejected);
}
