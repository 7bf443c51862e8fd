import { SCHEMAS } from '@jifen/contracts';
import { instantFromMillis, parseInstant, type Instant } from '@jifen/kernel';
import type { EventStore } from '@jifen/event-store';
import {
  answered,
  IsInstant,
  PrincipalOf,
  ProblemError,
  RequireScope,
  TraceparentOf,
  YamlBody,
  type Principal,
} from '@jifen/service-host';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { PoolClient } from 'pg';
import { saveDraft, violationsOf, type SavedDraft } from '../application/draft-program.ts';
import type { Draft, RulesTables } from '../application/ports.ts';
import type { ProgramCatalog } from '../application/program-catalog.ts';
import { publishProgram, type Publication } from '../application/publish-program.ts';
import {
  diffDocuments,
  listVersions,
  viewOf,
  type DocumentDiff,
  type VersionPage,
  type VersionView,
} from '../application/program-versions.ts';
import { answerDocument, DocumentOf, type LocatedViolation, type SentDocument } from './document-body.ts';
import { yamlText } from './document-text.ts';
import type { Queryable } from './queryable.ts';
import { DOCUMENT_NAME, documentNameOf, PAGE, revisionOf } from './requests.ts';

const MAX_VERSIONS = 100;

const DOCUMENT: Parameters<typeof ApiBody>[0] = {
  schema: {
    type: 'object',
    description: 'A program document; what is wrong with it is answered with pointers.',
    required: [...SCHEMAS.program.required],
    additionalProperties: true,
  },
};

export const PROGRAM_DESK = Symbol('PROGRAM_DESK');

export interface ProgramDesk {
  /** The program log. */
  readonly store: EventStore<PoolClient>;
  readonly tables: RulesTables<Queryable>;
  readonly catalog: ProgramCatalog<Queryable>;
  readonly sql: Queryable;
  readonly clock: () => number;
}

/** A draft as it was saved, and what keeps it from being published. */
export interface LocatedDraft extends Omit<SavedDraft, 'violations'> {
  readonly violations: readonly LocatedViolation[];
}

export interface Verdict {
  readonly valid: boolean;
  readonly violations: readonly LocatedViolation[];
}

interface Reply {
  header(name: string, value: string): unknown;
}

export class VersionParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly version!: number;
}

