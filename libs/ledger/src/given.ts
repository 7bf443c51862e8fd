import type { Award } from '@jifen/contracts';
import { assert, instant, type Instant } from '@jifen/kernel';
import { openAccount, type Account } from './account.ts';
import type { LedgerCommand, PostAward } from './commands.ts';
import { decided, type Decided } from './decide.ts';
import { evolve } from './evolve.ts';

// Words of the specs: given commands, when a command, then these postings.
export const NOW: Instant = instant('2026-11-01T00:00:00Z');

export const award = (id: string, revision: number, target: number, more: Partial<Award> = {}): PostAward => ({
  kind: 'post-award',
  award: {
    currency: 'points',
    awardId: `m~base~shop~${id}`,
    revision,
    target,
    ruleId: 'base',
    ruleVersion: 1,
    availableAt: NOW,
    ...more,
  },
  cause: { source: 'shop', id, revision },
  origin: { partition: 0, position: revision },
  earnedAt: NOW,
});

/** What the command gives; folding its postings gives the same figures. A refusal is a fault here. */
export function when(account: Account, command: LedgerCommand, now: Instant = NOW): Decided {
  const answer = decided(account, command, now);
  assert(answer.ok, `${command.kind} is refused: ${answer.ok ? '' : JSON.stringify(answer.refusal)}`);
  const folded = answer.value.events.reduce(evolve, account);
  assert(folded.version === answer.value.account.version, `${command.kind}: the fold is another account`);
  return { ...answer.value, account: folded };
}

export const given = (...commands: readonly LedgerCommand[]): Account =>
  commands.reduce((account, command) => when(account, command).account, openAccount('demo', 'm', 'points'));
