import { memberOfKey } from '@jifen/notifications';
import { answered, PrincipalOf, ProblemError, RequireScope, type Principal, type Nudge } from '@jifen/service-host';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  createEndpoint,
  findEndpoint,
  listEndpoints,
  readEndpoint,
  replayDeliveries,
  resendDeliveries,
  rotateSecret,
  switchEndpoint,
  type EndpointView,
  type EndpointWithSecret,
  type ManageParts,
  type ReplayStarted,
} from '../application/manage-endpoints.ts';
import type { Delivery } from '../application/ports.ts';
import { DEFAULT_PAGE, type Page } from './page.dto.ts';
import type { Queryable } from './queryable.ts';
import {
  CreateWebhook,
  DeliveryParams,
  DeliveryQuery,
  ReplayDeliveries,
  ResendDeliveries,
  WebhookParams,
} from './webhook.dto.ts';

export const WEBHOOKS = Symbol('WEBHOOKS');

export interface Webhooks extends ManageParts<Queryable> {
  /** Something may have become due. */
  readonly nudge: Nudge;
}

export interface DeliveryView extends Omit<Delivery, 'seq' | 'event' | 'key'> {
  /** Id of the event, and `webhook-id` of every attempt. */
  readonly id: string;
  readonly member: string;
}

const viewOf = (delivery: Delivery): DeliveryView => ({
  id: delivery.event,
  member: memberOfKey(delivery.key)?.member ?? delivery.key,
  type: delivery.type,
  state: delivery.state,
  attempts: delivery.attempts,
  nextAttemptAt: delivery.nextAttemptAt,
  lastAttemptAt: delivery.lastAttemptAt,
  lastStatus: delivery.lastStatus,
  lastError: delivery.lastError,
  lastAnswer: delivery.lastAnswer,
  lastMillis: delivery.lastMillis,
  createdAt: delivery.createdAt,
  deliveredAt: delivery.deliveredAt,
  replayedAt: delivery.replayedAt,
  erased: delivery.erased,
});

@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhookController {
  constructor(@Inject(WEBHOOKS) private readonly webhooks: Webhooks) {}

  @Post()
  @RequireScope('webhook:write')
  @ApiOperation({ summary: 'Create a webhook; its secret is shown here and never again' })
  async create(@PrincipalOf() { program }: Principal, @Body() body: CreateWebhook): Promise<EndpointWithSecret> {
    const { url, events = ['*'], description, signature: scheme = 'v1' } = body;
    return answered(await createEndpoint(this.webhooks, { program, url, events, description, scheme }));
  }

  @Get()
  @RequireScope('webhook:read')
  @ApiOperation({ summary: 'The webhooks of the program' })
  async list(@PrincipalOf() { program }: Principal): Promise<Page<EndpointView>> {
    return { data: await listEndpoints(this.webhooks, program) };
  }

  @Get(':id')
  @RequireScope('webhook:read')
  @ApiOperation({ summary: 'A webhook of the program' })
  async read(@PrincipalOf() { program }: Principal, @Param() { id }: WebhookParams): Promise<EndpointView> {
    return answered(await readEndpoint(this.webhooks, program, id));
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @RequireScope('webhook:write')
  @ApiOperation({ summary: 'A new secret; for a day the old one signs beside it' })
  async rotate(@PrincipalOf() { program }: Principal, @Param() { id }: WebhookParams): Promise<EndpointWithSecret> {
    return answered(await rotateSecret(this.webhooks, program, id));
  }

  @Post(':id/disable')
  @HttpCode(200)
  @RequireScope('webhook:write')
  @ApiOperation({ summary: 'Stop sending; what is queued waits' })
  async disable(@PrincipalOf() { program }: Principal, @Param() { id }: WebhookParams): Promise<EndpointView> {
    return answered(await switchEndpoint(this.webhooks, program, id, 'disabled'));
  }

  @Post(':id/enable')
  @HttpCode(200)
  @RequireScope('webhook:write')
  @ApiOperation({ summary: 'Send again, beginning with what is queued' })
  async enable(@PrincipalOf() { program }: Principal, @Param() { id }: WebhookParams): Promise<EndpointView> {
    const view = answered(await switchEndpoint(this.webhooks, program, id, 'enabled'));
    this.webhooks.nudge.nudge();
    return view;
  }

  @Get(':id/deliveries')
  @RequireScope('webhook:read')
  @ApiOperation({ summary: 'What was sent and what came of it, newest first' })
  async deliveries(
    @PrincipalOf() { program }: Principal,
    @Param() { id }: WebhookParams,
    @Query() { state, cursor, limit = DEFAULT_PAGE }: DeliveryQuery,
  ): Promise<Page<DeliveryView>> {
    answered(await findEndpoint(this.webhooks, program, id));
    const { deliveries, sql } = this.webhooks;
    const rows = await deliveries.list(sql, id, { before: cursor, state, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { data: page.map(viewOf), ...(rows.length > limit && last !== undefined ? { next: String(last.seq) } : {}) };
  }

  @Get(':id/deliveries/:delivery')
  @RequireScope('webhook:read')
  @ApiOperation({ summary: 'One delivery with the body that is sent' })
  async delivery(
    @PrincipalOf() { program }: Principal,
    @Param() { id, delivery }: DeliveryParams,
  ): Promise<DeliveryView & { readonly body: string }> {
    answered(await findEndpoint(this.webhooks, program, id));
    const found = await this.webhooks.deliveries.find(this.webhooks.sql, id, delivery);
    if (found !== undefined) return { ...viewOf(found), body: found.body };
    throw new ProblemError({ code: 'not_found', detail: `webhook ${id} has no delivery ${delivery}` });
  }

  @Post(':id/replay')
  @HttpCode(202)
  @RequireScope('webhook:write')
  @ApiOperation({
    summary:
      'Send again what was queued from an instant or a delivery on, in the order of each member, under the ids they had',
  })
  async replay(
    @PrincipalOf() { program }: Principal,
    @Param() { id }: WebhookParams,
    @Body() from: ReplayDeliveries,
  ): Promise<ReplayStarted> {
    const started = answered(await replayDeliveries(this.webhooks, program, id, from));
    this.webhooks.nudge.nudge();
    return started;
  }

  @Post(':id/resend')
  @HttpCode(202)
  @RequireScope('webhook:write')
  @ApiOperation({ summary: 'Send deliveries again, under the ids they had' })
  async resend(
    @PrincipalOf() { program }: Principal,
    @Param() { id }: WebhookParams,
    @Body() { deliveries }: ResendDeliveries,
  ): Promise<{ readonly resent: number }> {
    const resent = answered(await resendDeliveries(this.webhooks, program, id, deliveries));
    this.webhooks.nudge.nudge();
    return resent;
  }
}
