import { answered, PrincipalOf, RequireScope, type HostRequest, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ownerOf } from '../../application/owner.ts';
import {
  missing,
  readHold,
  readRedemption,
  readTransfer,
  type MovementReads,
} from '../../application/read-movements.ts';
import { readQuote, type QuoteParts } from '../../application/read-quote.ts';
import { MemberParams } from '../read.dto.ts';
import { NoteBody, HoldBody, IdParams, PartBody, QuoteQuery, SpendBody, TransferBody } from './bodies.ts';
import { COMMAND_DOOR, type CommandDoor } from './command-door.ts';

export const MOVEMENT_READS = Symbol('MOVEMENT_READS');
export const QUOTE_PARTS = Symbol('QUOTE_PARTS');

export const KEY_HEADER = {
  name: 'Idempotency-Key',
  required: true,
  description:
    'At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either.',
} as const;

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
  ): Promise<object> {
    return answered(await readQuote(this.quotes, { program, member, order, currency }));
  }

  @Post('members/:member/redemptions')
  @RequireScope('points:spend')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Spend points at once' })
  @ApiResponse({ status: 201, description: 'Durable: the redemption, its money value, the balance after it' })
  redeem(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: SpendBody,
  ): Promise<unknown> {
    return this.door.carryOut({ request, reply, principal, member, body, intent: { kind: 'redeem', member, ...body } });
  }

  @Post('members/:member/holds')
  @RequireScope('points:spend')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Set points aside for a while' })
  @ApiResponse({ status: 201, description: 'Durable: the hold, when it ends by itself, the balance after it' })
  hold(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: HoldBody,
  ): Promise<unknown> {
    return this.door.carryOut({ request, reply, principal, member, body, intent: { kind: 'hold', member, ...body } });
  }

  @Post('holds/:id/capture')
  @RequireScope('points:spend')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Spend what is held, or a part; the rest is released' })
  async capture(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { id }: IdParams,
    @Body() body: PartBody,
  ): Promise<unknown> {
    const of = await this.#accountOfHold(principal.program, id);
    const { member } = ownerOf(of);
    const intent = { kind: 'capture', of, hold: id, points: body.points } as const;
    return this.door.carryOut({ request, reply, principal, member, body, intent });
  }

  @Post('holds/:id/release')
  @RequireScope('points:spend')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Let go of what is held' })
  async release(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { id }: IdParams,
    @Body() body: NoteBody,
  ): Promise<unknown> {
    const of = await this.#accountOfHold(principal.program, id);
    const { member } = ownerOf(of);
    return this.door.carryOut({
      request,
      reply,
      principal,
      member,
      body,
      intent: { kind: 'release', of, hold: id, note: body.note },
    });
  }

  @Post('redemptions/:id/reverse')
  @RequireScope('points:spend')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Give points of a redemption back to the lots that they came from' })
  async reverse(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { id }: IdParams,
    @Body() body: PartBody,
  ): Promise<unknown> {
    const found = await this.reads.movements.redemption(principal.program, id);
    if (found === undefined) return answered(missing('unknown_redemption', 'redemption', id));
    const { member } = ownerOf(found.account);
    const intent = { kind: 'reverse', of: found.account, redemption: id, points: body.points } as const;
    return this.door.carryOut({ request, reply, principal, member, body, intent });
  }

  @Post('transfers')
  @RequireScope('points:transfer')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Give points to another member, within the limits of the program' })
  @ApiResponse({ status: 202, description: 'Durable and on its way: see `state` of `GET /v1/transfers/{id}`' })
  transfer(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Body() body: TransferBody,
  ): Promise<unknown> {
    const { from: member, to, points, currency, note } = body;
    const intent = { kind: 'transfer', member, to, points, currency, note } as const;
    return this.door.carryOut({ request, reply, principal, member, body, intent });
  }

  @Get('holds/:id')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'A hold, as it stands now' })
  async readHold(@PrincipalOf() { program }: Principal, @Param() { id }: IdParams): Promise<object> {
    return answered(await readHold(this.reads.movements, { program, id, now: this.reads.clock() }));
  }

  @Get('redemptions/:id')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'A redemption, with the lots that it took from and what came back' })
  async readRedemption(@PrincipalOf() { program }: Principal, @Param() { id }: IdParams): Promise<object> {
    return answered(await readRedemption(this.reads.movements, { program, id, now: this.reads.clock() }));
  }

  @Get('transfers/:id')
  @RequireScope('balance:read')
  @ApiOperation({ summary: 'A transfer: on its way, received, or come back' })
  async readTransfer(@PrincipalOf() { program }: Principal, @Param() { id }: IdParams): Promise<object> {
    return answered(await readTransfer(this.reads.movements, { program, id, now: this.reads.clock() }));
  }

  async #accountOfHold(program: string, id: string): Promise<string> {
    const found = await this.reads.movements.hold(program, id);
    return found === undefined ? answered(missing('unknown_hold', 'hold', id)) : found.account;
  }
}
