import type { Instant } from '@jifen/kernel';
import type { LedgerCommand } from './commands.ts';
import { transferKey } from './records.ts';

/** What of an account must be in hand for a command. Everything else may be missing, if `complete` says so. */
export interface Needs {
  /** All open lots and open holds (`complete`). */
  readonly whole: boolean;
  /** All lots of these awards, open or not, and their standings. */
  readonly awards: readonly string[];
  /** All lots with expired points. */
  readonly expired: boolean;
  /** These lots, open or not. */
  readonly lots: readonly string[];
  readonly holds: readonly string[];
  /** With all lots that they took from, open or not. */
  readonly redemptions: readonly string[];
  /** By `transferKey`; with all their own lots, open or not, and their holds. */
  readonly transfers: readonly string[];
  /** All that belong to the merge, with their lots. */
  readonly merge: string | undefined;
  /** All transfers since, in both directions. */
  readonly transfersSince: Instant | undefined;
  /** Commands that may have been carried out before. */
  readonly commands: readonly string[];
}

const NOTHING: Needs = {
  whole: false,
  awards: [],
  expired: false,
  lots: [],
  holds: [],
  redemptions: [],
  transfers: [],
  merge: undefined,
  transfersSince: undefined,
  commands: [],
};

/**
 * An account that owes points, is merged, or has an activation, expiry or hold due, must be whole for `post-award` too; the
 * same holds when the award was touched by spending.
 */
export function needsOf(command: LedgerCommand): Needs {
  switch (command.kind) {
    case 'post-award':
      return { ...NOTHING, awards: [command.award.awardId] };
    case 'book-activations':
    case 'book-due':
      return { ...NOTHING, whole: true };
    case 'receive-transfer': {
      const { from, leg, limits } = command;
      return {
        ...NOTHING,
        whole: true,
        // An unmerge comes back to the very lots.
        lots: (leg.lots ?? []).flatMap(({ back }) => back ?? []),
        holds: (leg.holds ?? []).map(({ id }) => id),
        transfers: [transferKey('in', from, leg.id)],
        transfersSince: limits?.perPeriod?.since,
      };
    }
    case 'settle-transfer':
      return { ...NOTHING, whole: true, transfers: [command.transfer] };
    default:
      break;
  }
  const named: Needs = { ...NOTHING, whole: true, commands: [command.id] };
  switch (command.kind) {
    case 'hold':
      return { ...named, holds: [command.id] };
    case 'redeem':
      return { ...named, redemptions: [command.id] };
    case 'capture':
      return { ...named, holds: [command.hold], redemptions: [command.id] };
    case 'release':
      return { ...named, holds: [command.hold] };
    case 'reverse-redemption':
      return { ...named, redemptions: [command.redemption] };
    case 'extend-expiry':
      return { ...named, lots: command.lots ?? [] };
    case 'reinstate':
      return { ...named, expired: true, lots: command.lots ?? [] };
    case 'transfer-out':
      return { ...named, transfers: [command.id], transfersSince: command.limits?.perPeriod?.since };
    case 'unmerge-out':
      return { ...named, merge: command.merge };
    default:
      return named;
  }
}
