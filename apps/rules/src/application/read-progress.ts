import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, memberKey, type Instant, type Outcome } from '@jifen/kernel';
import { bucketsAt, enrolmentBucket, goalsOf, type CompiledProgram, type Enrolment, type Goal } from '@jifen/rules';
import type { WindowTables } from './ports.ts';
import type { ProgramCatalog } from './program-catalog.ts';
import { lookBackFrom } from './window/read-ahead.ts';
import { WindowBook } from './window/window-book.ts';

export interface ProgressParts<Sql> {
  readonly tables: WindowTables<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly sql: Sql;
}

export interface ProgressView {
  readonly member: string;
  readonly at: Instant;
  /** 0 when none is in force. */
  readonly programVersion: number;
  readonly data: readonly Goal[];
}

/** How far a member is on the way to targets, bonuses of streaks and limits, under the version in force. */
export async function readProgress<Sql>(
  parts: ProgressParts<Sql>,
  { program, member, now }: { readonly program: string; readonly member: string; readonly now: number },
): Promise<Outcome<ProgressView, Problem>> {
  const { tables, catalog, sql } = parts;
  const at = instantFromMillis(now);
  await catalog.refresh(sql);
  const inForce = await catalog.at(sql, program, at);
  if (inForce?.windows === undefined) return accept({ member, at, programVersion: inForce?.version ?? 0, data: [] });
  const held = await catalog.effective(sql, program, inForce.version, at);
  const { windows = inForce.windows } = held;
  const owner = memberKey(program, member);
  const book = new WindowBook(sql, tables);
  await book.load([{ owner, from: lookBackFrom(held, at) }]);
  const challenges = windows.targets.filter(({ window }) => typeof window === 'object').map(({ rule }) => rule);
  const buckets = [...bucketsAt(held.calendar, windows, at), ...challenges.map(enrolmentBucket)];
  await book.loadTotals(new Map([[owner, buckets]]));
  const enrolments = await enrolmentsOf(parts, program, owner, book, challenges, at);
  return accept({
    member,
    at,
    programVersion: inForce.version,
    data: goalsOf(held, book.history(owner), at, enrolments),
  });
}

/** The member's enrolments, with the causes since those that still run. */
async function enrolmentsOf<Sql>(
  { catalog, sql }: ProgressParts<Sql>,
  program: string,
  owner: string,
  book: WindowBook<Sql>,
  challenges: readonly string[],
  at: Instant,
): Promise<ReadonlyMap<string, Enrolment>> {
  const enrolments = new Map<string, Enrolment>();
  for (const rule of challenges) {
    const [millis, version] = book.history(owner).totals.of(enrolmentBucket(rule));
    if (version === 0) continue;
    const joined = { at: instantFromMillis(millis), program: await catalog.version(sql, program, version) };
    enrolments.set(rule, joined);
    if (isRunning(joined.program, rule, joined.at, at)) await book.load([{ owner, from: joined.at }]);
  }
  return enrolments;
}

function isRunning({ windows, calendar }: CompiledProgram, rule: string, joined: Instant, at: Instant): boolean {
  const window = windows?.targets.find((target) => target.rule === rule)?.window;
  return typeof window === 'object' && calendar.addDays(joined, window.days) > at;
}
