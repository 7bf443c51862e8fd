import type { BalanceAfter, HoldView, RedemptionView, TransferView } from './command-views.ts';
import type { IntentKind } from './intent.ts';

/** What points are worth and what stays of the order to pay, in major units; empty where points have no money value. */
export interface SpentWorth {
  readonly money?: string;
  readonly moneyCurrency?: string;
  /** Where the order was stated. */
  readonly toPay?: string;
}

export interface After {
  readonly balance: BalanceAfter;
  /** Token for `?after=` of any read. */
  readonly position: string;
}

export interface Redeemed extends After {
  readonly redemption: RedemptionView & SpentWorth;
}

export interface Held extends After {
  readonly hold: HoldView & SpentWorth;
}

export interface Captured extends Redeemed {
  readonly hold: HoldView;
}

export interface Released extends After {
  readonly hold: HoldView;
}

export interface Reversed extends After {
  readonly redemption: RedemptionView;
}

export interface Sent extends After {
  readonly transfer: TransferView;
}

/** One account was changed by hand. */
export interface ChangedByHand extends After {
  /** Of the command. */
  readonly id: string;
  readonly member: string;
}

/** The same was done in every currency, or in the one named. */
export interface ChangedInAll {
  /** Of the command. */
  readonly id: string;
  readonly member: string;
  readonly balances: readonly BalanceAfter[];
  readonly position: string;
}

/** What each command answers. */
export interface CommandAnswers extends Record<IntentKind, object> {
  readonly redeem: Redeemed;
  readonly hold: Held;
  readonly capture: Captured;
  readonly release: Released;
  readonly reverse: Reversed;
  readonly transfer: Sent;
  readonly adjust: ChangedByHand;
  readonly freeze: ChangedInAll;
  readonly unfreeze: ChangedInAll;
  readonly 'extend-expiry': ChangedByHand;
  readonly reinstate: ChangedByHand;
  readonly merge: ChangedInAll;
  readonly unmerge: ChangedInAll;
}

declare const answer: unique symbol;

/** JSON text of an answer: kept as it was given first, byte by byte. */
export type JsonText<Answer> = string & { readonly [answer]?: Answer };
