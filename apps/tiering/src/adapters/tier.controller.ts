import type { EventStore } from '@jifen/event-store';
import { instant } from '@jifen/kernel';
import { ORIGIN_INPUT } from '@jifen/messaging';
import {
  AfterQuery,
  answered,
  IsInstant,
  MemberParams,
  PrincipalOf,
  RequireScope,
  waitForToken,
  type Principal,
} from '@jifen/service-host';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { TieringTables } from '../application/ports.ts';
import { readLadder, readTier, type LadderView, type TierView } from '../application/read-tier.ts';
import type { Queryable } from './queryable.ts';

export const TIER_READS = Symbol('TIER_READS');

export interface TierReads {
  readonly store: Pick<EventStore<unknown>, 'log' | 'partitions' | 'shards' | 'onCommitted'>;
  readonly tables: TieringTables<Queryable>;
  /** For reads outside any transaction. */
  readonly sql: Queryable;
  readonly clock: () => number;
}

export class TierQuery extends AfterQuery {
  @ApiPropertyOptional({
    description: 'an instant: where the member stood then, by what is known now',
    example: '2026-03-01T00:00:00Z',
  })
  @IsOptional()
  @IsInstant()
  readonly asOf?: string;
}

@ApiTags('tiers')
@Controller('v1')
export class TierController {
  constructor(@Inject(TIER_READS) private readonly reads: TierReads) {}

  @Get('members/:member/tier')
  @RequireScope('tier:read')
  @ApiOperation({ summary: 'Where a member stands, since when, and what is missing to the next tier' })
  async tier(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after, asOf }: TierQuery,
  ): Promise<TierView> {
    const { store, tables, sql, clock } = this.reads;
    await waitForToken({ store, token: after, input: ORIGIN_INPUT, reads: ['ledger'], clock });
    return answered(
      await readTier(tables, sql, {
        program,
        member,
        now: clock(),
        asOf: asOf === undefined ? undefined : instant(asOf),
      }),
    );
  }

  @Get('tiers')
  @RequireScope('tier:read')
  @ApiOperation({ summary: 'The ladder in force' })
  async ladder(@PrincipalOf() { program }: Principal): Promise<LadderView> {
    const { tables, sql, clock } = this.reads;
    return answered(await readLadder(tables, sql, program, clock()));
  }
}
