import type { EarnRule, ProgramDocument } from '@jifen/contracts';
import type { Use } from '../order/use.ts';

/** How much debt a member of a tier may come to have by points that are taken back; `undefined`: any. */
export type DebtLimit = ((tier: string | undefined) => number) | undefined;

/** Only where points taken back may become debt (Q12). */
export function compileDebtLimit(document: ProgramDocument, rule: EarnRule, use: Use): DebtLimit {
  const limit = document.debtLimits?.find(({ currency }) => currency === rule.currency);
  if (limit === undefined || (rule.clawback ?? document.clawback ?? 'allow-debt') !== 'allow-debt') return undefined;
  const { points, tiers = [] } = limit;
  if (tiers.length === 0) return () => points;
  use.tier = true;
  const ofTier = new Map(tiers.map((each) => [each.tier, each.points]));
  return (tier) => (tier === undefined ? undefined : ofTier.get(tier)) ?? points;
}
