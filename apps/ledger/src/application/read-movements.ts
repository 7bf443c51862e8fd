import type { Problem, ProblemCode } from '@jifen/contracts';
import { accept, instantFromMillis, refuse, type Outcome } from '@jifen/kernel';
import type { Hold, Redemption, Transfer } from '@jifen/ledger';
import {
  holdView,
  redemptionView,
  transferView,
  type HoldView,
  type RedemptionView,
  type TransferView,
} from './commands/command-views.ts';
import { ownerOf } from './owner.ts';

export interface Found<Value> {
  /** Key of the account that it is in. */
  readonly account: string;
  readonly value: Value;
}

export interface MovementReads {
  hold(program: string, id: string): Promise<Found<Hold> | undefined>;
  redemption(program: string, id: string): Promise<Found<Redemption> | undefined>;
  /** The sender's end. */
  transfer(program: string, id: string): Promise<Found<Transfer> | undefined>;
}

export interface MovementQuery {
  readonly program: string;
  readonly id: string;
  readonly now: number;
}

const unknown = (code: ProblemCode, what: string, id: string): Outcome<never, Problem> =>
  refuse({ code, detail: `no ${what} of this program has the id ${id}` });

export async function readHold(
  reads: MovementReads,
  { program, id, now }: MovementQuery,
): Promise<Outcome<HoldView, Problem>> {
  const found = await reads.hold(program, id);
  if (found === undefined) return unknown('unknown_hold', 'hold', id);
  return accept(holdView(ownerOf(found.account), found.value, instantFromMillis(now)));
}

export async function readRedemption(
  reads: MovementReads,
  { program, id }: MovementQuery,
): Promise<Outcome<RedemptionView, Problem>> {
  const found = await reads.redemption(program, id);
  if (found === undefined) return unknown('unknown_redemption', 'redemption', id);
  return accept(redemptionView(ownerOf(found.account), found.value));
}

export async function readTransfer(
  reads: MovementReads,
  { program, id }: MovementQuery,
): Promise<Outcome<TransferView, Problem>> {
  const found = await reads.transfer(program, id);
  if (found === undefined) return unknown('unknown_transfer', 'transfer', id);
  return accept(transferView(ownerOf(found.account), found.value));
}

export const missing = unknown;
