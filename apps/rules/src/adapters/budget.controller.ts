import { instant, instantToMillis } from '@jifen/kernel';
import { answered, IsInstant, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsOptional, Length } from 'class-validator';
import { readBudgets, type BudgetReads, type BudgetsView } from '../application/read-budgets.ts';
import type { Queryable } from './queryable.ts';

export const BUDGET_READS = Symbol('BUDGET_READS');

export interface BudgetQueries extends BudgetReads<Queryable> {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export class BudgetsQuery {
  /** An instant; now when absent. */
  @IsOptional()
  @IsInstant()
  readonly at?: string;

  /** Of budgets that every value of a field has for itself: this one; the first 100 when absent. */
  @IsOptional()
  @Length(1, 128)
  readonly value?: string;
}

@ApiTags('ratings')
@Controller('v1')
export class BudgetController {
  constructor(@Inject(BUDGET_READS) private readonly reads: BudgetQueries) {}

  @Get('budgets')
  @RequireScope('rating:read')
  @ApiOperation({
    summary:
      'What the budgets of the version in force at an instant have granted and have left in their windows then, by rule',
  })
  async budgets(@PrincipalOf() { program }: Principal, @Query() { at, value }: BudgetsQuery): Promise<BudgetsView> {
    const millis = at === undefined ? this.reads.clock() : instantToMillis(instant(at));
    return answered(await readBudgets(this.reads, { program, at: millis, value }));
  }
}
