import type { AdjustmentReason, FreezeReason } from '@jifen/ledger';

/** What an order amount is, as the caller states it. */
export interface OrderAmount {
  /** In major units. */
  readonly amount: string;
  readonly currency?: string | undefined;
}

/** Points asked for, or as many as the order may use. */
export interface Spend {
  readonly member: string;
  readonly currency?: string | undefined;
  readonly points?: number | undefined;
  readonly order?: OrderAmount | undefined;
  readonly reference?: string | undefined;
}

/** A decision of a person. */
export interface ByHand {
  readonly member: string;
  readonly actor: string;
  readonly note?: string | undefined;
}

export type RedeemIntent = { readonly kind: 'redeem' } & Spend;
export type HoldIntent = { readonly kind: 'hold'; readonly ttlSeconds?: number | undefined } & Spend;

/** What a command over HTTP asks for. Commands about a hold or redemption carry the key of the account that it is in (`of`). */
export type Intent =
  | RedeemIntent
  | HoldIntent
  | {
      readonly kind: 'capture';
      readonly of: string;
      readonly hold: string;
      readonly points?: number | undefined;
      readonly rest?: 'release' | 'keep' | undefined;
    }
  | { readonly kind: 'release'; readonly of: string; readonly hold: string; readonly note?: string | undefined }
  | { readonly kind: 'reverse'; readonly of: string; readonly redemption: string; readonly points?: number | undefined }
  | {
      readonly kind: 'transfer';
      readonly member: string;
      readonly to: string;
      readonly points: number;
      readonly currency?: string | undefined;
      readonly note?: string | undefined;
    }
  | ({
      readonly kind: 'adjust';
      readonly currency: string;
      readonly points: number;
      readonly reason: AdjustmentReason;
      readonly availableAt?: string | undefined;
      readonly expiresAt?: string | undefined;
      readonly beyond?: 'debt' | undefined;
    } & ByHand)
  | ({
      readonly kind: 'freeze' | 'unfreeze';
      readonly currency?: string | undefined;
      readonly reason: FreezeReason;
    } & ByHand)
  | ({
      readonly kind: 'extend-expiry';
      readonly currency: string;
      readonly expiresAt: string;
      readonly lots?: readonly string[] | undefined;
    } & ByHand)
  | ({
      readonly kind: 'reinstate';
      readonly currency: string;
      readonly expiresAt: string;
      readonly points?: number | undefined;
      readonly lots?: readonly string[] | undefined;
    } & ByHand)
  | ({ readonly kind: 'merge'; readonly into: string } & ByHand)
  | ({ readonly kind: 'unmerge'; readonly merge: string } & ByHand);

export type IntentKind = Intent['kind'];
export type IntentOf<Kind extends IntentKind> = Extract<Intent, { readonly kind: Kind }>;
