import { instant } from '@jifen/kernel';
import { answered, IsInstant, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { readStandings, type StandingsPage } from '../application/read-standings.ts';
import { TIER_READS, type TierReads } from './tier.controller.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

export class StandingsQuery {
  @ApiPropertyOptional({
    description: 'an instant: where members stood then, by what is known now. Default: now',
    example: '2026-11-30T16:00:00Z',
  })
  @IsOptional()
  @IsInstant()
  readonly asOf?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  readonly limit?: number;

  @ApiPropertyOptional({ description: '`next` of the page before: it carries the moment of the first page' })
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  readonly cursor?: string;
}

@ApiTags('tiers')
@Controller('v1/standings')
export class StandingsController {
  constructor(@Inject(TIER_READS) private readonly reads: TierReads) {}

  @Get()
  @RequireScope('tier:read')
  @ApiOperation({ summary: 'Where all members stand by pages, all of one moment' })
  async standings(
    @PrincipalOf() { program }: Principal,
    @Query() { asOf, limit = DEFAULT_PAGE, cursor }: StandingsQuery,
  ): Promise<StandingsPage> {
    const { tables, sql, clock } = this.reads;
    const at = asOf === undefined ? undefined : instant(asOf);
    return answered(await readStandings(tables, sql, { program, now: clock(), asOf: at, limit, cursor }));
  }
}
