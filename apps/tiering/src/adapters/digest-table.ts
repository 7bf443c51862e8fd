import { int8Array, textArray } from '@jifen/event-store-postgres';
import { instantFromMillis, instantToMillis, points, type Instant } from '@jifen/kernel';
import type { Contribution, Digest, Milestone, Recent } from '@jifen/tiering';
import type { DigestRow } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

const OF_OWNERS = `
  SELECT owner, ladder_version, currency, milestone, recent FROM digest WHERE owner = ANY ($1::text[])`;

const SAVE = `
  INSERT INTO digest (owner, ladder_version, currency, milestone, recent)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[])
      ON CONFLICT (owner) DO UPDATE
     SET ladder_version = EXCLUDED.ladder_version, currency = EXCLUDED.currency, milestone = EXCLUDED.milestone,
         recent = EXCLUDED.recent`;

/** The milestone is the larger part by far, and stays where it is when it is not set. */
const SAVE_RECENT = `
  UPDATE digest d SET recent = n.recent FROM unnest($1::text[], $2::text[]) n (owner, recent) WHERE d.owner = n.owner`;

const DROP = 'DELETE FROM digest WHERE owner = ANY ($1::text[])';

interface StoredRow {
  readonly owner: string;
  readonly ladder_version: number;
  readonly currency: string;
  readonly milestone: string;
  readonly recent: string;
}

type Packed = readonly (readonly [earnedAt: number, points: number])[];

const packed = (all: readonly Contribution[]): Packed =>
  all.map(({ earnedAt, points: count }) => [instantToMillis(earnedAt), count]);

const unpacked = (all: Packed): readonly Contribution[] =>
  all.map(([at, count]) => ({ earnedAt: instantFromMillis(at), points: points(count) }));

type PackedMilestone = Omit<Milestone, 'past' | 'lifetime' | 'latest'> & {
  readonly past: Packed;
  readonly lifetime: number;
  readonly latest?: Instant;
};

/** `earned` is absent where it is what counts. */
interface PackedRecent {
  readonly counted: Packed;
  readonly earned?: Packed;
}

const milestoneText = ({ past, ...rest }: Milestone): string => JSON.stringify({ ...rest, past: packed(past) });

function recentText({ counted, earned }: Recent): string {
  const same =
    counted.length === earned.length &&
    counted.every(({ earnedAt, points: count }, n) => {
      const other = earned[n];
      return earnedAt === other?.earnedAt && count === other.points;
    });
  const text: PackedRecent = { counted: packed(counted), ...(same ? {} : { earned: packed(earned) }) };
  return JSON.stringify(text);
}

function digestFrom(milestone: string, recent: string): Digest {
  const { past, lifetime, latest, ...rest } = JSON.parse(milestone) as PackedMilestone;
  const { counted, earned } = JSON.parse(recent) as PackedRecent;
  const since = unpacked(counted);
  return {
    milestone: { ...rest, past: unpacked(past), lifetime: points(lifetime), latest },
    recent: { counted: since, earned: earned === undefined ? since : unpacked(earned) },
  };
}

export async function digestsOf(sql: Queryable, owners: readonly string[]): Promise<ReadonlyMap<string, DigestRow>> {
  const { rows } = await sql.query<StoredRow>({
    name: 'digests-of-owners',
    text: OF_OWNERS,
    values: [textArray(owners)],
  });
  return new Map(
    rows.map(({ owner, ladder_version: ladderVersion, currency, milestone, recent }) => [
      owner,
      { owner, ladderVersion, currency, digest: digestFrom(milestone, recent) },
    ]),
  );
}

export async function saveDigests(sql: Queryable, rows: readonly DigestRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query({
    name: 'save-digests',
    text: SAVE,
    values: [
      textArray(rows.map(({ owner }) => owner)),
      int8Array(rows.map(({ ladderVersion }) => ladderVersion)),
      textArray(rows.map(({ currency }) => currency)),
      textArray(rows.map(({ digest }) => milestoneText(digest.milestone))),
      textArray(rows.map(({ digest }) => recentText(digest.recent))),
    ],
  });
}

export async function saveRecent(sql: Queryable, rows: readonly DigestRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(SAVE_RECENT, [
    textArray(rows.map(({ owner }) => owner)),
    textArray(rows.map(({ digest }) => recentText(digest.recent))),
  ]);
}

export async function dropDigests(sql: Queryable, owners: readonly string[]): Promise<void> {
  if (owners.length > 0) await sql.query(DROP, [textArray(owners)]);
}
