import type { LedgerEntry } from '@jifen/contracts';
import { ruleOf, type MessageRule } from '@jifen/notifications';
import { foldLots, type Posting } from './fold-lots.ts';
import type { BalanceTable, KeptSettings, LotTable } from './message-ports.ts';

/** Lots are only kept, and members only reminded of their end, where the settings say so. */
export const expiryRule = ({ settings }: KeptSettings): MessageRule | undefined =>
  settings.enabled && settings.reminderDays.length > 0 ? ruleOf(settings, 'points-expiring') : undefined;

/** Balances are only kept where members are told again and again of what their points are enough for. */
export const rewardRule = ({ settings }: KeptSettings): MessageRule | undefined =>
  settings.enabled && settings.rewards.length > 0 && settings.rewardEveryDays !== undefined
    ? ruleOf(settings, 'reward-in-reach')
    : undefined;

export const isWatched = (kept: KeptSettings): boolean =>
  expiryRule(kept) !== undefined || rewardRule(kept) !== undefined;

/** Whether settings ask for what others did not, or no longer: then the ledger is read anew. */
export const watchesElse = (one: KeptSettings, other: KeptSettings): boolean =>
  (expiryRule(one) === undefined) !== (expiryRule(other) === undefined) ||
  (rewardRule(one) === undefined) !== (rewardRule(other) === undefined);

export interface WatchTables<Sql> {
  readonly lots: Pick<LotTable<Sql>, 'nameOf' | 'of' | 'save'>;
  readonly balances: Pick<BalanceTable<Sql>, 'save'>;
}

/** Keeps what reminders need of the accounts that the postings touch, as the settings of their programs say. */
export async function watch<Sql>(
  sql: Sql,
  { lots, balances }: WatchTables<Sql>,
  settings: ReadonlyMap<string, KeptSettings>,
  postings: readonly Posting[],
): Promise<void> {
  const having = (rule: (kept: KeptSettings) => MessageRule | undefined): readonly Posting[] =>
    postings.filter(({ entry }) => {
      const kept = settings.get(entry.program);
      return kept !== undefined && rule(kept) !== undefined;
    });
  await foldLots(sql, lots, having(expiryRule));
  const newest = new Map(having(rewardRule).map((posting) => [accountOf(posting.entry), posting]));
  if (newest.size > 0) await balances.save(sql, [...newest.values()]);
}

const accountOf = ({ program, member, currency }: LedgerEntry): string => `${program}/${member}/${currency}`;
