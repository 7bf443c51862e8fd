import type { EventStore } from '@jifen/event-store';
import { instant } from '@jifen/kernel';
import { answered, IsInstant, MemberParams, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Delete, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import type { PoolClient } from 'pg';
import { assignTier, type Assigned } from '../application/assign-tier.ts';
import type { TieringTables } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

export const TIER_DESK = Symbol('TIER_DESK');

export interface TierDesk {
  readonly store: EventStore<PoolClient>;
  readonly tables: TieringTables<Queryable>;
}

const TIER_CODE = /^[a-z0-9][a-z0-9-]{0,63}$/;

export class AssignmentBody {
  @ApiProperty({ description: 'code of a tier of the ladder in force', example: 'gold' })
  @Matches(TIER_CODE)
  readonly tier!: string;

  @ApiPropertyOptional({ description: 'when it ends; for ever when absent', example: '2027-06-01T00:00:00Z' })
  @IsOptional()
  @IsInstant()
  readonly until?: string;

  @ApiProperty({ maxLength: 500, description: 'why; it is in the event, so name nobody in it' })
  @IsString()
  @Length(1, 500)
  readonly reason!: string;
}

export class TakeBackQuery {
  @ApiProperty({ maxLength: 500, description: 'why; it is in the event, so name nobody in it' })
  @IsString()
  @Length(1, 500)
  readonly reason!: string;
}

/** Tiers given by hand. */
@ApiTags('tiers')
@Controller('v1/members/:member/tier')
export class AssignmentController {
  constructor(@Inject(TIER_DESK) private readonly desk: TierDesk) {}

  @Put()
  @RequireScope('tier:assign')
  @ApiOperation({ summary: 'Give a member a tier, from now on: it stands on it, or higher where that was earned' })
  async assign(
    @PrincipalOf() { program, keyId }: Principal,
    @Param() { member }: MemberParams,
    @Body() { tier, until, reason }: AssignmentBody,
  ): Promise<Assigned> {
    const end = until === undefined ? undefined : instant(until);
    return answered(await assignTier(this.desk, { program, member, tier, until: end, reason, actor: `key:${keyId}` }));
  }

  @Delete()
  @RequireScope('tier:assign')
  @ApiOperation({ summary: 'Take back what was given: the member stands on what it earned' })
  async takeBack(
    @PrincipalOf() { program, keyId }: Principal,
    @Param() { member }: MemberParams,
    @Query() { reason }: TakeBackQuery,
  ): Promise<Assigned> {
    const command = { program, member, tier: undefined, until: undefined, reason, actor: `key:${keyId}` };
    return answered(await assignTier(this.desk, command));
  }
}
