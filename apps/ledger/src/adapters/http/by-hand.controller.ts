import { MemberParams } from '@jifen/service-host';
import { Body, Controller, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type {
  ChangedByHand,
  ChangedInAll,
  CommandAnswers,
  JsonText,
} from '../../application/commands/command-answers.ts';
import type { Intent } from '../../application/commands/intent.ts';
import { AdjustmentBody, ExtensionBody, FreezeBody, MergeBody, ReinstatementBody, UnmergeBody } from './bodies.ts';
import { COMMAND_DOOR, type CommandDoor, type Visit } from './command-door.ts';
import { CommandRoute, VisitOf } from './command-route.ts';

/** What a person decides about a member's points: each with a reason or a note, and who decided it. */
@ApiTags('by hand')
@Controller('v1/members/:member')
export class ByHandController {
  constructor(@Inject(COMMAND_DOOR) private readonly door: CommandDoor) {}

  @CommandRoute('adjustments', { scope: 'points:adjust', summary: 'Give or take points by hand', status: 200 })
  adjust(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: AdjustmentBody,
  ): Promise<JsonText<ChangedByHand>> {
    return this.#carryOut(visit, body, { kind: 'adjust', member, ...body });
  }

  @CommandRoute('freeze', { scope: 'account:freeze', summary: 'Stop spending; earning goes on', status: 200 })
  freeze(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: FreezeBody,
  ): Promise<JsonText<ChangedInAll>> {
    return this.#carryOut(visit, body, { kind: 'freeze', member, ...body });
  }

  @CommandRoute('unfreeze', { scope: 'account:freeze', summary: 'Allow spending again', status: 200 })
  unfreeze(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: FreezeBody,
  ): Promise<JsonText<ChangedInAll>> {
    return this.#carryOut(visit, body, { kind: 'unfreeze', member, ...body });
  }

  @CommandRoute('expiry-extensions', {
    scope: 'points:adjust',
    summary: 'Put off the expiry of open lots',
    status: 200,
  })
  extend(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: ExtensionBody,
  ): Promise<JsonText<ChangedByHand>> {
    return this.#carryOut(visit, body, { kind: 'extend-expiry', member, ...body });
  }

  @CommandRoute('reinstatements', {
    scope: 'points:adjust',
    summary: 'Give expired points back to their lots',
    status: 200,
  })
  reinstate(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: ReinstatementBody,
  ): Promise<JsonText<ChangedByHand>> {
    return this.#carryOut(visit, body, { kind: 'reinstate', member, ...body });
  }

  @CommandRoute('merge', {
    scope: 'member:merge',
    summary: 'Merge this member into another: all points, holds and debt go over, and whatever comes later',
    answers: { status: 202, description: 'Durable and on its way; `id` names the merge' },
  })
  merge(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: MergeBody,
  ): Promise<JsonText<ChangedInAll>> {
    return this.#carryOut(visit, body, { kind: 'merge', member, ...body });
  }

  @CommandRoute('unmerge', {
    scope: 'member:merge',
    summary: 'Undo a merge into this member: what came with it goes back, as far as it is unspent',
    answers: { status: 202, description: 'Durable and on its way' },
  })
  unmerge(
    @VisitOf() visit: Visit,
    @Param() { member }: MemberParams,
    @Body() body: UnmergeBody,
  ): Promise<JsonText<ChangedInAll>> {
    return this.#carryOut(visit, body, { kind: 'unmerge', member, ...body });
  }

  #carryOut<Of extends Intent & { readonly member: string }>(
    visit: Visit,
    body: object,
    intent: Of,
  ): Promise<JsonText<CommandAnswers[Of['kind']]>> {
    return this.door.carryOut(visit, { member: intent.member, body, intent });
  }
}
