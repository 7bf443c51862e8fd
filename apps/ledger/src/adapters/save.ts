import { instantToMillis, type Instant } from '@jifen/kernel';
import {
  transferKey,
  type Account,
  type Done,
  type Hold,
  type Lot,
  type Redemption,
  type Standing,
  type Transfer,
} from '@jifen/ledger';
import type { ClientBase } from 'pg';
import type { AccountChange } from '../application/ports.ts';
import { liabilityArm } from './liability-table.ts';
import { inserting, updating, type Column } from './arm.ts';

/** A value that no column can have: it becomes NULL, or leaves the column as it is. */
const NONE = -1;
/** The same where points may be negative. */
const NO_POINTS = Number.MIN_SAFE_INTEGER;

const millisOrNever = (at: Instant | undefined): number => (at === undefined ? Infinity : instantToMillis(at));

interface Owned {
  readonly account: string;
  readonly partition: number;
}

const ACCOUNT_KEY: readonly Column<AccountChange>[] = [{ name: 'key', type: 'text', of: ({ key }) => key }];
const figure = (name: string, of: (account: Account) => number, none?: number): Column<AccountChange> => ({
  name,
  type: 'int8',
  of: ({ after }) => of(after),
  ...(none === undefined ? {} : { none }),
});
const ACCOUNT: readonly Column<AccountChange>[] = [
  { name: 'partition', type: 'int4', fixed: true, of: ({ partition }) => partition },
  figure('version', ({ version }) => version),
  figure('available', ({ available }) => available),
  figure('pending', ({ pending }) => pending),
  figure('held', ({ held }) => held),
  figure('debt', ({ debt }) => debt),
  figure('net', ({ net }) => net),
  figure('lifetime', ({ lifetime }) => lifetime),
  figure('spent', ({ spent }) => spent, 0),
  figure('expired', ({ expired }) => expired, 0),
  figure('in_flight', ({ inFlight }) => inFlight, 0),
  { name: 'activation_due', type: 'timestamptz', of: ({ after }) => millisOrNever(after.activationDue) },
  { name: 'expiry_due', type: 'timestamptz', of: ({ after }) => millisOrNever(after.expiryDue) },
  { name: 'hold_due', type: 'timestamptz', of: ({ after }) => millisOrNever(after.holdDue) },
  { name: 'frozen', type: 'text', none: '', of: ({ after }) => jsonOr(after.frozen) },
  { name: 'merged', type: 'text', none: '', of: ({ after }) => jsonOr(after.merged) },
];

const jsonOr = (value: object | undefined): string => (value === undefined ? '' : JSON.stringify(value));

interface LotChange extends Owned {
  readonly lot: Lot;
  readonly standing: Standing | undefined;
  readonly isNew: boolean;
}

const LOT_KEY: readonly Column<LotChange>[] = [
  { name: 'account', type: 'text', of: ({ account }) => account },
  { name: 'award', type: 'text', of: ({ lot }) => lot.award },
  { name: 'n', type: 'int4', of: ({ lot }) => lot.n },
];
const standing = (name: string, of: (standing: Standing) => number): Column<LotChange> => ({
  name,
  type: 'int8',
  none: NONE,
  keep: true,
  of: (change) => (change.standing === undefined ? NONE : of(change.standing)),
});
const LOT: readonly Column<LotChange>[] = [
  { name: 'partition', type: 'int4', fixed: true, of: ({ partition }) => partition },
  { name: 'granted', type: 'int8', of: ({ lot }) => lot.granted },
  { name: 'remaining', type: 'int8', of: ({ lot }) => lot.remaining },
  { name: 'held', type: 'int8', none: 0, of: ({ lot }) => lot.held },
  { name: 'expired', type: 'int8', none: 0, of: ({ lot }) => lot.expired },
  { name: 'pending', type: 'boolean', of: ({ lot }) => lot.pending },
  { name: 'available_at', type: 'timestamptz', of: ({ lot }) => instantToMillis(lot.availableAt) },
  { name: 'expires_at', type: 'timestamptz', of: ({ lot }) => millisOrNever(lot.expiresAt) },
  { name: 'earned_at', type: 'timestamptz', of: ({ lot }) => instantToMillis(lot.earnedAt) },
  { name: 'extended', type: 'boolean', none: false, of: ({ lot }) => lot.extended },
  { name: 'from_lot', type: 'text', none: '', of: ({ lot }) => lot.from ?? '' },
  standing('award_revision', ({ revision }) => revision),
  standing('award_granted', ({ granted }) => granted),
  standing('award_forgiven', ({ forgiven }) => forgiven),
];

