import { int4Array, textArray } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import { policiesOf, type Policies } from '@jifen/ledger';
import type { ClientBase } from 'pg';
import type { ProgramReads, Programs } from '../application/ports.ts';

const SAVE_POLICY = `
INSERT INTO policy (program, version, effective_from, document) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;

const IN_FORCE = `
SELECT p.program, p.version, p.document
FROM unnest($1::text[]) AS wanted (program) CROSS JOIN LATERAL (
  SELECT * FROM policy WHERE program = wanted.program AND effective_from <= $2::timestamptz
  ORDER BY version DESC LIMIT 1) p`;

const SAVE_TIERS = `
INSERT INTO member_tier (owner, partition, tier) SELECT * FROM unnest($1::text[], $2::int4[], $3::text[])
ON CONFLICT (owner) DO UPDATE SET tier = excluded.tier`;

const TIERS = 'SELECT owner, tier FROM member_tier WHERE owner = ANY ($1::text[])';

interface PolicyRow {
  readonly program: string;
  readonly version: number;
  readonly document: string;
}

/** Versions whose documents are kept parsed; they are immutable. */
const MAX_PARSED = 1_000;

/** What the ledger follows of programs and tiers. */
export function programTables(): Programs<ClientBase> & ProgramReads<Pick<ClientBase, 'query'>> {
  const parsed = new Map<string, Policies>();
  const policies = ({ program, version, document }: PolicyRow): Policies => {
    const name = `${program} ${version}`;
    const known = parsed.get(name);
    if (known !== undefined) return known;
    const read = policiesOf(JSON.parse(document) as Parameters<typeof policiesOf>[0], version);
    if (parsed.size >= MAX_PARSED) parsed.clear();
    parsed.set(name, read);
    return read;
  };
  return {
    savePolicy: async (sql, { program, version, effectiveFrom, part }) => {
      await sql.query(SAVE_POLICY, [program, version, effectiveFrom, JSON.stringify(part)]);
    },
    saveTiers: async (sql, tiers) => {
      // The last of a member counts; one statement may not touch a row twice.
      const last = [...new Map(tiers.map((tier) => [tier.owner, tier])).values()];
      if (last.length === 0) return;
      const values = [
        textArray(last.map(({ owner }) => owner)),
        int4Array(last.map(({ partition }) => partition)),
        textArray(last.map(({ tier }) => tier)),
      ];
      await sql.query({ name: 'save-tiers', text: SAVE_TIERS, values });
    },
    policiesInForce: async (sql, programs, now) => {
      const values = [textArray([...programs]), instantFromMillis(now)];
      const { rows } = await sql.query<PolicyRow>({ name: 'policies-in-force', text: IN_FORCE, values });
      return new Map(rows.map((row) => [row.program, policies(row)]));
    },
    tiersOf: async (sql, owners) => {
      if (owners.length === 0) return new Map();
      const values = [textArray(owners)];
      const { rows } = await sql.query<{ owner: string; tier: string }>({ name: 'tiers-of', text: TIERS, values });
      return new Map(rows.map(({ owner, tier }) => [owner, tier]));
    },
  };
}