export class VersionsQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_VERSIONS)
  readonly limit: number = PAGE;

  /** Versions before this one. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly cursor?: number;
}

export class PublishBody {
  @IsOptional()
  @IsInstant()
  readonly effectiveFrom?: string;

  /** An older version to publish again: a roll back. The draft when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly version?: number;
}

export class DiffQuery {
  @IsOptional()
  @Matches(DOCUMENT_NAME, { message: 'must be draft, in-force or the number of a version' })
  readonly from: string = 'in-force';

  @IsOptional()
  @Matches(DOCUMENT_NAME, { message: 'must be draft, in-force or the number of a version' })
  readonly to: string = 'draft';
}

@ApiTags('program')
@Controller('v1/program')
export class ProgramController {
  constructor(@Inject(PROGRAM_DESK) private readonly desk: ProgramDesk) {}

  @Get()
  @RequireScope('program:read')
  @ApiProduces('application/json', 'application/yaml')
  @ApiOperation({
    summary: 'The draft; its ETag is the revision for If-Match. Accept: application/yaml gives the document alone',
  })
  async draft(
    @PrincipalOf() { program }: Principal,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Draft | string> {
    const draft = await this.desk.tables.draft(this.desk.sql, program);
    if (draft === undefined) throw new ProblemError({ code: 'not_found', detail: 'there is no draft yet' });
    reply.header('etag', `"${draft.revision}"`);
    return answerDocument(accept, reply, draft);
  }

  @Put()
  @YamlBody()
  @RequireScope('program:write')
  @ApiConsumes('application/json', 'application/yaml')
  @ApiBody(DOCUMENT)
  @ApiOperation({ summary: 'Replaces the draft, valid or not, and tells what keeps it from being published' })
  async save(
    @PrincipalOf() { program, keyId: by, keyName: byName }: Principal,
    @DocumentOf() { value: document, located }: SentDocument,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<LocatedDraft> {
    const { tables, sql, clock } = this.desk;
    const expected = revisionOf(ifMatch);
    const saved = answered(await saveDraft(tables, sql, { program, by, byName, document, expected, now: clock() }));
    reply.header('etag', `"${saved.revision}"`);
    return { ...saved, violations: located(saved.violations) };
  }

  @Post('validate')
  @HttpCode(200)
  @YamlBody()
  @RequireScope('program:read')
  @ApiConsumes('application/json', 'application/yaml')
  @ApiBody(DOCUMENT)
  @ApiOperation({ summary: 'What is wrong with a document, with pointers (and lines, of YAML); writes nothing' })
  validate(@DocumentOf() { value: document, located }: SentDocument): Verdict {
    const violations = located(violationsOf(document));
    return { valid: violations.length === 0, violations };
  }

  @Post('publish')
  @HttpCode(200)
  @RequireScope('program:publish')
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the draft as it was read' })
  @ApiOperation({
    summary:
      'Makes the draft, or an older version again, the next version. Only the first version may hold from an instant that is past',
  })
  async publish(
    @PrincipalOf() { program, keyId: by, keyName: byName }: Principal,
    @Body() { effectiveFrom: from, version: copyOf }: PublishBody,
    @Headers('if-match') ifMatch: string | undefined,
    @TraceparentOf() traceparent: string,
  ): Promise<Publication> {
    const effectiveFrom = from === undefined ? undefined : parseInstant(from);
    const expected = revisionOf(ifMatch);
    const meta = { traceparent };
    return answered(await publishProgram(this.desk, { program, by, byName, copyOf, expected, effectiveFrom, meta }));
  }

  @Get('diff')
  @RequireScope('program:read')
  @ApiProduces('application/json', 'text/plain')
  @ApiOperation({
    summary: 'What changed between two documents, by rule and as text. Accept: text/plain gives the text alone',
  })
  async diff(
    @PrincipalOf() { program }: Principal,
    @Query() { from, to }: DiffQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<DocumentDiff | string> {
    const request = { program, from: documentNameOf(from), to: documentNameOf(to), now: this.#now(), textOf: yamlText };
    const diff = answered(await diffDocuments(this.desk, request));
    if (accept?.includes('text/plain') !== true) return diff;
    reply.header('content-type', 'text/plain; charset=utf-8');
    return diff.text;
  }

  @Get('versions')
  @RequireScope('program:read')
  @ApiOperation({ summary: 'Published versions, newest first: who, when, and whether they are in force' })
  versions(@PrincipalOf() { program }: Principal, @Query() query: VersionsQuery): Promise<VersionPage> {
    const before = query.cursor ?? Number.MAX_SAFE_INTEGER;
    return listVersions(this.desk, { program, before, limit: query.limit, now: this.#now() });
  }

  @Get('versions/:version')
  @RequireScope('program:read')
  @ApiProduces('application/json', 'application/yaml')
  @ApiOperation({
    summary: 'One published version with its document. Accept: application/yaml gives the document alone',
  })
  async version(
    @PrincipalOf() { program }: Principal,
    @Param() { version }: VersionParams,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<(VersionView & { readonly document: unknown }) | string> {
    const { tables, catalog, sql } = this.desk;
    await catalog.refresh(sql);
    const found = await tables.version(sql, program, version);
    if (found === undefined) throw new ProblemError({ code: 'not_found', detail: `there is no version ${version}` });
    const view = viewOf(found, catalog.placesOf(program), this.#now());
    return answerDocument(accept, reply, { ...view, document: found.document });
  }

  #now(): Instant {
    return instantFromMillis(this.desk.clock());
  }
}
