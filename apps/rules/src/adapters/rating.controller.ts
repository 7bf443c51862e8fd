import { setTimeout } from 'node:timers/promises';
import type { EventStore } from '@jifen/event-store';
import { ORIGIN_INPUT } from '@jifen/messaging';
import {
  AfterQuery,
  answered,
  MemberParams,
  PrincipalOf,
  ProblemError,
  RequireScope,
  waitForToken,
  type Principal,
} from '@jifen/service-host';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MAX_AWARD_ID } from '@jifen/rules';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { explainAward, type AwardExplanation, type ExplainParts } from '../application/explain-award.ts';
import { listRatings, MAX_RATINGS, type RatingPage } from '../application/list-ratings.ts';
import { readProgress, type ProgressView } from '../application/read-progress.ts';
import { readReferral, type ReferralView } from '../application/referral/read-referral.ts';
import type { Queryable } from './queryable.ts';
import { PAGE } from './requests.ts';

/** How long a reader waits until the other side of a referral was told, and how often it looks. */
const TOLD_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 25;

export const RATING_READS = Symbol('RATING_READS');

export interface RatingReads extends ExplainParts<Queryable> {
  /** The rating log. */
  readonly store: Pick<EventStore<unknown>, 'log' | 'partitions' | 'shards' | 'onCommitted' | 'readStreams'>;
  readonly clock: () => number;
}

export class AwardParams {
  @IsString()
  @MaxLength(MAX_AWARD_ID)
  readonly awardId!: string;
}

export class AwardQuery extends AfterQuery {
  /** An explanation always runs the rating again; this also works out again what several causes make. */
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly recompute?: string;
}

export class RatingsQuery extends AfterQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_RATINGS)
  readonly limit: number = PAGE;

  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,2048}$/)
  readonly cursor?: string;

  /** Adds what each rule gave, or why nothing, in words. */
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly explain?: string;

  /** Rates each again from its inputs and says whether the bytes are the same. */
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly recompute?: string;
}

@ApiTags('ratings')
@Controller('v1')
export class RatingController {
  constructor(@Inject(RATING_READS) private readonly reads: RatingReads) {}

  @Get('members/:member/ratings')
  @RequireScope('rating:read')
  @ApiOperation({
    summary: 'The standing rating of each order and activity of a member, in order of source, kind and id',
  })
  async ratings(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after, limit, cursor, explain, recompute }: RatingsQuery,
  ): Promise<RatingPage> {
    await this.caughtUp(after);
    return answered(
      await listRatings(this.reads, {
        program,
        member,
        limit,
        cursor,
        explain: explain === 'true',
        recompute: recompute === 'true',
      }),
    );
  }

  @Get('members/:member/progress')
  @RequireScope('rating:read')
  @ApiOperation({
    summary:
      'How far a member is on the way to targets, challenges, streaks and limits under the version in force: what was reached and what is missing, in English and Chinese',
  })
  async progress(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after }: AfterQuery,
  ): Promise<ProgressView> {
    await this.caughtUp(after);
    return answered(await readProgress(this.reads, { program, member, now: this.reads.clock() }));
  }

  @Get('members/:member/referral')
  @RequireScope('rating:read')
  @ApiOperation({
    summary:
      'Who referred a member and what became of it: waiting, qualified, refused or lapsed, with the reason in English and Chinese; with after, once the referrer has been told, and its position for after of the referrer’s balance',
  })
  async referral(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after }: AfterQuery,
  ): Promise<ReferralView> {
    await this.caughtUp(after);
    const deadline = this.reads.clock() + TOLD_WITHIN_MS;
    for (;;) {
      const { view, told } = answered(await readReferral(this.reads, { program, member, now: this.reads.clock() }));
      if (told || after === undefined) return view;
      if (this.reads.clock() >= deadline)
        throw new ProblemError({ code: 'not_caught_up', detail: 'the referrer has not been told yet' });
      await setTimeout(LOOK_AGAIN_MS);
    }
  }

  @Get('awards/:awardId')
  @RequireScope('rating:read')
  @ApiOperation({
    summary: 'Why an award is what it is: the rule, its version, the arithmetic, and what the other rules gave',
  })
  async award(
    @PrincipalOf() { program }: Principal,
    @Param() { awardId }: AwardParams,
    @Query() { after, recompute }: AwardQuery,
  ): Promise<AwardExplanation> {
    await this.caughtUp(after);
    return answered(await explainAward(this.reads, program, awardId, recompute === 'true'));
  }

  private caughtUp(token: string | undefined): Promise<void> {
    const { store, clock } = this.reads;
    return waitForToken({ store, token, input: ORIGIN_INPUT, clock });
  }
}
