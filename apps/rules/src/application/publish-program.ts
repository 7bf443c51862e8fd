import {
  formatToken,
  type Problem,
  type ProgramDocument,
  type ProgramPublished,
  type Violation,
} from '@jifen/contracts';
import type { EventMeta, EventStore } from '@jifen/event-store';
import {
  accept,
  canonicalJson,
  instantFromMillis,
  partitionOf,
  refuse,
  type Instant,
  type Outcome,
} from '@jifen/kernel';
import { validateProgram } from '@jifen/rules';
import type { Draft, PublishedVersion, RulesTables } from './ports.ts';

export interface PublishParts<Sql> {
  /** The program log. */
  readonly store: EventStore<Sql>;
  readonly tables: RulesTables<Sql>;
}

export interface PublishCommand {
  readonly program: string;
  /** Id of the key or the part of the system that publishes. */
  readonly by: string;
  readonly byName?: string | undefined;
  /** Now when absent. */
  readonly effectiveFrom?: Instant | undefined;
  /** The draft when absent. */
  readonly document?: unknown;
  /** An older version to say again, instead of a document: a roll back. */
  readonly copyOf?: number | undefined;
  /** Only when the draft still has this revision. */
  readonly expected?: number | undefined;
  readonly meta?: EventMeta;
}

export interface Publication {
  readonly version: number;
  readonly effectiveFrom: Instant;
  /** Where it stands in the program log: a reader of programs can wait for it. */
  readonly token: string | undefined;
  /** False: the newest version says the same already, and nothing was written. */
  readonly published: boolean;
}

/**
 * Makes a document the next version of its program. The first version may hold from any instant; a later one from now on, and
 * not from before the newest, so that what was rated stays as it was rated.
 */
export async function publishProgram<Sql>(
  { store, tables }: PublishParts<Sql>,
  command: PublishCommand,
): Promise<Outcome<Publication, Problem>> {
  const { program } = command;
  const partition = partitionOf(program, store.partitions);
  return store.transact({ partitions: [partition] }, async (tx) => {
    const chosen = await choose(tables, tx.sql, command);
    if (!chosen.ok) return chosen;
    const { document, draft } = chosen.value;
    const validation = validateProgram(document);
    if (!validation.ok) {
      const detail = 'the program cannot be published as it is';
      return refuse({ code: 'invalid_program', detail, errors: validation.violations });
    }
    const newest = await tables.newestVersion(tx.sql, program);
    if (newest !== undefined && saysTheSame(newest, document, command.effectiveFrom)) {
      const { version, effectiveFrom } = newest;
      return accept({ version, effectiveFrom, token: undefined, published: false });
    }
    const publishedAt = instantFromMillis(tx.now);
    const from = effectiveAfter(newest, validation.document, command.effectiveFrom, publishedAt);
    if (!from.ok) return from;
    // The draft gets a new revision: who publishes by the old one has not seen this version.
    const moved = draft === undefined || (await tables.saveDraft(tx.sql, program, draft, draft.revision)) !== undefined;
    if (!moved && command.expected !== undefined) return refuse(draftMoved(command.expected));
    const [version, effectiveFrom] = [(newest?.version ?? 0) + 1, from.value];
    const place = { program, version, effectiveFrom, publishedBy: command.by };
    const { byName: publishedByName, copyOf } = command;
    await tables.insertVersion(tx.sql, { ...place, publishedAt, publishedByName, copyOf, document });
    const event: ProgramPublished = { ...place, document: { ...validation.document } };
    const { position } = tx.append(partition, {
      ...{ stream: program, version, key: program, type: 'program.published', schemaVersion: 1 },
      ...{ data: JSON.stringify(event), meta: command.meta ?? {}, occurredAt: publishedAt, effectiveAt: effectiveFrom },
    });
    const token = formatToken({ log: 'program', positions: new Map([[partition, position]]) });
    return accept({ version, effectiveFrom, token, published: true });
  });
}

/** From when on a document can follow the newest version. */
function effectiveAfter(
  newest: PublishedVersion | undefined,
  document: ProgramDocument,
  wished: Instant | undefined,
  now: Instant,
): Outcome<Instant, Problem> {
  if (newest === undefined) return accept(wished ?? now);
  const recast = movedRules(newest, document);
  if (recast.length > 0) return refuse({ code: 'invalid_program', detail: 'a rule keeps its meaning', errors: recast });
  const earliest = newest.effectiveFrom > now ? newest.effectiveFrom : now;
  if (wished === undefined || wished >= earliest) return accept(wished ?? earliest);
  const message = `must not be before ${earliest}: only the first version can hold from an instant that is past`;
  return refuse({
    code: 'invalid_request',
    detail: 'the version would change the past',
    errors: [{ pointer: '/effectiveFrom', message }],
  });
}

interface Chosen {
  readonly document: unknown;
  /** When it is what is published. */
  readonly draft?: Draft | undefined;
}

async function choose<Sql>(
  tables: RulesTables<Sql>,
  sql: Sql,
  { program, document, copyOf, expected }: PublishCommand,
): Promise<Outcome<Chosen, Problem>> {
  if (document !== undefined) return accept({ document });
  const draft = await tables.draft(sql, program);
  if (expected !== undefined && draft?.revision !== expected) return refuse(draftMoved(expected));
  if (copyOf !== undefined) {
    const older = await tables.version(sql, program, copyOf);
    if (older === undefined) return refuse({ code: 'not_found', detail: `there is no version ${copyOf}` });
    return accept({ document: older.document });
  }
  if (draft === undefined) return refuse({ code: 'not_found', detail: 'there is no draft to publish' });
  return accept({ document: draft.document, draft });
}

const draftMoved = (expected: number): Problem => ({
  code: 'version_conflict',
  detail: `the draft is no longer at revision ${expected}: somebody changed or published it`,
});

const saysTheSame = (newest: PublishedVersion, document: unknown, from: Instant | undefined): boolean =>
  (from === undefined || from === newest.effectiveFrom) && canonicalJson(newest.document) === canonicalJson(document);

/** The id of a rule is part of its awards: it cannot go on in another currency. */
function movedRules(newest: PublishedVersion, document: ProgramDocument): readonly Violation[] {
  const before = validateProgram(newest.document);
  const currencies = new Map(before.ok ? before.document.rules.map(({ id, currency }) => [id, currency]) : []);
  return document.rules.flatMap(({ id, currency }, index) => {
    const was = currencies.get(id);
    if (was === undefined || was === currency) return [];
    return [{ pointer: `/rules/${index}/currency`, message: `must stay ${was}, or the rule needs another id` }];
  });
}
