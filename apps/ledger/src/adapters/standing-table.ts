import { int4Array, textArray } from '@jifen/event-store-postgres';
import { memberKey } from '@jifen/kernel';
import type { MemberStanding } from '@jifen/contracts';
import type { ClientBase } from 'pg';
import type { InactiveMember, Standings } from '../application/ports.ts';
import { memberReads } from './movement-reads.ts';

const SAVE = `
INSERT INTO member_standing (owner, partition, standing, actor)
SELECT * FROM unnest($1::text[], $2::int4[], $3::text[], $4::text[])
ON CONFLICT (owner) DO UPDATE SET standing = excluded.standing, actor = excluded.actor`;

const DROP = 'DELETE FROM member_standing WHERE owner = ANY ($1::text[])';

const OF = 'SELECT owner, standing, actor FROM member_standing WHERE owner = ANY ($1::text[])';

interface Row {
  readonly owner: string;
  readonly standing: MemberStanding['standing'];
  readonly actor: string;
}

function inactiveOf({ owner, standing, actor }: Row): InactiveMember {
  const [program = '', member = ''] = owner.split('/');
  return { program, member, standing, actor };
}

export const standingTable: Standings<Pick<ClientBase, 'query'>> = {
  saveStandings: async (sql, standings, partitionOf) => {
    // The last of a member counts; one statement may not touch a row twice.
    const last = new Map(standings.map((each) => [memberKey(each.program, each.member), each]));
    const gone = [...last].filter(([, { standing }]) => standing === 'active').map(([owner]) => owner);
    const kept = [...last].filter(([, { standing }]) => standing !== 'active');
    if (gone.length > 0) await sql.query(DROP, [textArray(gone)]);
    if (kept.length === 0) return;
    await sql.query(SAVE, [
      textArray(kept.map(([owner]) => owner)),
      int4Array(kept.map(([owner]) => partitionOf(owner))),
      textArray(kept.map(([, { standing }]) => standing)),
      textArray(kept.map(([, { actor }]) => actor)),
    ]);
  },

  standingsOf: async (sql, owners) => {
    if (owners.length === 0) return new Map();
    const values = [textArray(owners)];
    const { rows } = await sql.query<Row>({ name: 'standings-of', text: OF, values });
    return new Map(rows.map((row) => [row.owner, inactiveOf(row)]));
  },
};

/** What is known of members beside their accounts. */
export const MEMBER_TABLES = { standings: standingTable, members: memberReads };
