import { formatToken, type Problem } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { ID_PATTERN } from '@jifen/kernel';
import { ORIGIN_INPUT } from '@jifen/messaging';
import { MAX_AWARD_ID } from '@jifen/rules';
import {
  AfterQuery,
  answered,
  PrincipalOf,
  RequireScope,
  TraceparentOf,
  waitForToken,
  type Principal,
} from '@jifen/service-host';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { PoolClient } from 'pg';
import {
  decideAwards,
  type AwardRuling,
  type DecideParts,
  type RulingAnswer,
} from '../application/approval/decide-awards.ts';
import { listApprovals, viewOf, type ApprovalPage, type ApprovalView } from '../application/approval/list-approvals.ts';
import type { RulesTables } from '../application/ports.ts';
import type { ProgramCatalog } from '../application/program-catalog.ts';
import type { Queryable } from './queryable.ts';
import { AwardParams } from './rating.controller.ts';
import { PAGE } from './requests.ts';

export const APPROVAL_DESK = Symbol('APPROVAL_DESK');

export interface ApprovalDesk {
  /** The rating log. */
  readonly store: EventStore<PoolClient>;
  readonly tables: RulesTables<Queryable>;
  readonly catalog: ProgramCatalog<Queryable>;
  readonly budgets: DecideParts<PoolClient>['budgets'];
  readonly sql: Queryable;
  readonly clock: () => number;
}

/** Awards that one request decides about. */
const MAX_RULINGS = 1_000;
const MAX_APPROVALS = 200;
const MAX_POINTS = 1_000_000_000_000;
const STATES = ['waiting', 'approved', 'rejected', 'withdrawn'] as const;

export class ApprovalsQuery extends AfterQuery {
  @IsOptional()
  @IsIn(STATES)
  readonly state: (typeof STATES)[number] = 'waiting';

  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  readonly rule?: string;

  @IsOptional()
  @Matches(new RegExp(ID_PATTERN))
  readonly member?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_APPROVALS)
  readonly limit: number = PAGE;

  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,2048}$/)
  readonly cursor?: string;
}

export class RulingBody {
  @ApiProperty({ enum: ['approve', 'reject'] })
  @IsIn(['approve', 'reject'])
  readonly verdict!: 'approve' | 'reject';

  @ApiPropertyOptional({
    minimum: 0,
    description:
      'approve: up to how many points of the award are approved from now on, in smallest units. reject: how many were approved before and stay so; 0 when absent',
  })
  @ValidateIf(({ verdict, points }: RulingBody) => verdict !== 'reject' || points !== undefined)
  @IsInt()
  @Min(0)
  @Max(MAX_POINTS)
  readonly points?: number;

  @ApiProperty({ description: 'Who decided it: a person or a system', example: 'reviewer-7' })
  @IsString()
  @Length(1, 128)
  readonly actor!: string;

  @ApiPropertyOptional({ maxLength: 512, description: 'Required with reject' })
  @ValidateIf(({ verdict, reason }: RulingBody) => verdict === 'reject' || reason !== undefined)
  @IsString()
  @Length(1, 512)
  readonly reason?: string;
}

export class AwardRulingBody extends RulingBody {
  @ApiProperty({ maxLength: MAX_AWARD_ID })
  @IsString()
  @MaxLength(MAX_AWARD_ID)
  readonly awardId!: string;
}

export class RulingsBody {
  @ApiProperty({ type: [AwardRulingBody], maxItems: MAX_RULINGS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_RULINGS)
  @ValidateNested({ each: true })
  @Type(() => AwardRulingBody)
  readonly decisions!: readonly AwardRulingBody[];
}

/** What became of many decisions: each is taken or refused for itself. */
export interface RulingsAnswer {
  readonly approved: number;
  readonly rejected: number;
  /** They held already. */
  readonly unchanged: number;
  readonly refused: readonly { readonly index: number; readonly awardId: string; readonly problem: Problem }[];
  /** For `?after=` of reads of this service; absent when nothing was written. */
  readonly position?: string;
}

export interface RulingAnswerView extends ApprovalView {
  readonly changed: boolean;
  readonly position?: string;
}

@ApiTags('approvals')
@Controller('v1')
export class ApprovalController {
  constructor(@Inject(APPROVAL_DESK) private readonly desk: ApprovalDesk) {}