type Of<Value> = Owned & { readonly value: Value; readonly isNew: boolean };

const owned = <Value extends { readonly id: string }>(): readonly Column<Of<Value>>[] => [
  { name: 'id', type: 'text', of: ({ value }) => value.id },
  { name: 'account', type: 'text', of: ({ account }) => account },
];
const partition: Column<Owned> = { name: 'partition', type: 'int4', fixed: true, of: (row) => row.partition };

const HOLD: readonly Column<Of<Hold>>[] = [
  partition,
  { name: 'points', type: 'int8', of: ({ value }) => value.points },
  { name: 'remaining', type: 'int8', of: ({ value }) => value.remaining },
  { name: 'lots', type: 'text', of: ({ value }) => JSON.stringify(value.lots) },
  { name: 'at', type: 'timestamptz', of: ({ value }) => instantToMillis(value.at) },
  { name: 'expires_at', type: 'timestamptz', of: ({ value }) => instantToMillis(value.expiresAt) },
  { name: 'state', type: 'text', of: ({ value }) => value.state },
  { name: 'reference', type: 'text', none: '', of: ({ value }) => value.reference ?? '' },
];

const REDEMPTION: readonly Column<Of<Redemption>>[] = [
  partition,
  { name: 'hold', type: 'text', none: '', of: ({ value }) => value.hold ?? '' },
  { name: 'points', type: 'int8', of: ({ value }) => value.points },
  { name: 'reversed', type: 'int8', of: ({ value }) => value.reversed },
  { name: 'lots', type: 'text', of: ({ value }) => JSON.stringify(value.lots) },
  { name: 'at', type: 'timestamptz', of: ({ value }) => instantToMillis(value.at) },
  { name: 'reference', type: 'text', none: '', of: ({ value }) => value.reference ?? '' },
];

const TRANSFER_KEY: readonly Column<Of<Transfer>>[] = [
  { name: 'id', type: 'text', of: ({ value }) => transferKey(value.direction, value.peer, value.id) },
  { name: 'account', type: 'text', of: ({ account }) => account },
];
const TRANSFER: readonly Column<Of<Transfer>>[] = [
  partition,
  { name: 'kind', type: 'text', of: ({ value }) => value.kind },
  { name: 'direction', type: 'text', of: ({ value }) => value.direction },
  { name: 'peer', type: 'text', of: ({ value }) => value.peer },
  { name: 'merge', type: 'text', none: '', of: ({ value }) => value.merge ?? '' },
  { name: 'points', type: 'int8', of: ({ value }) => value.points },
  { name: 'debt', type: 'int8', of: ({ value }) => value.debt },
  { name: 'lots', type: 'text', of: ({ value }) => JSON.stringify(value.lots) },
  { name: 'holds', type: 'text', of: ({ value }) => JSON.stringify(value.holds) },
  { name: 'state', type: 'text', of: ({ value }) => value.state },
  { name: 'at', type: 'timestamptz', of: ({ value }) => instantToMillis(value.at) },
];

const DONE: readonly Column<Of<Done>>[] = [
  { name: 'account', type: 'text', of: ({ account }) => account },
  { name: 'id', type: 'text', of: ({ value }) => value.id },
  partition,
  { name: 'kind', type: 'text', of: ({ value }) => value.kind },
  { name: 'points', type: 'int8', none: NO_POINTS, of: ({ value }) => value.points ?? NO_POINTS },
  { name: 'target', type: 'text', none: '', of: ({ value }) => value.target ?? '' },
  { name: 'version', type: 'int8', of: ({ value }) => value.version },
];

