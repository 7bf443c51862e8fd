import { ledgerService } from '@jifen/app-ledger';
import { publishProgram, rulesService, rulesTables } from '@jifen/app-rules';
import { PROOF_PROGRAM, workload, type WorkloadOptions } from '@jifen/app-simulator';
import { tieringService } from '@jifen/app-tiering';
import type { OrderRecorded, RecordedOrder } from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { instant, memberKey, partitionOf } from '@jifen/kernel';
import { DEFAULT_PARTITIONS, messageOfEvent, TOPIC_OF_LOG, type Message } from '@jifen/messaging';
import { compileProgram, rate, ratedOrder } from '@jifen/rules';
import { bareService, feed, messagesOf } from './bare-service.ts';

export interface StepResult {
  readonly step: string;
  readonly perSecond: number;
  readonly unit: string;
}

const PROGRAM = 'bench';

export interface Recorded {
  readonly member: string;
  readonly order: RecordedOrder;
}

/** Orders as the activity log would publish them. */
export function* recorded(program: string, orders: Iterable<Recorded>): Generator<Message> {
  const positions = new Map<number, number>();
  for (const { member, order } of orders) {
    const data: OrderRecorded = { program, member, order };
    const key = memberKey(program, member);
    const partition = partitionOf(key, DEFAULT_PARTITIONS);
    const position = (positions.get(partition) ?? 0) + 1;
    positions.set(partition, position);
    const at = instant(order.occurredAt);
    const event: StoredEvent = {
      log: 'activity',
      partition,
      position,
      stream: `${program}/shop/order/${order.orderId}`,
      version: 1,
      key,
      type: 'order.recorded',
      schemaVersion: 1,
      data: JSON.stringify(data),
      meta: {},
      occurredAt: at,
      effectiveAt: at,
      recordedAt: at,
      hash: new Uint8Array(32),
    };
    yield messageOfEvent(event, TOPIC_OF_LOG.activity);
  }
}

function* accepted(settings: WorkloadOptions, orders: number): Generator<Recorded> {
  for (const { kind, body } of workload(settings, orders)) {
    if (kind !== 'order' || body.revision !== 1) continue;
    const { member = '', identity: _identity, program: _program, ...order } = body;
    yield { member, order };
  }
}

const PURE_RATINGS = 60_000;

/** The rating function alone, one core, no I/O. */
export function measurePureRating(settings: WorkloadOptions): StepResult {
  const compiled = compileProgram(PROOF_PROGRAM, 1);
  const inputs = [...workload({ ...settings, prefix: 'P' }, 2_000)].flatMap(({ kind, body }) => {
    if (kind !== 'order') return [];
    const { member = '', identity: _identity, program: _program, ...order } = body;
    return [{ member, order }];
  });
  const run = (count: number): void => {
    for (let index = 0; index < count; index++) {
      const input = inputs[index % inputs.length];
      if (input === undefined) continue;
      const { member, order } = input;
      rate(compiled, {
        kind: 'order',
        member,
        source: order.source,
        id: order.orderId,
        tier: 'silver',
        order: ratedOrder(order),
      });
    }
  };
  run(PURE_RATINGS / 4);
  const started = performance.now();
  run(PURE_RATINGS);
  return {
    step: 'rate (pure function)',
    perSecond: Math.round(PURE_RATINGS / ((performance.now() - started) / 1_000)),
    unit: 'ratings/s',
  };
}

/** Rules, ledger and tiering one after another on the same orders, each alone with PostgreSQL. */
export async function measureSteps(
  databaseUrl: string,
  settings: WorkloadOptions,
  orders: number,
  batch: number,
): Promise<StepResult[]> {
  const input = [...recorded(PROGRAM, accepted({ ...settings, prefix: 'S' }, orders))];
  const rules = await bareService(rulesService, databaseUrl);
  const ledger = await bareService(ledgerService, databaseUrl);
  const tiering = await bareService(tieringService, databaseUrl);
  try {
    const parts = { store: rules.store('program'), tables: rulesTables };
    const published = await publishProgram(parts, {
      program: PROGRAM,
      by: 'bench',
      document: PROOF_PROGRAM,
      effectiveFrom: instant('2020-01-01T00:00:00Z'),
    });
    if (!published.ok) throw new Error(published.refusal.detail);
    const result = (step: string, count: number, seconds: number): StepResult => ({
      step,
      perSecond: Math.round(count / seconds),
      unit: 'messages/s',
    });
    const results = [
      result(
        `rules step (batches of ${batch})`,
        input.length,
        await feed(rules.consumer(TOPIC_OF_LOG.activity), input, batch),
      ),
    ];
    const ratings = await messagesOf(rules.store('rating'), 'rating');
    results.push(
      result(
        `ledger step (batches of ${batch})`,
        ratings.length,
        await feed(ledger.consumer(TOPIC_OF_LOG.rating), ratings, batch),
      ),
    );
    const programs = await messagesOf(rules.store('program'), 'program');
    const postings = await messagesOf(ledger.store('ledger'), 'ledger');
    await feed(tiering.consumer(TOPIC_OF_LOG.program), programs, batch);
    results.push(
      result(
        `tiering step (batches of ${batch})`,
        postings.length,
        await feed(tiering.consumer(TOPIC_OF_LOG.ledger), postings, batch),
      ),
    );
    return results;
  } finally {
    for (const service of [rules, ledger, tiering]) await service.close();
  }
}
