import { NO_PREFERENCES, type Preferences } from '@jifen/notifications';
import { MemberParams, PrincipalOf, ProblemError, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isErased, type MemberKey, type RecipientTable } from '../application/message-ports.ts';
import { ContactDto, PreferencesDto } from './member.dto.ts';
import type { Queryable } from './queryable.ts';

export const RECIPIENTS = Symbol('RECIPIENTS');

export interface Recipients {
  readonly sql: Queryable;
  readonly recipients: RecipientTable<Queryable>;
  readonly clock: () => number;
}

export interface ContactView {
  readonly email?: string;
}

/** How a member is reached and what it wants. Addresses are kept here alone; no event and no message holds one. */
@ApiTags('notifications')
@Controller('v1/members/:member')
export class RecipientController {
  constructor(@Inject(RECIPIENTS) private readonly parts: Recipients) {}

  @Get('contact')
  @RequireScope('notification:read')
  @ApiOperation({ summary: 'How the member is reached' })
  contact(@PrincipalOf() { program }: Principal, @Param() { member }: MemberParams): Promise<ContactView> {
    return this.contactOf({ program, member });
  }

  @Put('contact')
  @RequireScope('notification:write')
  @ApiOperation({ summary: 'Replace how the member is reached' })
  async setContact(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Body() { email }: ContactDto,
  ): Promise<ContactView> {
    await this.#refuseErased({ program, member });
    const { recipients, sql, clock } = this.parts;
    await recipients.setEmail(sql, { program, member }, email ?? undefined, clock());
    return this.contactOf({ program, member });
  }

  @Delete('contact')
  @HttpCode(204)
  @RequireScope('notification:write')
  @ApiOperation({ summary: 'Erase what is known of how the member is reached; the same again does nothing' })
  async eraseContact(@PrincipalOf() { program }: Principal, @Param() { member }: MemberParams): Promise<void> {
    const { recipients, sql } = this.parts;
    await recipients.eraseContact(sql, { program, member });
  }

  @Get('notification-preferences')
  @RequireScope('notification:read')
  @ApiOperation({ summary: 'What the member wants to be told, and when' })
  async preferences(@PrincipalOf() { program }: Principal, @Param() { member }: MemberParams): Promise<Preferences> {
    const { recipients, sql } = this.parts;
    return (await recipients.find(sql, { program, member }))?.preferences ?? NO_PREFERENCES;
  }

  @Put('notification-preferences')
  @RequireScope('notification:write')
  @ApiOperation({ summary: 'Replace what the member wants; it holds at once, also for messages that wait' })
  async setPreferences(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Body() body: PreferencesDto,
  ): Promise<Preferences> {
    await this.#refuseErased({ program, member });
    const { recipients, sql, clock } = this.parts;
    const preferences: Preferences = {
      ...(body.language ? { language: body.language } : {}),
      mutedTriggers: body.mutedTriggers ?? [],
      mutedChannels: body.mutedChannels ?? [],
      ...(body.quietHours ? { quietHours: { from: body.quietHours.from, to: body.quietHours.to } } : {}),
    };
    await recipients.setPreferences(sql, { program, member }, preferences, clock());
    return preferences;
  }

  /** Of who was erased nothing is kept again. */
  async #refuseErased(key: MemberKey): Promise<void> {
    const standing = (await this.parts.recipients.find(this.parts.sql, key))?.standing;
    if (standing === undefined || !isErased(standing)) return;
    throw new ProblemError({ code: 'member_inactive', detail: `the member is ${standing}`, figures: { standing } });
  }

  private async contactOf(key: MemberKey): Promise<ContactView> {
    const email = (await this.parts.recipients.find(this.parts.sql, key))?.email;
    return email === undefined ? {} : { email };
  }
}
