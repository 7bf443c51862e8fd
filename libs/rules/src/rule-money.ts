import type { EarnRule, ProgramDocument } from '@jifen/contracts';

/** ISO code of the money that a rule speaks of. */
export const ruleMoney = ({ moneyCurrency }: ProgramDocument, rule: EarnRule): string =>
  rule.moneyCurrency ?? moneyCurrency;
