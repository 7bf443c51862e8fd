import { PROBLEMS } from '@jifen/contracts';
import { PrincipalOf, ProblemError, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { redrive, RedriveCommand } from '../application/redrive.ts';
import { KEPT_RECORDS, REDRIVE } from '../tokens.ts';
import type { KeptDetail, KeptRecords, KeptSummary, Page, WaitingSummary } from './kept-records.ts';
import { PageDto, RedriveDto, RejectedDto } from './rejected.dto.ts';

export type Redrive = (command: RedriveCommand) => ReturnType<typeof redrive>;

const DEFAULT_LIMIT = 50;

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
  again(@Body() body: RedriveDto, @PrincipalOf() { program }: Principal): ReturnType<Redrive> {
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
