import { answered, PrincipalOf, RequireScope, type Nudge, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Content, Message, MessageTable } from '../application/message-ports.ts';
import type { InTransaction } from '../application/ports.ts';
import { previewMessage, type Preview, type PreviewParts } from '../application/preview.ts';
import { MessageQuery, PreviewDto, ResendMessages } from './message.dto.ts';
import { DEFAULT_PAGE, type Page } from './page.dto.ts';
import type { Queryable } from './queryable.ts';

export const MESSAGES = Symbol('MESSAGES');
/** Messages made pending again by one request without ids. */
export const MAX_RESENT = 1_000;

export interface Messages extends PreviewParts<Queryable> {
  readonly messages: MessageTable<Queryable>;
  readonly inTransaction: InTransaction<Queryable>;
  /** Something may have become due. */
  readonly nudge: Nudge;
}

export type MessageView = Omit<Message, 'program' | 'content'> & Partial<Content>;

const viewOf = ({ program: _, content, ...message }: Message): MessageView => ({ ...message, ...content });

@ApiTags('notifications')
@Controller('v1/notifications')
export class MessageController {
  constructor(@Inject(MESSAGES) private readonly parts: Messages) {}

  @Get('messages')
  @RequireScope('notification:read')
  @ApiOperation({ summary: 'What was told, waits, was left out or is dead, and why; newest first' })
  async list(
    @PrincipalOf() { program }: Principal,
    @Query() { member, channel, state, trigger, cursor, limit = DEFAULT_PAGE }: MessageQuery,
  ): Promise<Page<MessageView>> {
    const { messages, sql } = this.parts;
    const page = { before: cursor, limit: limit + 1 };
    const rows = await messages.list(sql, program, { member, channel, state, trigger }, page);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return { data: shown.map(viewOf), ...(rows.length > limit && last !== undefined ? { next: String(last.id) } : {}) };
  }

  @Post('messages/resend')
  @HttpCode(202)
  @RequireScope('notification:write')
  @ApiOperation({ summary: 'Send again what is dead or was left out' })
  async resend(
    @PrincipalOf() { program }: Principal,
    @Body() { messages: ids }: ResendMessages,
  ): Promise<{ readonly resent: number }> {
    const { messages, clock, nudge, inTransaction } = this.parts;
    const resent = await inTransaction((tx) => messages.resend(tx, program, ids ?? undefined, MAX_RESENT, clock()));
    nudge.nudge();
    return { resent };
  }

  @Post('preview')
  @HttpCode(200)
  @RequireScope('notification:read')
  @ApiOperation({ summary: 'What a member would read; nothing is sent' })
  async preview(
    @PrincipalOf() { program }: Principal,
    @Body() { member, trigger, language, template }: PreviewDto,
  ): Promise<Preview> {
    const request = { program, member, trigger, language: language ?? undefined, template: template ?? undefined };
    return answered(await previewMessage(this.parts, request));
  }
}
