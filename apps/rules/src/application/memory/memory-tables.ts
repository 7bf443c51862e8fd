import type { MemorySql } from '@jifen/event-store';
import type { TierSince } from '@jifen/contracts';
import type { FactsSince } from '@jifen/rules';
import type { Draft, IndexedVersion, OnceRow, PublishedVersion, RulesTables } from '../ports.ts';
import { memoryApprovals } from './memory-approvals.ts';
import { memoryReferrals } from './memory-referrals.ts';
import { memoryWindows } from './memory-windows.ts';

const versions = (sql: MemorySql): Map<string, PublishedVersion> => sql.table<PublishedVersion>('program_version');
const timelines = (sql: MemorySql): Map<string, readonly TierSince[]> => sql.table('tier_timeline');
const factSets = (sql: MemorySql): Map<string, readonly FactsSince[]> => sql.table('member_facts');
const onceRows = (sql: MemorySql): Map<string, OnceRow> => sql.table('once_award');
const drafts = (sql: MemorySql): Map<string, Draft> => sql.table('program_draft');

const inOrder = (sql: MemorySql): readonly PublishedVersion[] =>
  [...versions(sql).values()].sort((a, b) =>
    a.program === b.program ? a.version - b.version : a.program < b.program ? -1 : 1,
  );

export const indexed = (version: PublishedVersion): IndexedVersion => ({
  ...version,
  refers: typeof version.document === 'object' && version.document !== null && 'referral' in version.document,
});

/** The twin of the service's tables: what program tests, simulations and shadows rate with. Gone with its database. */
export const memoryTables: RulesTables<MemorySql> = {
  ...memoryWindows,
  ...memoryReferrals,
  ...memoryApprovals,
  countVersions: (sql) => Promise.resolve(versions(sql).size),
  allVersions: (sql) => Promise.resolve(inOrder(sql).map(indexed)),
  versionsOf: (sql, program, before, limit) => {
    const own = inOrder(sql).filter((each) => each.program === program && each.version < before);
    return Promise.resolve(own.toReversed().slice(0, limit));
  },
  version: (sql, program, version) => Promise.resolve(versions(sql).get(`${program}/${version}`)),
  newestVersion: (sql, program) => Promise.resolve(inOrder(sql).findLast((each) => each.program === program)),
  insertVersion: (sql, version) => {
    versions(sql).set(`${version.program}/${version.version}`, version);
    return Promise.resolve();
  },
  draft: (sql, program) => Promise.resolve(drafts(sql).get(program)),
  saveDraft: (sql, program, draft, expected) => {
    const revision = drafts(sql).get(program)?.revision ?? 0;
    if (expected !== undefined && expected !== revision) return Promise.resolve(undefined);
    drafts(sql).set(program, { ...draft, revision: revision + 1 });
    return Promise.resolve(revision + 1);
  },
  timelinesOf: (sql, owners) => {
    const known = timelines(sql);
    return Promise.resolve(
      new Map(
        owners.flatMap((owner) => {
          const timeline = known.get(owner);
          return timeline === undefined ? [] : [[owner, timeline] as const];
        }),
      ),
    );
  },
  saveTimelines: (sql, rows) => {
    for (const [owner, timeline] of rows) timelines(sql).set(owner, timeline);
    return Promise.resolve();
  },
  factsOf: (sql, owners) => {
    const known = factSets(sql);
    return Promise.resolve(new Map(owners.map((owner) => [owner, known.get(owner) ?? []])));
  },
  saveFacts: (sql, rows) => {
    for (const [owner, timeline] of rows) factSets(sql).set(owner, timeline);
    return Promise.resolve();
  },
  onceOf: (sql, owners) => {
    const asked = new Set(owners);
    return Promise.resolve([...onceRows(sql).values()].filter(({ owner }) => asked.has(owner)));
  },
  saveOnce: (sql, rows) => {
    for (const row of rows) onceRows(sql).set(`${row.owner}/${row.rule}`, row);
    return Promise.resolve();
  },
};
