import type { Instant, Points } from '@jifen/kernel';
import { balanceAt, type Account, type Hold, type Redemption, type Transfer } from '@jifen/ledger';

type Owner = Pick<Account, 'member' | 'currency'>;

/** One currency of a member right after a command. */
export interface BalanceAfter {
  readonly currency: string;
  readonly available: Points;
  readonly pending: Points;
  readonly held: Points;
  readonly debt: Points;
  /** available + pending + held − debt. */
  readonly net: Points;
  readonly frozen?: true;
}

export interface HoldView {
  readonly id: string;
  readonly member: string;
  readonly currency: string;
  /** Reserved at first. */
  readonly points: Points;
  readonly remaining: Points;
  readonly state: Hold['state'];
  readonly heldAt: Instant;
  readonly expiresAt: Instant;
  readonly reference?: string;
}

export interface RedemptionView {
  readonly id: string;
  readonly member: string;
  readonly currency: string;
  readonly points: Points;
  /** Points that came back. */
  readonly reversed: Points;
  readonly lots: Redemption['lots'];
  readonly redeemedAt: Instant;
  /** The hold that it captured. */
  readonly hold?: string;
  readonly reference?: string;
}

export interface TransferView {
  readonly id: string;
  readonly kind: Transfer['kind'];
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly points: Points;
  readonly state: Transfer['state'];
  readonly sentAt: Instant;
}

export function balanceView(account: Account, now: Instant): BalanceAfter {
  const { available, pending, held, debt, net } = balanceAt(account, now);
  const frozen = account.frozen === undefined ? {} : { frozen: true as const };
  return { currency: account.currency, available, pending, held, debt, net, ...frozen };
}

/** A hold whose time is over is `lapsed`, whether or not that has been booked. */
export const holdView = ({ member, currency }: Owner, hold: Hold, now: Instant): HoldView => ({
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

export const redemptionView = ({ member, currency }: Owner, redemption: Redemption): RedemptionView => ({
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

export const transferView = ({ member, currency }: Owner, transfer: Transfer): TransferView => ({
  id: transfer.id,
  kind: transfer.kind,
  from: member,
  to: transfer.peer,
  currency,
  points: transfer.points,
  state: transfer.state,
  sentAt: transfer.at,
});
