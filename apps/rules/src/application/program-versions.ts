import type { Problem } from '@jifen/contracts';
import { accept, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { diffLines, diffPrograms, isSame, type ProgramDiff } from '@jifen/rules';
import type { PublishedVersion, RulesTables, VersionPlace } from './ports.ts';
import type { ProgramCatalog } from './program-catalog.ts';

export interface VersionParts<Sql> {
  readonly tables: RulesTables<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly sql: Sql;
}

export type VersionState = 'scheduled' | 'in-force' | 'superseded';

/** A published version in the life of its program. */
export interface VersionView extends Omit<PublishedVersion, 'document'> {
  readonly state: VersionState;
  /** When a later version took or takes over; the version's own instant when it never held. */
  readonly supersededAt?: Instant;
}

export interface VersionPage {
  readonly data: readonly VersionView[];
  readonly next?: number;
}

export function viewOf(
  { document: _, ...version }: PublishedVersion,
  places: readonly VersionPlace[],
  now: Instant,
): VersionView {
  const later = places.filter((place) => place.version > version.version).map(({ effectiveFrom }) => effectiveFrom);
  const ends = later.reduce<Instant | undefined>(
    (least, from) => (least === undefined || from < least ? from : least),
    undefined,
  );
  const end = ends !== undefined && ends < version.effectiveFrom ? version.effectiveFrom : ends;
  return {
    ...version,
    state: stateOf(version.effectiveFrom, end, now),
    ...(end === undefined ? {} : { supersededAt: end }),
  };
}

function stateOf(from: Instant, end: Instant | undefined, now: Instant): VersionState {
  if (end !== undefined && (end <= now || end <= from)) return 'superseded';
  return from > now ? 'scheduled' : 'in-force';
}

export async function listVersions<Sql>(
  { tables, catalog, sql }: VersionParts<Sql>,
  request: { readonly program: string; readonly before: number; readonly limit: number; readonly now: Instant },
): Promise<VersionPage> {
  const { program, before, limit, now } = request;
  await catalog.refresh(sql);
  const rows = await tables.versionsOf(sql, program, before, limit);
  const data = rows.map((row) => viewOf(row, catalog.placesOf(program), now));
  const last = rows.length < limit ? undefined : rows.at(-1);
  return last === undefined ? { data } : { data, next: last.version };
}

/** What documents can be asked for by: a version's number, `draft`, or `in-force`. */
export type DocumentName = number | 'draft' | 'in-force';

export interface NamedDocument {
  readonly name: string;
  /** 0: not published. */
  readonly version: number;
  readonly document: unknown;
}

export async function findDocument<Sql>(
  { tables, catalog, sql }: VersionParts<Sql>,
  program: string,
  name: DocumentName,
  now: Instant,
): Promise<Outcome<NamedDocument, Problem>> {
  if (name === 'draft') {
    const draft = await tables.draft(sql, program);
    if (draft === undefined) return refuse({ code: 'not_found', detail: 'there is no draft' });
    return accept({ name: `draft ${draft.revision}`, version: 0, document: draft.document });
  }
  await catalog.refresh(sql);
  const inForce = catalog.placesOf(program).findLast(({ effectiveFrom }) => effectiveFrom <= now)?.version;
  const version = name === 'in-force' ? inForce : name;
  if (version === undefined) return refuse({ code: 'not_found', detail: 'no version is in force' });
  const found = await tables.version(sql, program, version);
  if (found === undefined) return refuse({ code: 'not_found', detail: `there is no version ${version}` });
  return accept({ name: `version ${version}`, version, document: found.document });
}

export interface DocumentDiff extends ProgramDiff {
  readonly from: string;
  readonly to: string;
  readonly same: boolean;
  /** As `diff -u` of the two as YAML. */
  readonly text: string;
}

export async function diffDocuments<Sql>(
  parts: VersionParts<Sql>,
  request: {
    readonly program: string;
    readonly from: DocumentName;
    readonly to: DocumentName;
    readonly now: Instant;
    readonly textOf: (document: unknown) => string;
  },
): Promise<Outcome<DocumentDiff, Problem>> {
  const { program, now, textOf } = request;
  const from = await findDocument(parts, program, request.from, now);
  if (!from.ok) return from;
  const to = await findDocument(parts, program, request.to, now);
  if (!to.ok) return to;
  return accept(diffOf(from.value, to.value, textOf));
}

export function diffOf(
  from: Pick<NamedDocument, 'name' | 'document'>,
  to: Pick<NamedDocument, 'name' | 'document'>,
  textOf: (document: unknown) => string,
): DocumentDiff {
  const diff = diffPrograms(from.document, to.document);
  const text = diffLines(textOf(from.document), textOf(to.document), from.name, to.name);
  return { from: from.name, to: to.name, same: isSame(diff), ...diff, text };
}
