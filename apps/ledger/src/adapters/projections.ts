import { int4Array, int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantToMillis, type Instant } from '@jifen/kernel';
import { accountKey, earliestPending, type Account, type Lot, type Standing } from '@jifen/ledger';

/** An account as its events alone give it, with all lots, open or not. */
export interface FoldedAccount {
  readonly account: Account;
  readonly partition: number;
}

type Kind = 'text' | 'int4' | 'int8' | 'int8 or null' | 'boolean' | 'timestamptz';

interface Column<Row> {
  readonly name: string;
  readonly kind: Kind;
  readonly of: (row: Row) => string | number | boolean | Instant | undefined;
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
export const NULL_NUMBER = -1;

const encoders: Readonly<Record<Kind, (values: readonly never[]) => Buffer>> = {
  text: textArray,
  int4: int4Array,
  int8: int8Array,
  'int8 or null': (values: readonly (number | undefined)[]) => int8Array(values.map((value) => value ?? NULL_NUMBER)),
  boolean: (values: readonly boolean[]) => int4Array(values.map((value) => (value ? 1 : 0))),
  timestamptz: (values: readonly (Instant | undefined)[]) => timestampArray(values.map(millisOrNever())),
};

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
      arrays: definition.columns.map(({ kind, of }) => encoders[kind](all.map(of) as never[])),
    };
  },
});

const keyOf = ({ program, member, currency }: Account): string => accountKey(program, member, currency);

const ACCOUNT = projection<FoldedAccount>({
  table: 'account',
  account: 'key',
  key: ['key'],
  // A lower bound for whoever books activations: it may be tightened without a posting.
  free: ['activation_due'],
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
    { name: 'activation_due', kind: 'timestamptz', of: ({ account }) => earliestPending(account.lots) },
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
    { name: 'available_at', kind: 'timestamptz', of: ({ lot }) => lot.availableAt },
    { name: 'expires_at', kind: 'timestamptz', of: ({ lot }) => lot.expiresAt },
    { name: 'earned_at', kind: 'timestamptz', of: ({ lot }) => lot.earnedAt },
    { name: 'pending', kind: 'boolean', of: ({ lot }) => lot.pending },
    { name: 'award_revision', kind: 'int8 or null', of: ({ standing }) => standing?.revision },
    { name: 'award_granted', kind: 'int8 or null', of: ({ standing }) => standing?.granted },
    { name: 'award_forgiven', kind: 'int8 or null', of: ({ standing }) => standing?.forgiven },
  ],
});

/** Every table that is a fold of the ledger log: what is verified, audited, rebuilt and rolled back. A new one is added here. */
export const PROJECTIONS: readonly Projection[] = [ACCOUNT, LOT];
