import { SCHEMAS } from '@jifen/contracts';
import { parseInstant } from '@jifen/kernel';
import type { EventStore } from '@jifen/event-store';
import { PrincipalOf, ProblemError, RequireScope, TraceparentOf, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { PoolClient } from 'pg';
import { saveDraft, violationsOf, type SavedDraft } from '../application/draft-program.ts';
import type { Draft, PublishedVersion, RulesTables } from '../application/ports.ts';
import type { ProgramCatalog } from '../application/program-catalog.ts';
import { publishProgram, type Publication } from '../application/publish-program.ts';
import { simulate, type Simulation } from '../application/simulate.ts';
import type { Queryable } from './queryable.ts';
import { answer, IsInstant, PAGE, revisionOf } from './requests.ts';

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

interface Reply {
  header(name: string, value: string): unknown;
}

interface VersionPage {
  readonly data: readonly Omit<PublishedVersion, 'document'>[];
  readonly next?: number;
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
}

export class SimulateBody {
  @Allow()
  readonly order?: unknown;

  @Allow()
  readonly activity?: unknown;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly tier?: string;

  @Allow()
  readonly document?: unknown;

  @IsOptional()
  @IsBoolean()
  readonly draft?: boolean;
}

@ApiTags('program')
@Controller('v1/program')
export class ProgramController {
  constructor(@Inject(PROGRAM_DESK) private readonly desk: ProgramDesk) {}

  @Get()
  @RequireScope('program:read')
  @ApiOperation({ summary: 'The draft; its ETag is the revision for If-Match' })
  async draft(@PrincipalOf() { program }: Principal, @Res({ passthrough: true }) reply: Reply): Promise<Draft> {
    const draft = await this.desk.tables.draft(this.desk.sql, program);
    if (draft === undefined) throw new ProblemError({ code: 'not_found', detail: 'there is no draft yet' });
    reply.header('etag', `"${draft.revision}"`);
    return draft;
  }

  @Put()
  @RequireScope('program:write')
  @ApiBody(DOCUMENT)
  @ApiOperation({ summary: 'Replaces the draft, valid or not, and tells what keeps it from being published' })
  async save(
    @PrincipalOf() { program, keyId: by }: Principal,
    @Body() document: object,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SavedDraft> {
    const { tables, sql, clock } = this.desk;
    const expected = revisionOf(ifMatch);
    const saved = answer(await saveDraft(tables, sql, { program, by, document, expected, now: clock() }));
    reply.header('etag', `"${saved.revision}"`);
    return saved;
  }

  @Post('validate')
  @HttpCode(200)
  @RequireScope('program:read')
  @ApiBody(DOCUMENT)
  @ApiOperation({ summary: 'What is wrong with a document, with pointers; writes nothing' })
  validate(@Body() document: object): Pick<SavedDraft, 'violations'> & { readonly valid: boolean } {
    const violations = violationsOf(document);
    return { valid: violations.length === 0, violations };
  }

  @Post('publish')
  @HttpCode(200)
  @RequireScope('program:write')
  @ApiOperation({
    summary: 'Makes the draft the next version. Only the first version may hold from an instant that is past',
  })
  async publish(
    @PrincipalOf() { program, keyId: by }: Principal,
    @Body() { effectiveFrom: from }: PublishBody,
    @TraceparentOf() traceparent: string,
  ): Promise<Publication> {
    const effectiveFrom = from === undefined ? undefined : parseInstant(from);
    return answer(await publishProgram(this.desk, { program, by, effectiveFrom, meta: { traceparent } }));
  }

  @Get('versions')
  @RequireScope('program:read')
  @ApiOperation({ summary: 'Published versions, newest first' })
  async versions(@PrincipalOf() { program }: Principal, @Query() query: VersionsQuery): Promise<VersionPage> {
    const before = query.cursor ?? Number.MAX_SAFE_INTEGER;
    const rows = await this.desk.tables.versionsOf(this.desk.sql, program, before, query.limit);
    const last = rows.length < query.limit ? undefined : rows.at(-1);
    const data = rows.map(({ version, effectiveFrom, publishedAt, publishedBy }) => ({
      program,
      version,
      effectiveFrom,
      publishedAt,
      publishedBy,
    }));
    return last === undefined ? { data } : { data, next: last.version };
  }

  @Get('versions/:version')
  @RequireScope('program:read')
  @ApiOperation({ summary: 'One published version with its document' })
  async version(@PrincipalOf() { program }: Principal, @Param() { version }: VersionParams): Promise<PublishedVersion> {
    const found = await this.desk.tables.version(this.desk.sql, program, version);
    if (found === undefined) throw new ProblemError({ code: 'not_found', detail: `there is no version ${version}` });
    return found;
  }

  @Post('simulate')
  @HttpCode(200)
  @RequireScope('program:read')
  @ApiOperation({
    summary: 'What an order or activity would earn under a document, the draft or the version in force; writes nothing',
  })
  async simulate(@PrincipalOf() { program }: Principal, @Body() body: SimulateBody): Promise<Simulation> {
    return answer(await simulate(this.desk, { ...body, program }));
  }
}
