import { MemberParams, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Trigger } from '@jifen/notifications';
import type { Message, MessageTable } from '../application/message-ports.ts';
import { ReadInbox } from './member.dto.ts';
import { DEFAULT_PAGE, PageQuery } from './page.dto.ts';
import type { Queryable } from './queryable.ts';

export const INBOX = Symbol('INBOX');

export interface Inbox {
  readonly sql: Queryable;
  readonly messages: Pick<MessageTable<Queryable>, 'inbox' | 'unread' | 'read'>;
  readonly clock: () => number;
}

/** A08: what an app shows, and where a tap leads. */
export interface InboxItem {
  readonly id: number;
  readonly trigger: Trigger;
  readonly title: string;
  readonly body: string;
  readonly deepLink: string;
  readonly language: string;
  readonly occurredAt: string;
  readonly at: string;
  readonly readAt?: string;
}

export interface InboxPage {
  readonly data: readonly InboxItem[];
  readonly unread: number;
  /** Cursor of the next page; absent on the last. */
  readonly next?: string;
}

const itemOf = ({ id, trigger, content, occurredAt, createdAt, endedAt, readAt }: Message): InboxItem => ({
  id,
  trigger,
  title: content?.title ?? '',
  body: content?.body ?? '',
  deepLink: content?.link ?? '',
  language: content?.language ?? '',
  occurredAt,
  at: endedAt ?? createdAt,
  ...(readAt === undefined ? {} : { readAt }),
});

@ApiTags('notifications')
@Controller('v1/members/:member/inbox')
export class InboxController {
  constructor(@Inject(INBOX) private readonly parts: Inbox) {}

  @Get()
  @RequireScope('notification:read')
  @ApiOperation({ summary: 'What the member was told, newest first' })
  async list(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Query() { cursor, limit = DEFAULT_PAGE }: PageQuery,
  ): Promise<InboxPage> {
    const { messages, sql } = this.parts;
    const rows = await messages.inbox(sql, { program, member }, { before: cursor, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      data: page.map(itemOf),
      unread: await messages.unread(sql, { program, member }),
      ...(rows.length > limit && last !== undefined ? { next: String(last.id) } : {}),
    };
  }

  @Post('read')
  @HttpCode(200)
  @RequireScope('notification:write')
  @ApiOperation({ summary: 'Mark as read what is there up to and with a message' })
  async read(
    @PrincipalOf() { program }: Principal,
    @Param() { member }: MemberParams,
    @Body() { upTo }: ReadInbox,
  ): Promise<{ readonly read: number }> {
    const { messages, sql, clock } = this.parts;
    return { read: await messages.read(sql, { program, member }, upTo, clock()) };
  }
}
