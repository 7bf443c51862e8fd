import type { EventStore } from '@jifen/event-store';
import { ORIGIN_INPUT } from '@jifen/messaging';
import { answered, MemberParams, PrincipalOf, RequireScope, waitForToken, type Principal } from '@jifen/service-host';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { HistoryReads } from '../application/history.ts';
import { readBalance, type BalanceReads } from '../application/read-balance.ts';
import { readLots, type LotReads } from '../application/read-lots.ts';
import { readStatement } from '../application/read-statement.ts';
import type { LotView, MemberBalance, Page, StatementLine } from '../application/views.ts';
import type { PolicyReads } from '../application/worth.ts';
import { BalanceParams, DEFAULT_PAGE, LotsParams, StatementParams } from './read.dto.ts';

export const LEDGER_READS = Symbol('LEDGER_READS');

export interface LedgerReads {
  readonly store: Pick<EventStore<unknown>, 'log' | 'partitions' | 'shards' | 'onCommitted' | 'readStream'>;
  readonly reads: BalanceReads & LotReads & PolicyReads & Pick<HistoryReads, 'versionsOf'>;
  readonly clock: () => number;
}

@ApiTags('balances')
@Controller('v1/members/:member')
export class LedgerController {
  constructor(@Inject(LEDGER_READS) private readonly ledger: LedgerReads) {}

  @Get('balance')
  @RequireScope('balance:read')
  @ApiOperation({ summary: "A member's points in every currency, now or as of another moment" })
  async balance(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after, ...moment }: BalanceParams,
  ): Promise<MemberBalance> {
    const { store, reads, clock } = this.ledger;
    const waited = await this.#waited(after);
    const { partitions } = store;
    return answered(
      await readBalance({ ...reads, store }, { ...moment, program, member, partitions, now: clock(), waited }),
    );
  }

  @Get('statement')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'Every posting of a member, newest first, with the balance after it and in words' })
  async statement(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after, limit = DEFAULT_PAGE, ...query }: StatementParams,
  ): Promise<Page<StatementLine>> {
    const { store, reads, clock } = this.ledger;
    const waited = await this.#waited(after);
    return answered(
      await readStatement({ ...reads, store }, { ...query, program, member, limit, now: clock(), waited }),
    );
  }

  @Get('lots')
  @RequireScope('balance:read')
  @ApiOperation({ summary: "A member's lots in the order in which they will be spent, now or as of another moment" })
  async lots(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { after, limit = DEFAULT_PAGE, state = 'open', ...query }: LotsParams,
  ): Promise<Page<LotView>> {
    const { store, reads, clock } = this.ledger;
    const waited = await this.#waited(after);
    return answered(
      await readLots({ ...reads, store }, { ...query, program, member, state, limit, now: clock(), waited }),
    );
  }

  async #waited(token: string | undefined): Promise<boolean> {
    const { store, clock } = this.ledger;
    await waitForToken({ store, token, input: ORIGIN_INPUT, reads: ['rating'], clock });
    return token !== undefined;
  }
}
