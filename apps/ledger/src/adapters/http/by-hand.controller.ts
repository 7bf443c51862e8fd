import { PrincipalOf, RequireScope, type HostRequest, type Principal } from '@jifen/service-host';
import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Intent } from '../../application/commands/intent.ts';
import { MemberParams } from '../read.dto.ts';
import { AdjustmentBody, ExtensionBody, FreezeBody, MergeBody, ReinstatementBody, UnmergeBody } from './bodies.ts';
import { COMMAND_DOOR, type CommandDoor } from './command-door.ts';
import { KEY_HEADER } from './spending.controller.ts';

/** What a person decides about a member's points: each with a reason or a note, and who decided it. */
@ApiTags('by hand')
@Controller('v1/members/:member')
export class ByHandController {
  constructor(@Inject(COMMAND_DOOR) private readonly door: CommandDoor) {}

  @Post('adjustments')
  @HttpCode(200)
  @RequireScope('points:adjust')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Give or take points by hand' })
  adjust(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: AdjustmentBody,
  ): Promise<unknown> {
    return this.#carryOut(request, reply, principal, body, { kind: 'adjust', member, ...body });
  }

  @Post('freeze')
  @HttpCode(200)
  @RequireScope('account:freeze')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Stop spending; earning goes on' })
  freeze(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: FreezeBody,
  ): Promise<unknown> {
    return this.#carryOut(request, reply, principal, body, { kind: 'freeze', member, ...body });
  }

  @Post('unfreeze')
  @HttpCode(200)
  @RequireScope('account:freeze')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Allow spending again' })
  unfreeze(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: FreezeBody,
  ): Promise<unknown> {
    return this.#carryOut(request, reply, principal, body, { kind: 'unfreeze', member, ...body });
  }

  @Post('expiry-extensions')
  @HttpCode(200)
  @RequireScope('points:adjust')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Put off the expiry of open lots' })
  extend(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: ExtensionBody,
  ): Promise<unknown> {
    return this.#carryOut(request, reply, principal, body, { kind: 'extend-expiry', member, ...body });
  }

  @Post('reinstatements')
  @HttpCode(200)
  @RequireScope('points:adjust')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Give expired points back to their lots' })
  reinstate(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: ReinstatementBody,
  ): Promise<unknown> {
    return this.#carryOut(request, reply, principal, body, { kind: 'reinstate', member, ...body });
  }

  @Post('merge')
  @RequireScope('member:merge')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({
    summary: 'Merge this member into another: all points, holds and debt go over, and whatever comes later',
  })
  @ApiResponse({ status: 202, description: 'Durable and on its way; `id` names the merge' })
  merge(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: MergeBody,
  ): Promise<unknown> {
    return this.#carryOut(request, reply, principal, body, { kind: 'merge', member, ...body });
  }

  @Post('unmerge')
  @RequireScope('member:merge')
  @ApiHeader(KEY_HEADER)
  @ApiOperation({ summary: 'Undo a merge into this member: what came with it goes back, as far as it is unspent' })
  @ApiResponse({ status: 202, description: 'Durable and on its way' })
  unmerge(
    @Req() request: HostRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @PrincipalOf() principal: Principal,
    @Param() { member }: MemberParams,
    @Body() body: UnmergeBody,
  ): Promise<unknown> {
    return this.#carryOut(request, reply, principal, body, { kind: 'unmerge', member, ...body });
  }

  #carryOut(
    request: HostRequest,
    reply: FastifyReply,
    principal: Principal,
    body: object,
    intent: Intent & { readonly member: string },
  ): Promise<unknown> {
    return this.door.carryOut({ request, reply, principal, member: intent.member, body, intent });
  }
}
