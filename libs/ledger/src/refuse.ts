import type { Points } from '@jifen/kernel';
import type { NamedCommand } from './commands.ts';
import type { Journal } from './journal.ts';
import type { Refusal, RefusalCode } from './refusals.ts';
import { freeLots, freeTotal } from './take.ts';

/** `undefined`: the command was carried out. */
export type Refused = Refusal | undefined;

export const refusal = (code: RefusalCode, detail: string, figures?: Refusal['figures']): Refusal => ({
  code,
  detail,
  ...(figures === undefined ? {} : { figures }),
});

export const invalid = (field: string, message: string): Refusal => ({
  code: 'invalid_request',
  detail: `${field} ${message}`,
  errors: [{ pointer: `/${field}`, message }],
});

/** The real balance by the clock, whatever has been booked. */
export function insufficient({ account, now }: Journal, requested: Points): Refusal {
  const available = freeTotal(freeLots(account, 'usable', now));
  const pending = freeTotal(freeLots(account, 'pending', now));
  const { held, debt, currency } = account;
  const detail = `${requested} ${currency} are asked for, ${available} are available`;
  return refusal('insufficient_points', detail, { requested, available, pending, held, debt });
}

export const tooManyLots = (count: number, limit: number): Refusal =>
  refusal('too_many_lots', `the points are in ${count} lots, at most ${limit} go into one posting`, {
    lots: count,
    limit,
  });

/** Spending stops while an account is frozen, and for good when its member was merged into another. */
export function maySpend({ account }: Journal): Refused {
  if (account.merged !== undefined) {
    const { into } = account.merged;
    return refusal('member_merged', `the member was merged into ${into}`, { into });
  }
  if (account.frozen === undefined) return undefined;
  const { at, reason } = account.frozen;
  return refusal('account_frozen', `the account is frozen since ${at}: ${reason}`, { since: at, reason });
}

/** What a command's posting remembers of it, so that the same one again writes nothing. */
export function commandMade(command: NamedCommand) {
  const target = targetOf(command);
  return {
    command: {
      id: command.id,
      kind: command.kind,
      ...('points' in command && command.points !== undefined ? { points: command.points } : {}),
      ...(target === undefined ? {} : { target }),
    },
    ...('actor' in command && command.actor !== undefined ? { actor: command.actor } : {}),
    ...(command.note === undefined ? {} : { note: command.note }),
    ...('reference' in command && command.reference !== undefined ? { reference: command.reference } : {}),
  };
}

export function targetOf(command: NamedCommand): string | undefined {
  switch (command.kind) {
    case 'capture':
    case 'release':
      return command.hold;
    case 'reverse-redemption':
      return command.redemption;
    case 'transfer-out':
      return command.to;
    case 'merge-out':
      return command.into;
    case 'unmerge-out':
      return command.merge;
    default:
      return undefined;
  }
}