  @Get('approvals')
  @RequireScope('rating:read')
  @ApiOperation({
    summary: 'Awards that wait for approval, or those in another state; who is in it for longest comes first',
  })
  async list(
    @PrincipalOf() { program }: Principal,
    @Query() { after, state, rule, member, limit, cursor }: ApprovalsQuery,
  ): Promise<ApprovalPage> {
    const { store, clock } = this.desk;
    await waitForToken({ store, token: after, input: ORIGIN_INPUT, clock });
    return answered(await listApprovals(this.desk, { program, state, rule, member, limit, cursor }));
  }

  @Post('approvals')
  @HttpCode(200)
  @RequireScope('award:approve')
  @ApiOperation({
    summary: 'Approves or rejects awards; the same decision again changes nothing. Refused ones are named by index',
  })
  async decideMany(
    @PrincipalOf() { program }: Principal,
    @Body() { decisions }: RulingsBody,
    @TraceparentOf() traceparent: string,
  ): Promise<RulingsAnswer> {
    return this.#answerOf(decisions, await this.#decide(program, decisions, traceparent));
  }

  @Post('awards/:awardId/decision')
  @HttpCode(200)
  @RequireScope('award:approve')
  @ApiOperation({ summary: 'Approves or rejects one award; the same decision again changes nothing' })
  async decideOne(
    @PrincipalOf() { program }: Principal,
    @Param() { awardId }: AwardParams,
    @Body() body: RulingBody,
    @TraceparentOf() traceparent: string,
  ): Promise<RulingAnswerView> {
    const answers = await this.#decide(program, [{ ...body, awardId }], traceparent);
    const [first] = answers;
    if (first === undefined) throw new Error('a decision has no answer');
    const { row, changed } = answered(first);
    return { ...viewOf(row), changed, ...positionOf(answers) };
  }

  #decide(program: string, bodies: readonly AwardRulingBody[], traceparent: string): Promise<readonly RulingAnswer[]> {
    const { store, tables, catalog, budgets } = this.desk;
    const parts: DecideParts<PoolClient> = { store, tables, catalog, budgets };
    const rulings = bodies.map(({ awardId, verdict, points = 0, actor, reason }): AwardRuling => ({
      awardId,
      verdict,
      points,
      actor,
      ...(reason === undefined ? {} : { reason }),
    }));
    return decideAwards(parts, { program, rulings, meta: { traceparent } });
  }

  #answerOf(bodies: readonly AwardRulingBody[], answers: readonly RulingAnswer[]): RulingsAnswer {
    const refused = answers.flatMap((answer, index) =>
      answer.ok ? [] : [{ index, awardId: bodies[index]?.awardId ?? '', problem: answer.refusal }],
    );
    const changed = bodies.filter((_, index) => {
      const answer = answers[index];
      return answer?.ok === true && answer.value.changed;
    });
    const approved = changed.filter(({ verdict }) => verdict === 'approve').length;
    const unchanged = bodies.length - changed.length - refused.length;
    return { approved, rejected: changed.length - approved, unchanged, refused, ...positionOf(answers) };
  }
}

function positionOf(answers: readonly RulingAnswer[]): { readonly position?: string } {
  const positions = new Map<number, number>();
  for (const answer of answers) {
    if (!answer.ok || answer.value.place === undefined) continue;
    const { partition, position } = answer.value.place;
    positions.set(partition, Math.max(position, positions.get(partition) ?? 0));
  }
  return positions.size === 0 ? {} : { position: formatToken({ log: 'rating', positions }) };
}