/**
 * Writes accounts and all that belongs to them in one round trip: data-modifying CTEs, only those with rows. What is new is
 * inserted and what is known updated. The partition's row is held, so nobody else can have made the row meanwhile.
 * The arms' names are short, because together they name the statement, and the server cuts names at 63 bytes.
 */
export async function saveChanges(sql: ClientBase, changes: readonly AccountChange[]): Promise<void> {
  const lots = changes.flatMap(lotChanges);
  const holds = changes.flatMap((change) => changed(change, ({ holds }) => holds));
  const redemptions = changes.flatMap((change) => changed(change, ({ redemptions }) => redemptions));
  const transfers = changes.flatMap((change) => changed(change, ({ transfers }) => transfers));
  const done = changes.flatMap((change) => changed(change, (account) => account.done));
  const arms = [
    inserting('nac', 'account', [...ACCOUNT_KEY, ...ACCOUNT], changes.filter(isNewAccount)),
    updating(
      'kac',
      'account',
      ACCOUNT_KEY,
      ACCOUNT,
      changes.filter((one) => !isNewAccount(one)),
    ),
    inserting('nlo', 'lot', [...LOT_KEY, ...LOT], lots.filter(isNew)),
    updating('klo', 'lot', LOT_KEY, LOT, lots.filter(isKnown)),
    inserting('nho', 'hold', [...owned<Hold>(), ...HOLD], holds.filter(isNew)),
    updating('kho', 'hold', owned<Hold>(), HOLD, holds.filter(isKnown)),
    inserting('nre', 'redemption', [...owned<Redemption>(), ...REDEMPTION], redemptions.filter(isNew)),
    updating('kre', 'redemption', owned<Redemption>(), REDEMPTION, redemptions.filter(isKnown)),
    inserting('ntr', 'transfer', [...TRANSFER_KEY, ...TRANSFER], transfers.filter(isNew)),
    updating('ktr', 'transfer', TRANSFER_KEY, TRANSFER, transfers.filter(isKnown)),
    inserting('ndo', 'done', DONE, done.filter(isNew)),
    liabilityArm(changes),
  ].filter((arm) => arm !== undefined);
  if (arms.length === 0) return;
  const values: Buffer[] = [];
  const texts = arms.map((arm) => {
    const text = `${arm.name} AS (${arm.sql(values.length + 1)})`;
    values.push(...arm.values);
    return text;
  });
  const name = `save-${arms.map((arm) => arm.name).join('-')}`;
  await sql.query({ name, text: `WITH ${texts.join(',\n')}\nSELECT`, values });
}

const isNewAccount = ({ before }: AccountChange): boolean => before.version === 0;
const isNew = (row: { readonly isNew: boolean }): boolean => row.isNew;
const isKnown = (row: { readonly isNew: boolean }): boolean => !row.isNew;

/** Lots that differ, and row 0 of each award whose standing does. States are immutable: another object is another value. */
function lotChanges({ key, partition, before, after }: AccountChange): readonly LotChange[] {
  const changes: LotChange[] = [];
  for (const lot of after.lots.values()) {
    const standing = lot.n === 0 ? after.standings.get(lot.award) : undefined;
    const known = lot.n === 0 ? before.standings.get(lot.award) : undefined;
    const was = before.lots.get(lot.id);
    if (lot === was && standing === known) continue;
    changes.push({ account: key, partition, lot, standing, isNew: was === undefined });
  }
  return changes;
}

/** The same for what an account has by id. */
function changed<Value>(
  { key, partition, before, after }: AccountChange,
  of: (account: Account) => ReadonlyMap<string, Value>,
): readonly Of<Value>[] {
  const known = of(before);
  const all = of(after);
  if (known === all) return [];
  const changes: Of<Value>[] = [];
  for (const [id, value] of all) {
    const was = known.get(id);
    if (was !== value) changes.push({ account: key, partition, value, isNew: was === undefined });
  }
  return changes;
}
