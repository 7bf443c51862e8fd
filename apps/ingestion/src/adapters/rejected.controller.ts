import { PROBLEMS } from '@jifen/contracts';
import { PrincipalOf, ProblemError, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RedriveCommand, RedriveReport } from '../application/redrive.ts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { RECORD_KINDS, type RecordKind } from '../application/submission.ts';
import { KEPT_RECORDS, REDRIVE } from '../tokens.ts';
import type { KeptDetail, KeptRecords, KeptSummary, Page, WaitingSummary } from './kept-records.ts';

export type Redrive = (command: RedriveCommand) => Promise<RedriveReport>;

const DEFAULT_LIMIT = 50;

const MAX_LIMIT = 200;
const MAX_IDS = 1000;
const CURSOR = /^\d{1,15}$/;

export class PageDto {
  /** `next` of the page before. */
  @IsOptional()
  @Matches(CURSOR)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit?: number;
}

export class RejectedDto extends PageDto {
  @IsOptional()
  @IsIn(RECORD_KINDS)
  kind?: RecordKind;

  @IsOptional()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @MaxLength(128)
  source?: string;

  @IsOptional()
  @IsIn(['open', 'redriven', 'all'])
  state?: 'open' | 'redriven' | 'all';
}

export class RedriveDto {
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_IDS)
  @Matches(/^[0-9a-f]{32}$/, { each: true })
  ids?: string[];

  /** Every record that is open, within the filters. */
  @IsOptional()
  @IsBoolean()
  all?: boolean;

  @IsOptional()
  @IsIn(RECORD_KINDS)
  kind?: RecordKind;

  @IsOptional()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @MaxLength(128)
  source?: string;

  /** `next` of the call before. */
  @IsOptional()
  @Matches(CURSOR)
  cursor?: string;

  /** Answer what would happen and write nothing. */
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

const isProblemCode = (code: string): boolean => Object.hasOwn(PROBLEMS, code);

const invalid = (pointer: string, message: string): ProblemError =>
  new ProblemError({ code: 'invalid_request', detail: 'some fields are not valid', errors: [{ pointer, message }] });

@ApiTags('ingestion')
@ApiBearerAuth()
@Controller('v1')
export class RejectedController {
  constructor(
    @Inject(KEPT_RECORDS) private readonly kept: KeptRecords,
    @Inject(REDRIVE) private readonly redrive: Redrive,
  ) {}

  @Get('rejected')
  @RequireScope('rejected:read')
  @ApiOperation({ summary: 'Records that were refused, oldest first' })
  list(@Query() query: RejectedDto, @PrincipalOf() { program }: Principal): Promise<Page<KeptSummary>> {
    const { cursor, limit, ...filter } = query;
    if (filter.code !== undefined && !isProblemCode(filter.code)) throw invalid('/code', 'is no problem code');
    return this.kept.page(program, filter, Number(cursor ?? 0), limit ?? DEFAULT_LIMIT);
  }

  @Get('rejected/:id')
  @RequireScope('rejected:read')
  @ApiOperation({ summary: 'A refused record with its bytes' })
  async one(@Param('id') id: string, @PrincipalOf() { program }: Principal): Promise<KeptDetail> {
    const found = /^[0-9a-f]{32}$/.test(id) ? await this.kept.one(program, id) : undefined;
    if (found === undefined) throw new ProblemError({ code: 'not_found', detail: 'no such record is kept' });
    return found;
  }

  @Get('waiting-refunds')
  @RequireScope('rejected:read')
  @ApiOperation({ summary: 'Refund notices whose order is not known yet, oldest first' })
  waiting(@Query() { cursor, limit }: PageDto, @PrincipalOf() { program }: Principal): Promise<Page<WaitingSummary>> {
    return this.kept.waiting(program, Number(cursor ?? 0), limit ?? DEFAULT_LIMIT);
  }

  @Post('rejected/redrive')
  @HttpCode(200)
  @RequireScope('rejected:write')
  @ApiOperation({ summary: 'Send refused records through the same way again, e.g. after an identity was linked' })
  again(@Body() body: RedriveDto, @PrincipalOf() { program }: Principal): Promise<RedriveReport> {
    const { all, ids, dryRun, cursor, kind, code, source } = body;
    if ((ids === undefined) === (all !== true)) throw invalid('/ids', 'or all must be given, and not both');
    const filter = {
      ...(ids === undefined ? {} : { ids }),
      ...(kind === undefined ? {} : { kind }),
      ...(code === undefined ? {} : { code }),
      ...(source === undefined ? {} : { source }),
    };
    return this.redrive({ program, filter, after: Number(cursor ?? 0), dryRun: dryRun ?? false });
  }
}
