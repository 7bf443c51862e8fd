import type { Instant } from '@jifen/kernel';
import { balanceAt, type Account, type Hold, type Redemption, type Transfer } from '@jifen/ledger';

type Owner = Pick<Account, 'member' | 'currency'>;

export function balanceView(account: Account, now: Instant): object {
  const { available, pending, held, debt, net } = balanceAt(account, now);
  const frozen = account.frozen === undefined ? {} : { frozen: true };
  return { currency: account.currency, available, pending, held, debt, net, ...frozen };
}

/** A hold whose time is over is `lapsed`, whether or not that has been booked. */
export const holdView = ({ member, currency }: Owner, hold: Hold, now: Instant): object => ({
  id: hold.id,
  member,
  currency,
  points: hold.points,
  remaining: hold.remaining,
  state: hold.state === 'open' && hold.expiresAt <= now ? 'lapsed' : hold.state,
  heldAt: hold.at,
  expiresAt: hold.expiresAt,
  ...(hold.reference === undefined ? {} : { reference: hold.reference }),
});

export const redemptionView = ({ member, currency }: Owner, redemption: Redemption): object => ({
  id: redemption.id,
  member,
  currency,
  points: redemption.points,
  reversed: redemption.reversed,
  lots: redemption.lots,
  redeemedAt: redemption.at,
  ...(redemption.hold === undefined ? {} : { hold: redemption.hold }),
  ...(redemption.reference === undefined ? {} : { reference: redemption.reference }),
});

export const transferView = ({ member, currency }: Owner, transfer: Transfer): object => ({
  id: transfer.id,
  kind: transfer.kind,
  from: member,
  to: transfer.peer,
  currency,
  points: transfer.points,
  state: transfer.state,
  sentAt: transfer.at,
});
