import type { LedgerEntry } from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { createPostgresEventStore } from '@jifen/event-store-postgres';
import { parseInstant, type Instant } from '@jifen/kernel';
import { EXIT_OK, optional, required, UsageError, type Command, type Invocation } from '../command.ts';
import { partitionsOf, partOf, withPool } from '../logs.ts';
import { writeCsv } from './csv.ts';

/** Postings read at a time. */
const PAGE = 1_000;

const HEADER = [
  ...['posting', 'member', 'currency', 'type', 'reason', 'points', 'moved', 'available', 'pending', 'held', 'debt'],
  ...['rule', 'source', 'source_id', 'revision', 'reference', 'actor', 'occurred_at', 'effective_at', 'recorded_at'],
];

interface Wanted {
  readonly program: string;
  /** Recorded at or after, and before. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
}

export const EXPORT_POSTINGS: Command = {
  name: 'export postings',
  summary: 'All postings of a program, in the order of the log, as CSV',
  usage: '<file.csv> --program <id> [--from <instant>] [--to <instant>]',
  positionals: 1,
  options: {
    program: { type: 'string', help: 'whose postings' },
    from: { type: 'string', help: 'recorded at this instant or later, e.g. 2026-11-01T00:00:00+08:00' },
    to: { type: 'string', help: 'recorded before this instant' },
  },
  run: async (invocation) => {
    const [path = ''] = invocation.positionals;
    const program = required(invocation, 'program');
    const wanted = { program, from: instantAsked(invocation, 'from'), to: instantAsked(invocation, 'to') };
    let postings = 0;
    await writeCsv(path, HEADER, (write) =>
      walk(invocation, async (page) => {
        const rows = page.filter((event) => isWanted(event, wanted)).map(cellsOf);
        postings += rows.length;
        await write(rows);
      }),
    );
    invocation.answer({ file: path, program, postings }, [`${postings} postings of ${program} are in ${path}`]);
    return EXIT_OK;
  },
};

function instantAsked(invocation: Invocation, name: string): Instant | undefined {
  const text = optional(invocation, name);
  const at = text === undefined ? undefined : parseInstant(text);
  if (text !== undefined && at === undefined) throw new UsageError(`--${name} must be an instant with an offset`);
  return at;
}

/** The ledger's log as it is when the walk begins, partition by partition. */
async function walk(invocation: Invocation, each: (page: readonly StoredEvent[]) => Promise<void>): Promise<void> {
  const progress = invocation.progress('Exporting');
  await withPool(invocation, async (pool) => {
    const partitions = await partitionsOf(pool, 'ledger');
    if (partitions === 0) throw new UsageError('there is no ledger in this database');
    const store = createPostgresEventStore({ ...partOf(pool, 'ledger'), partitions, clock: Date.now });
    const heads = await store.heads();
    const total = heads.reduce((sum, head) => sum + head, 0);
    let done = 0;
    for (const [partition, head] of heads.entries()) {
      for (let position = 0; position < head;) {
        const page = await store.readLog(partition, position, Math.min(PAGE, head - position));
        if (page.length === 0) throw new Error(`ledger-${partition}-${position + 1} is missing: see jifen verify`);
        await each(page);
        position += page.length;
        done += page.length;
        progress(done, total);
      }
    }
  });
}

const isWanted = ({ key, recordedAt }: StoredEvent, { program, from, to }: Wanted): boolean =>
  key.startsWith(`${program}/`) && (from === undefined || recordedAt >= from) && (to === undefined || recordedAt < to);

function cellsOf(event: StoredEvent): readonly string[] {
  const { log, partition, position, type, occurredAt, effectiveAt, recordedAt } = event;
  const entry = JSON.parse(event.data) as LedgerEntry;
  const { member, currency, reason, points, moved, balance, rule, cause, reference, actor } = entry;
  return [
    `${log}-${partition}-${position}`,
    ...[member, currency, type, reason, String(points), String(moved ?? 0)],
    ...[balance.available, balance.pending, balance.held, balance.debt].map(String),
    ...[rule ?? '', cause?.source ?? '', cause?.id ?? '', String(cause?.revision ?? ''), reference ?? '', actor ?? ''],
    ...[occurredAt, effectiveAt, recordedAt],
  ];
}
