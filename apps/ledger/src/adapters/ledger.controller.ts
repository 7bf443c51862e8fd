import type { Problem } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { ID_PATTERN, type Outcome } from '@jifen/kernel';
import { ORIGIN_INPUT } from '@jifen/messaging';
import { PrincipalOf, ProblemError, RequireScope, waitForToken, type Principal } from '@jifen/service-host';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { readBalance, type BalanceReads } from '../application/read-balance.ts';
import { readLots, type LotReads } from '../application/read-lots.ts';
import { readStatement, type StatementReads } from '../application/read-statement.ts';
import type { LotView, MemberBalance, Page, StatementLine } from '../application/views.ts';

export const LEDGER_READS = Symbol('LEDGER_READS');

export interface LedgerReads {
  readonly store: Pick<EventStore<unknown>, 'log' | 'partitions' | 'shards' | 'onCommitted' | 'readStream'>;
  readonly reads: BalanceReads & LotReads & Pick<StatementReads, 'versionsOf'>;
  readonly clock: () => number;
}

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

export class MemberParams {
  @Matches(new RegExp(ID_PATTERN))
  readonly member!: string;
}

export class AfterQuery {
  @ApiPropertyOptional({
    description: 'A token that a write answered with: the read waits until it is included',
    example: 'activity:3-1234',
  })
  @IsOptional()
  @IsString()
  @MaxLength(4_096)
  readonly after?: string;
}

export class PageQuery extends AfterQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  readonly limit?: number;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  readonly cursor?: string;
}

export class StatementParams extends PageQuery {
  @ApiPropertyOptional({ description: 'Only this currency' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,31}$/)
  readonly currency?: string;
}

export class LotsParams extends PageQuery {
  @ApiPropertyOptional({ enum: ['open', 'all'], default: 'open', description: 'All: also lots with nothing left' })
  @IsOptional()
  @IsIn(['open', 'all'])
  readonly state?: 'open' | 'all';
}

const answer = <T>(outcome: Outcome<T, Problem>): T => {
  if (!outcome.ok) throw new ProblemError(outcome.refusal);
  return outcome.value;
};

@ApiTags('balances')
@Controller('v1/members/:member')
export class LedgerController {
  constructor(@Inject(LEDGER_READS) private readonly ledger: LedgerReads) {}

  @Get('balance')
  @RequireScope('balance:read')
  @ApiOperation({ summary: "A member's points in every currency, now" })
  async balance(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after }: AfterQuery,
  ): Promise<MemberBalance> {
    const { store, reads, clock } = this.ledger;
    const waited = await this.#waited(after);
    const { partitions } = store;
    return answer(await readBalance(reads, { program, member, partitions, now: clock(), waited }));
  }

  @Get('statement')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'Every posting of a member, newest first, with the balance after it and in words' })
  async statement(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after, limit = DEFAULT_PAGE, cursor, currency }: StatementParams,
  ): Promise<Page<StatementLine>> {
    const { store, reads } = this.ledger;
    const waited = await this.#waited(after);
    const parts = { store, versionsOf: reads.versionsOf };
    return answer(await readStatement(parts, { program, member, currency, limit, cursor, waited }));
  }

  @Get('lots')
  @RequireScope('balance:read')
  @ApiOperation({ summary: "A member's lots in the order in which they will be spent" })
  async lots(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after, limit = DEFAULT_PAGE, cursor, state = 'open' }: LotsParams,
  ): Promise<Page<LotView>> {
    const { reads, clock } = this.ledger;
    const waited = await this.#waited(after);
    return answer(await readLots(reads, { program, member, now: clock(), limit, cursor, state, waited }));
  }

  async #waited(token: string | undefined): Promise<boolean> {
    const { store, clock } = this.ledger;
    await waitForToken({ store, token, input: ORIGIN_INPUT, clock });
    return token !== undefined;
  }
}
