import type { TransferMade } from '@jifen/contracts';
import { int4Array, int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantToMillis, type Instant } from '@jifen/kernel';
import {
  accountKey,
  earliestExpiry,
  earliestHold,
  earliestPending,
  transferKey,
  type Account,
  type Done,
  type Hold,
  type Lot,
  type Redemption,
  type Standing,
  type Transfer,
} from '@jifen/ledger';

/** An account as its events alone give it, with all lots, open or not. */
export interface FoldedAccount {
  readonly account: Account;
  readonly partition: number;
  /** What left and was not answered yet. */
  readonly legs: readonly FoldedLeg[];
}

export interface FoldedLeg {
  readonly leg: TransferMade;
  readonly sentAt: Instant;
}

type Kind = 'text' | 'text or null' | 'int4' | 'int8' | 'int8 or null' | 'boolean' | 'boolean or null' | 'timestamptz';

interface Column<Row> {
  readonly name: string;
  readonly kind: Kind;
  readonly of: (row: Row) => Value;
}

/** A table that is a fold of the ledger log, account by account. */
export interface Projection {
  readonly table: string;
  /** The column with the key of the account. */
  readonly account: string;
  readonly key: readonly string[];
  readonly columns: readonly Pick<Column<never>, 'name' | 'kind'>[];
  /** Columns in which a row may differ from the fold and be right. */
  readonly free: readonly string[];
  /** Its rows for the accounts: one array a column, in their order. */
  arrays(accounts: readonly FoldedAccount[]): { readonly length: number; readonly arrays: readonly Buffer[] };
}

/** Stands for NULL in arrays, which have none; no column that may be NULL has negative values. */
export const NULL_NUMBER = Number.MIN_SAFE_INTEGER;

type Value = string | number | boolean | Instant | undefined;

/** One array of what the rows have in a column. */
const encoders: Readonly<Record<Kind, <Row>(rows: readonly Row[], of: (row: Row) => Value) => Buffer>> = {
  text: (rows, of) => textArray(rows.map(of) as string[]),
  'text or null': (rows, of) => textArray(rows.map((row) => (of(row) ?? '') as string)),
  int4: (rows, of) => int4Array(rows.map(of) as number[]),
  int8: (rows, of) => int8Array(rows.map(of) as number[]),
  'int8 or null': (rows, of) => int8Array(rows.map((row) => (of(row) ?? NULL_NUMBER) as number)),
  boolean: booleans,
  'boolean or null': booleans,
  timestamptz: (rows, of) => {
    const millisOf = millisOrNever();
    return timestampArray(rows.map((row) => millisOf(of(row) as Instant | undefined)));
  },
};

function booleans<Row>(rows: readonly Row[], of: (row: Row) => Value): Buffer {
  return int4Array(rows.map((row) => (of(row) === true ? 1 : 0)));
}

/** NULL stands for 0 in columns that most rows have nothing in. */
const some = (value: number): number | undefined => (value === 0 ? undefined : value);
const json = (value: object | undefined): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);

/** Many rows have the same few instants. */
function millisOrNever(): (value: Instant | undefined) => number {
  let last: Instant | undefined;
  let millis = Infinity;
  return (value) => {
    if (value !== last) {
      last = value;
      millis = value === undefined ? Infinity : instantToMillis(value);
    }
    return millis;
  };
}

interface Definition<Row> extends Omit<Projection, 'arrays' | 'columns'> {
  readonly columns: readonly Column<Row>[];
  readonly rows: (folded: FoldedAccount) => readonly Row[];
}

const projection = <Row>({ rows, ...definition }: Definition<Row>): Projection => ({
  ...definition,
  arrays: (accounts) => {
    const all = accounts.flatMap(rows);
    return {
      length: all.length,
      arrays: definition.columns.map(({ kind, of }) => encoders[kind](all, of)),
    };
  },
});

const keyOf = ({ program, member, currency }: Account): string => accountKey(program, member, currency);

