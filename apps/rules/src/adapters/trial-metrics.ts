import { instantFromMillis } from '@jifen/kernel';
import { answerOf } from '@jifen/service-host';
import { Gauge, type Registry } from 'prom-client';
import type { Queryable } from './queryable.ts';

const HOUR = 3_600_000;

const SIMULATIONS = `
  SELECT count(*) FILTER (WHERE state = 'queued') AS queued,
         count(*) FILTER (WHERE state = 'running') AS running,
         count(*) FILTER (WHERE state = 'failed' AND finished_at >= $1::timestamptz) AS failed
    FROM simulation`;

const SHADOWS = `
  SELECT (SELECT count(*) FROM shadow) AS shadows,
         sum((part->>'rated')::bigint) AS rated,
         sum((part->>'dropped')::bigint) AS dropped,
         sum((part->'tally'->>'members')::bigint) AS members,
         sum((part->'tally'->>'affected')::bigint) AS differing,
         sum((part->>'membersNotFollowed')::bigint) AS not_followed
    FROM shadow_part JOIN shadow ON shadow.id = shadow_part.shadow`;

type Row<Name extends string> = Readonly<Record<Name, string | null>>;

/** What is tried before it is published, of all programs and processes; asked of the database when the metrics are. */
export function observeTrials(registry: Registry, sql: Queryable, clock: () => number): void {
  const registers = [registry];
  new Gauge({
    name: 'jifen_rules_simulations',
    help: 'Simulations of history that wait or run, and those that failed within the last hour',
    labelNames: ['state'],
    registers,
    async collect() {
      const question = sql.query<Row<'queued' | 'running' | 'failed'>>(SIMULATIONS, [
        instantFromMillis(Math.max(0, clock() - HOUR)),
      ]);
      const row = (await answerOf(registry, 'jifen_rules_simulations', question))?.rows[0];
      this.reset();
      for (const [state, count] of Object.entries(row ?? {})) this.set({ state }, Number(count));
    },
  });
  const items = new Gauge({
    name: 'jifen_rules_shadow_items',
    help: 'Of the shadows that run: live messages rated under both programs, and those let pass under load',
    labelNames: ['outcome'],
    registers,
  });
  const members = new Gauge({
    name: 'jifen_rules_shadow_members',
    help: 'Of the shadows that run: members whose points are the same, differ, and those beyond the bound of a process',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: 'jifen_rules_shadows',
    help: 'Drafts that run beside the version in force',
    registers,
    async collect() {
      const question = sql.query<Row<'shadows' | 'rated' | 'dropped' | 'members' | 'differing' | 'not_followed'>>(
        SHADOWS,
        [],
      );
      const row = (await answerOf(registry, 'jifen_rules_shadows', question))?.rows[0];
      if (row === undefined) return;
      this.set(Number(row.shadows));
      items.set({ outcome: 'rated' }, Number(row.rated));
      items.set({ outcome: 'dropped' }, Number(row.dropped));
      members.set({ outcome: 'same' }, Number(row.members) - Number(row.differing));
      members.set({ outcome: 'differ' }, Number(row.differing));
      members.set({ outcome: 'not-followed' }, Number(row.not_followed));
    },
  });
}
