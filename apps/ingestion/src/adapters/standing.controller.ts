import { STANDING_REASONS, STANDINGS, type Standing, type StandingReason } from '@jifen/activity';
import { formatToken, type MemberStanding } from '@jifen/contracts';
import {
  answered,
  MemberParams,
  PrincipalOf,
  RequireScope,
  type HostRequest,
  type Principal,
} from '@jifen/service-host';
import { Body, Controller, Get, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, Length } from 'class-validator';
import type { ChangeStanding, changeStanding } from '../application/change-standing.ts';
import type { Forgotten } from '../application/ports.ts';
import { STANDING_DOOR } from '../tokens.ts';
import { metaOf } from './request-meta.ts';

export interface StandingDoor {
  readonly change: (command: ChangeStanding) => ReturnType<typeof changeStanding>;
  readonly read: (program: string, member: string) => Promise<MemberStanding | undefined>;
}

/** Where a member stands; without `reason`, `actor` and `at` when that never changed. */
export interface StandingAnswer {
  readonly member: string;
  readonly standing: Standing;
  readonly reason?: StandingReason;
  readonly actor?: string;
  readonly at?: string;
}

/** What the change did. */
export interface StandingChange {
  readonly member: string;
  readonly standing: Standing;
  /** Of the change in the log `member`; absent when the member was active already. */
  readonly position?: string;
  /** Identities unlinked, and kept records and dead letters whose bytes were dropped, by this request; of an erased member. */
  readonly forgotten?: Forgotten;
}

class StandingBody {
  @ApiProperty({
    enum: STANDINGS,
    description:
      'deactivated: takes no part until active again. anonymised: for good, nobody knows any more who it was, the points stay in the books. removed: anonymised, and the points are taken',
  })
  @IsIn(STANDINGS)
  readonly standing!: Standing;

  @ApiProperty({ enum: STANDING_REASONS })
  @IsIn(STANDING_REASONS)
  readonly reason!: StandingReason;

  @ApiProperty({ description: 'Who decided it; kept for good, so no name of the member', example: 'li.wei' })
  @Length(1, 128)
  readonly actor!: string;
}

/** Q36: deactivate, anonymise, remove. */
@ApiTags('ingestion')
@ApiBearerAuth()
@Controller('v1/members')
export class StandingController {
  constructor(@Inject(STANDING_DOOR) private readonly door: StandingDoor) {}

  @Put(':member/standing')
  @HttpCode(200)
  @RequireScope('member:erase')
  @ApiOperation({ summary: 'Deactivate, reactivate, anonymise or remove a member; the same again does nothing new' })
  async change(
    @Param() { member }: MemberParams,
    @Body() body: StandingBody,
    @Req() request: HostRequest,
    @PrincipalOf() { program }: Principal,
  ): Promise<StandingChange> {
    const { standing, reason, actor } = body;
    const meta = metaOf(request.headers);
    const changed = answered(await this.door.change({ program, member, standing, reason, actor, meta }));
    const { place, forgotten } = changed;
    const positions = place === undefined ? undefined : new Map([[place.partition, place.position]]);
    return {
      member,
      standing,
      ...(positions === undefined ? {} : { position: formatToken({ log: 'member', positions }) }),
      ...(forgotten === undefined ? {} : { forgotten }),
    };
  }

  @Get(':member/standing')
  @RequireScope('member:write')
  @ApiOperation({ summary: 'Whether a member takes part' })
  async read(@Param() { member }: MemberParams, @PrincipalOf() { program }: Principal): Promise<StandingAnswer> {
    const found = await this.door.read(program, member);
    if (found === undefined) return { member, standing: 'active' };
    const { standing, reason, actor, at } = found;
    return { member, standing, reason, actor, at };
  }
}