const ACCOUNT = projection<FoldedAccount>({
  table: 'account',
  account: 'key',
  key: ['key'],
  // Lower bounds for whoever books what falls due: they may be tightened without a posting.
  free: ['activation_due', 'expiry_due', 'hold_due'],
  rows: (folded) => [folded],
  columns: [
    { name: 'key', kind: 'text', of: ({ account }) => keyOf(account) },
    { name: 'partition', kind: 'int4', of: ({ partition }) => partition },
    { name: 'version', kind: 'int8', of: ({ account }) => account.version },
    { name: 'available', kind: 'int8', of: ({ account }) => account.available },
    { name: 'pending', kind: 'int8', of: ({ account }) => account.pending },
    { name: 'held', kind: 'int8', of: ({ account }) => account.held },
    { name: 'debt', kind: 'int8', of: ({ account }) => account.debt },
    { name: 'net', kind: 'int8', of: ({ account }) => account.net },
    { name: 'lifetime', kind: 'int8', of: ({ account }) => account.lifetime },
    { name: 'spent', kind: 'int8 or null', of: ({ account }) => some(account.spent) },
    { name: 'expired', kind: 'int8 or null', of: ({ account }) => some(account.expired) },
    { name: 'in_flight', kind: 'int8 or null', of: ({ account }) => some(account.inFlight) },
    { name: 'activation_due', kind: 'timestamptz', of: ({ account }) => earliestPending(account.lots) },
    { name: 'expiry_due', kind: 'timestamptz', of: ({ account }) => earliestExpiry(account.lots) },
    { name: 'hold_due', kind: 'timestamptz', of: ({ account }) => earliestHold(account.holds) },
    { name: 'frozen', kind: 'text or null', of: ({ account }) => json(account.frozen) },
    { name: 'merged', kind: 'text or null', of: ({ account }) => json(account.merged) },
  ],
});

interface LotRow {
  readonly account: string;
  readonly partition: number;
  readonly lot: Lot;
  /** What is known of the award, beside its first lot. */
  readonly standing: Standing | undefined;
}

const LOT = projection<LotRow>({
  table: 'lot',
  account: 'account',
  key: ['account', 'award', 'n'],
  free: [],
  rows: ({ account, partition }) => {
    const key = keyOf(account);
    return [...account.lots.values()].map((lot) => ({
      account: key,
      partition,
      lot,
      standing: lot.n === 0 ? account.standings.get(lot.award) : undefined,
    }));
  },
  columns: [
    { name: 'account', kind: 'text', of: ({ account }) => account },
    { name: 'award', kind: 'text', of: ({ lot }) => lot.award },
    { name: 'n', kind: 'int4', of: ({ lot }) => lot.n },
    { name: 'partition', kind: 'int4', of: ({ partition }) => partition },
    { name: 'granted', kind: 'int8', of: ({ lot }) => lot.granted },
    { name: 'remaining', kind: 'int8', of: ({ lot }) => lot.remaining },
    { name: 'held', kind: 'int8 or null', of: ({ lot }) => some(lot.held) },
    { name: 'expired', kind: 'int8 or null', of: ({ lot }) => some(lot.expired) },
    { name: 'available_at', kind: 'timestamptz', of: ({ lot }) => lot.availableAt },
    { name: 'expires_at', kind: 'timestamptz', of: ({ lot }) => lot.expiresAt },
    { name: 'earned_at', kind: 'timestamptz', of: ({ lot }) => lot.earnedAt },
    { name: 'pending', kind: 'boolean', of: ({ lot }) => lot.pending },
    { name: 'extended', kind: 'boolean or null', of: ({ lot }) => lot.extended },
    { name: 'from_lot', kind: 'text or null', of: ({ lot }) => lot.from },
    { name: 'award_revision', kind: 'int8 or null', of: ({ standing }) => standing?.revision },
    { name: 'award_granted', kind: 'int8 or null', of: ({ standing }) => standing?.granted },
    { name: 'award_forgiven', kind: 'int8 or null', of: ({ standing }) => standing?.forgiven },
  ],
});

interface Owned<Value> {
  readonly account: string;
  readonly partition: number;
  readonly value: Value;
}

const owned =
  <Value>(of: (account: Account) => ReadonlyMap<string, Value>) =>
  ({ account, partition }: FoldedAccount): readonly Owned<Value>[] => {
    const values = [...of(account).values()];
    const key = values.length === 0 ? '' : keyOf(account);
    return values.map((value) => ({ account: key, partition, value }));
  };

const HOLD = projection<Owned<Hold>>({
  table: 'hold',
  account: 'account',
  key: ['account', 'id'],
  free: [],
  rows: owned(({ holds }) => holds),
  columns: [
    { name: 'account', kind: 'text', of: ({ account }) => account },
    { name: 'id', kind: 'text', of: ({ value }) => value.id },
    { name: 'partition', kind: 'int4', of: ({ partition }) => partition },
    { name: 'points', kind: 'int8', of: ({ value }) => value.points },
    { name: 'remaining', kind: 'int8', of: ({ value }) => value.remaining },
    { name: 'lots', kind: 'text', of: ({ value }) => json(value.lots) },
    { name: 'at', kind: 'timestamptz', of: ({ value }) => value.at },
    { name: 'expires_at', kind: 'timestamptz', of: ({ value }) => value.expiresAt },
    { name: 'state', kind: 'text', of: ({ value }) => value.state },
    { name: 'reference', kind: 'text or null', of: ({ value }) => value.reference },
  ],
});

