import { answered, MemberParams, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type {
  Captured,
  Held,
  JsonText,
  Redeemed,
  Released,
  Reversed,
  Sent,
} from '../../application/commands/command-answers.ts';
import type { HoldView, RedemptionView, TransferView } from '../../application/commands/command-views.ts';
import { ownerOf } from '../../application/owner.ts';
import {
  missing,
  readHold,
  readRedemption,
  readTransfer,
  type MovementReads,
} from '../../application/read-movements.ts';
import { readQuote, type QuoteParts, type RedemptionQuote } from '../../application/read-quote.ts';
import { CaptureBody, HoldBody, IdParams, NoteBody, PartBody, QuoteQuery, SpendBody, TransferBody } from './bodies.ts';
import { COMMAND_DOOR, type CommandDoor, type Visit } from './command-door.ts';
import { CommandRoute, VisitOf } from './command-route.ts';

export const MOVEMENT_READS = Symbol('MOVEMENT_READS');
export const QUOTE_PARTS = Symbol('QUOTE_PARTS');

/** Points spent, held, captured, released, given back and given away. */
@ApiTags('spending')
@Controller('v1')
export class SpendingController {
  constructor(
    @Inject(COMMAND_DOOR) private readonly door: CommandDoor,
    @Inject(MOVEMENT_READS) private readonly reads: { readonly movements: MovementReads; readonly clock: () => number },
    @Inject(QUOTE_PARTS) private readonly quotes: QuoteParts,
  ) {}

  @Get('members/:member/redemption-quote')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'How many points an order may use, what they are worth, and what stays to pay' })
  async quote(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { order, currency }: QuoteQuery,
  ): Promise<RedemptionQuote> {
    return answered(await readQuote(this.quotes, { program, member, order, currency }));
  }

  @CommandRoute('members/:member/redemptions', {
    scope: 'points:spend',
    summary: 'Spend points at once',
    answers: { status: 201, description: 'Durable: the redemption, its money value, the balance after it' },
  })
  redeem(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: SpendBody,
  ): Promise<JsonText<Redeemed>> {
    return this.door.carryOut(visit, { member, body, intent: { kind: 'redeem', member, ...body } });
  }

  @CommandRoute('members/:member/holds', {
    scope: 'points:spend',
    summary: 'Set points aside for a while',
    answers: { status: 201, description: 'Durable: the hold, when it ends by itself, the balance after it' },
  })
  hold(@VisitOf() visit: Visit, @Param() { member }: MemberParams, @Body() body: HoldBody): Promise<JsonText<Held>> {
    return this.door.carryOut(visit, { member, body, intent: { kind: 'hold', member, ...body } });
  }

  @CommandRoute('holds/:id/capture', {
    scope: 'points:spend',
    summary: 'Spend what is held, or a part; the rest is released, or kept for another capture',
  })
  async capture(
    @VisitOf() visit: Visit,
    @Param() { id }: IdParams,
    @Body() body: CaptureBody,
  ): Promise<JsonText<Captured>> {
    const of = await this.#accountOfHold(visit.principal.program, id);
    const { member } = ownerOf(of);
    const intent = { kind: 'capture', of, hold: id, points: body.points, rest: body.rest } as const;
    return this.door.carryOut(visit, { member, body, intent });
  }

  @CommandRoute('holds/:id/release', { scope: 'points:spend', summary: 'Let go of what is held', status: 200 })
  async release(
    @VisitOf() visit: Visit,
    @Param() { id }: IdParams,
    @Body() body: NoteBody,
  ): Promise<JsonText<Released>> {
    const of = await this.#accountOfHold(visit.principal.program, id);
    const { member } = ownerOf(of);
    return this.door.carryOut(visit, { member, body, intent: { kind: 'release', of, hold: id, note: body.note } });
  }

  @CommandRoute('redemptions/:id/reverse', {
    scope: 'points:spend',
    summary: 'Give points of a redemption back to the lots that they came from',
    status: 200,
  })
  async reverse(
    @VisitOf() visit: Visit,
    @Param() { id }: IdParams,
    @Body() body: PartBody,
  ): Promise<JsonText<Reversed>> {
    const found = await this.reads.movements.redemption(visit.principal.program, id);
    if (found === undefined) return answered(missing('unknown_redemption', 'redemption', id));
    const { member } = ownerOf(found.account);
    const intent = { kind: 'reverse', of: found.account, redemption: id, points: body.points } as const;
    return this.door.carryOut(visit, { member, body, intent });
  }

  @CommandRoute('transfers', {
    scope: 'points:transfer',
    summary: 'Give points to another member, within the limits of the program',
    answers: { status: 202, description: 'Durable and on its way: see `state` of `GET /v1/transfers/{id}`' },
  })
  transfer(@VisitOf() visit: Visit, @Body() body: TransferBody): Promise<JsonText<Sent>> {
    const { from: member, to, points, currency, note } = body;
    const intent = { kind: 'transfer', member, to, points, currency, note } as const;
    return this.door.carryOut(visit, { member, body, intent });
  }

  @Get('holds/:id')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'A hold, as it stands now' })
  async readHold(@PrincipalOf() { program }: Principal, @Param() { id }: IdParams): Promise<HoldView> {
    return answered(await readHold(this.reads.movements, { program, id, now: this.reads.clock() }));
  }

  @Get('redemptions/:id')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'A redemption, with the lots that it took from and what came back' })
  async readRedemption(@PrincipalOf() { program }: Principal, @Param() { id }: IdParams): Promise<RedemptionView> {
    return answered(await readRedemption(this.reads.movements, { program, id, now: this.reads.clock() }));
  }

  @Get('transfers/:id')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'A transfer: on its way, received, or come back' })
  async readTransfer(@PrincipalOf() { program }: Principal, @Param() { id }: IdParams): Promise<TransferView> {
    return answered(await readTransfer(this.reads.movements, { program, id, now: this.reads.clock() }));
  }

  async #accountOfHold(program: string, id: string): Promise<string> {
    const found = await this.reads.movements.hold(program, id);
    return found === undefined ? answered(missing('unknown_hold', 'hold', id)) : found.account;
  }
}
