import type { EventStore } from '@jifen/event-store';
import { answered, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { HistoryReads } from '../application/history.ts';
import { readBalances, type AccountReads, type BalancesPage } from '../application/read-balances.ts';
import type { PolicyReads } from '../application/worth.ts';
import { BalancesParams, DEFAULT_PAGE } from './read.dto.ts';

export const BALANCES_READS = Symbol('BALANCES_READS');

export interface BalancesDoor {
  readonly store: Pick<EventStore<unknown>, 'readStream'>;
  readonly reads: AccountReads & PolicyReads & Pick<HistoryReads, 'versionsOf'>;
  readonly clock: () => number;
}

@ApiTags('balances')
@Controller('v1/balances')
export class BalancesController {
  constructor(@Inject(BALANCES_READS) private readonly door: BalancesDoor) {}

  @Get()
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'The balances of all members by pages, all of one moment' })
  async balances(@PrincipalOf() { program }: Principal, @Query() query: BalancesParams): Promise<BalancesPage> {
    const { store, reads, clock } = this.door;
    const { limit = DEFAULT_PAGE, ...rest } = query;
    return answered(await readBalances({ ...reads, store }, { ...rest, program, limit, now: clock() }));
  }
}