const REDEMPTION = projection<Owned<Redemption>>({
  table: 'redemption',
  account: 'account',
  key: ['account', 'id'],
  free: [],
  rows: owned(({ redemptions }) => redemptions),
  columns: [
    { name: 'account', kind: 'text', of: ({ account }) => account },
    { name: 'id', kind: 'text', of: ({ value }) => value.id },
    { name: 'partition', kind: 'int4', of: ({ partition }) => partition },
    { name: 'hold', kind: 'text or null', of: ({ value }) => value.hold },
    { name: 'points', kind: 'int8', of: ({ value }) => value.points },
    { name: 'reversed', kind: 'int8', of: ({ value }) => value.reversed },
    { name: 'lots', kind: 'text', of: ({ value }) => json(value.lots) },
    { name: 'at', kind: 'timestamptz', of: ({ value }) => value.at },
    { name: 'reference', kind: 'text or null', of: ({ value }) => value.reference },
  ],
});

const TRANSFER = projection<Owned<Transfer>>({
  table: 'transfer',
  account: 'account',
  key: ['account', 'id'],
  free: [],
  rows: owned(({ transfers }) => transfers),
  columns: [
    { name: 'account', kind: 'text', of: ({ account }) => account },
    { name: 'id', kind: 'text', of: ({ value }) => transferKey(value.direction, value.peer, value.id) },
    { name: 'partition', kind: 'int4', of: ({ partition }) => partition },
    { name: 'kind', kind: 'text', of: ({ value }) => value.kind },
    { name: 'direction', kind: 'text', of: ({ value }) => value.direction },
    { name: 'peer', kind: 'text', of: ({ value }) => value.peer },
    { name: 'merge', kind: 'text or null', of: ({ value }) => value.merge },
    { name: 'points', kind: 'int8', of: ({ value }) => value.points },
    { name: 'debt', kind: 'int8', of: ({ value }) => value.debt },
    { name: 'lots', kind: 'text', of: ({ value }) => json(value.lots) },
    { name: 'holds', kind: 'text', of: ({ value }) => json(value.holds) },
    { name: 'state', kind: 'text', of: ({ value }) => value.state },
    { name: 'at', kind: 'timestamptz', of: ({ value }) => value.at },
  ],
});

const DONE = projection<Owned<Done>>({
  table: 'done',
  account: 'account',
  key: ['account', 'id'],
  free: [],
  rows: owned(({ done }) => done),
  columns: [
    { name: 'account', kind: 'text', of: ({ account }) => account },
    { name: 'id', kind: 'text', of: ({ value }) => value.id },
    { name: 'partition', kind: 'int4', of: ({ partition }) => partition },
    { name: 'kind', kind: 'text', of: ({ value }) => value.kind },
    { name: 'points', kind: 'int8 or null', of: ({ value }) => value.points },
    { name: 'target', kind: 'text or null', of: ({ value }) => value.target },
    { name: 'version', kind: 'int8', of: ({ value }) => value.version },
  ],
});

interface LegRow extends FoldedLeg {
  readonly account: string;
  readonly partition: number;
}

const LEG = projection<LegRow>({
  table: 'leg',
  account: 'account',
  key: ['account', 'id'],
  // When the row was made, and when a leg that failed is tried again: one that is rebuilt is tried at once.
  free: ['sent_at', 'due'],
  rows: ({ account, partition, legs }) => legs.map((one) => ({ ...one, account: keyOf(account), partition })),
  columns: [
    { name: 'account', kind: 'text', of: ({ account }) => account },
    { name: 'id', kind: 'text', of: ({ leg }) => leg.id },
    { name: 'partition', kind: 'int4', of: ({ partition }) => partition },
    { name: 'leg', kind: 'text', of: ({ leg }) => json(leg) },
    { name: 'sent_at', kind: 'timestamptz', of: ({ sentAt }) => sentAt },
    { name: 'due', kind: 'timestamptz', of: ({ sentAt }) => sentAt },
  ],
});

/** Every table that is a fold of the ledger log: what is verified, audited, rebuilt and rolled back. A new one is added here. */
export const PROJECTIONS: readonly Projection[] = [ACCOUNT, LOT, HOLD, REDEMPTION, TRANSFER, DONE, LEG];
