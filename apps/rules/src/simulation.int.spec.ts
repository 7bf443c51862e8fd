import type { ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { createMemoryEventStore } from '@jifen/event-store';
import { instant, instantFromMillis, memberKey, partitionOf } from '@jifen/kernel';
import { fakeClock } from '@jifen/testing';
import { Registry } from 'prom-client';
import { decode } from './adapters/consumer.ts';
import type { Queryable } from './adapters/queryable.ts';
import { shadowTables } from './adapters/shadow-tables.ts';
import { simulationTables } from './adapters/simulation-tables.ts';
import { tables } from './adapters/tables.ts';
import { observeTrials } from './adapters/trial-metrics.ts';
import { ShadowCrew } from './application/shadow/shadow-crew.ts';
import { reportShadow, startShadow } from './application/shadow/shadow-desk.ts';
import { MAX_QUEUE, Shadow } from './application/shadow/shadow.ts';
import { askForSimulation, type Ask } from './application/simulation/ask.ts';
import { isSampled } from './application/simulation/history.ts';
import { runNextJob } from './application/simulation/job-runner.ts';
import type { RulesItem } from './application/cause.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM, ladderTo } from './testing/program.ts';

const NOW = '2026-11-01T00:00:00.000Z';
const PARTITIONS = 4;
const MEMBERS = ['m-1', 'm-2', 'm-3', 'm-4'];

const document = (points: string): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  ladder: ladderTo('silver', 700, '1.2'),
  rules: [
    { id: 'spend', when: { order: 'paid' }, earn: { form: 'rate', points, per: '1.00' }, currency: 'points' },
    { id: 'visit', when: { activity: 'check-in' }, earn: { form: 'fixed', points: 5 }, currency: 'points' },
  ],
});

const order = (member: string, amount: string): RecordedOrder => ({
  source: 'shop',
  orderId: `A-${member}`,
  revision: 1,
  status: 'paid',
  occurredAt: NOW,
  placedAt: NOW,
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount }],
});

/** The activity log of ingestion: each member buys for 100, 200, 300, 400 and comes by once. */
async function history() {
  const log = createMemoryEventStore({ log: 'activity', partitions: PARTITIONS, clock: () => Date.parse(NOW) });
  for (const [index, member] of MEMBERS.entries()) {
    const key = memberKey(PROGRAM, member);
    const partition = partitionOf(key, PARTITIONS);
    const events = [
      ['order.recorded', { program: PROGRAM, member, order: order(member, `${index + 1}00.00`) }],
      [
        'activity.recorded',
        { program: PROGRAM, member, source: 'app', id: `v-${member}`, type: 'check-in', occurredAt: NOW },
      ],
    ] as const;
    await log.transact({ partitions: [partition] }, (tx) => {
      events.forEach(([type, data]) =>
        tx.append(partition, {
          stream: `${key}/${type}`,
          version: 1,
          key,
          type,
          schemaVersion: 1,
          data: JSON.stringify(data),
          meta: {},
          occurredAt: instant(NOW),
          effectiveAt: instant(NOW),
        }),
      );
      return Promise.resolve();
    });
  }
  return log;
}

describe('trying a program', () => {
  let bed: Testbed;
  let crew: ShadowCrew<Queryable> | undefined;
  const clock = fakeClock(Date.parse(NOW));
  const signal = new AbortController().signal;

  beforeAll(async () => {
    bed = await startTestbed(clock.now, { watch: (items) => crew?.offer(items) });
    await bed.publish(document('1'), '2026-01-01T00:00:00Z');
  }, 60_000);
  afterAll(() => bed.close());

  const desk = () => ({ tables, catalog: bed.catalog, sql: bed.pool, jobs: simulationTables, clock: clock.now });
  const ask = (more: Partial<Ask> = {}) =>
    askForSimulation(desk(), {
      program: PROGRAM,
      by: 'k',
      byName: 'key',
      document: document('2'),
      candidate: 'draft',
      baseline: 'in-force',
      percent: 100,
      ...more,
    });
  const measured = async (metric: string, label: string): Promise<Readonly<Record<string, number>>> => {
    const registry = new Registry();
    observeTrials(registry, bed.pool, clock.now);
    await registry.metrics();
    const { values = [] } = (await registry.getSingleMetric(metric)?.get()) ?? {};
    return Object.fromEntries(values.map(({ labels, value }) => [labels[label], value]));
  };
  const runner = async () => ({ ...desk(), activities: await history(), decode });

  it('N03: rates history under a draft and under what is in force, and says what it costs', async () => {
    const before = await bed.ratings.heads();
    const asked = await ask();
    const id = asked.ok ? asked.value.id : '';
    expect(await runNextJob(await runner(), signal)).toBe(true);
    const job = await simulationTables.find(bed.pool, PROGRAM, id);
    expect(job).toMatchObject({ state: 'done', done: 8, total: 8, requestedByName: 'key' });
    expect(job?.report).toMatchObject({
      candidate: 'document',
      baseline: 'version 1',
      members: 4,
      causes: 8,
      totals: [
        {
          currency: 'points',
          candidate: 2020,
          baseline: 1020,
          change: 1000,
          cost: { candidate: { amount: '20.20', currency: 'CNY' }, baseline: { amount: '10.20' } },
        },
      ],
      affected: { members: 4 },
      migration: [{ from: 'bronze', to: 'silver', members: 1 }],
      costGate: { revenue: { amount: '1000.00' }, cost: { amount: '20.20' }, percent: '2.02', within: true },
    });
    expect(job?.report?.rules).toEqual([
      { rule: 'spend', currency: 'points', candidate: 2000, baseline: 1000, change: 1000 },
      { rule: 'visit', currency: 'points', candidate: 20, baseline: 20, change: 0 },
    ]);
    expect(job?.report?.affected.most).toContainEqual({
      member: 'm-4',
      currency: 'points',
      candidate: 805,
      baseline: 405,
      change: 400,
    });
    expect(await bed.ratings.heads()).toEqual(before);
    expect(await runNextJob(await runner(), signal)).toBe(false);
  });

  it('V06: says when points would cost more than 3 % of revenue', async () => {
    const asked = await ask({ document: document('3') });
    await runNextJob(await runner(), signal);
    const job = await simulationTables.find(bed.pool, PROGRAM, asked.ok ? asked.value.id : '');
    expect(job?.report?.costGate).toMatchObject({ percent: '3.02', within: false });
  });

  it('N03: rates what one real member did, and nobody else', async () => {
    const asked = await ask({ member: 'm-3', percent: 1 });
    await runNextJob(await runner(), signal);
    const job = await simulationTables.find(bed.pool, PROGRAM, asked.ok ? asked.value.id : '');
    expect(job?.report).toMatchObject({
      member: 'm-3',
      members: 1,
      causes: 2,
      totals: [{ candidate: 605, baseline: 305, change: 300, cost: { candidate: { amount: '6.05' } } }],
      tiers: [{ tier: '-', candidate: 605, baseline: 305 }],
      affected: { members: 1, most: [{ member: 'm-3', change: 300 }] },
    });
    const nobody = await ask({ member: 'm-unknown' });
    await runNextJob(await runner(), signal);
    const none = await simulationTables.find(bed.pool, PROGRAM, nobody.ok ? nobody.value.id : '');
    expect(none).toMatchObject({ state: 'done', report: { members: 0, totals: [] } });
  });

  it.each(['spend', 'orders', 'points'] as const)('says that tiers by %s cannot be told', async (basis) => {
    const before = document('2');
    const window = basis === 'points' ? { window: { per: 'year' as const } } : {};
    const ladder = before.ladder && { ...before.ladder, basis, ...window };
    const asked = await ask({ document: { ...before, ...(ladder === undefined ? {} : { ladder }) } });
    await runNextJob(await runner(), signal);
    const job = await simulationTables.find(bed.pool, PROGRAM, asked.ok ? asked.value.id : '');
    expect(job?.report).toMatchObject({ migration: [], totals: [{ change: 1000 }] });
    expect(job?.report?.migrationUnknown?.en).toContain(`The ladder counts ${basis}`);
    expect(job?.report?.migrationUnknown?.zh).toContain(`${basis} 定级`);
  });

  it('looks at the days and members that it is asked for', async () => {
    const sampled = MEMBERS.filter((member) => isSampled(memberKey(PROGRAM, member), 50));
    const half = await ask({ percent: 50, days: 1 });
    await runNextJob(await runner(), signal);
    const job = await simulationTables.find(bed.pool, PROGRAM, half.ok ? half.value.id : '');
    expect(job?.report).toMatchObject({ members: sampled.length, percent: 50, since: '2026-10-31T00:00:00.000Z' });
  });

  it('is cancelled before it runs and while it runs, and bounded in number', async () => {
    const asked = await Promise.all(Array.from({ length: 7 }, () => ask()));
    expect(asked.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(5);
    expect(await ask()).toMatchObject({ ok: false, refusal: { code: 'too_many_requests' } });
    const ids = asked.flatMap((each) => (each.ok ? [each.value.id] : []));
    for (const id of ids) await simulationTables.cancel(bed.pool, PROGRAM, id, instant(NOW));
    expect(await runNextJob(await runner(), signal)).toBe(false);
    const again = await ask();
    const id = again.ok ? again.value.id : '';
    await simulationTables.claim(bed.pool, instant(NOW), instant('2020-01-01T00:00:00Z'));
    expect(await simulationTables.progress(bed.pool, id, instant(NOW), 1, 2)).toBe(true);
    await simulationTables.cancel(bed.pool, PROGRAM, id, instant(NOW));
    expect(await simulationTables.progress(bed.pool, id, instant(NOW), 2, 2)).toBe(false);
    await simulationTables.finish(bed.pool, id, instant(NOW), { problem: 'too late' });
    expect(await simulationTables.find(bed.pool, PROGRAM, id)).toMatchObject({ state: 'cancelled' });
  });

  it('is taken up by another process when the first one has died', async () => {
    const asked = await ask();
    await simulationTables.claim(bed.pool, instant(NOW), instant('2020-01-01T00:00:00Z'));
    expect(await runNextJob(await runner(), signal)).toBe(false);
    clock.advance(61_000);
    expect(await runNextJob(await runner(), signal)).toBe(true);
    expect(await simulationTables.find(bed.pool, PROGRAM, asked.ok ? asked.value.id : '')).toMatchObject({
      state: 'done',
    });
  });

  it('is counted while it waits and runs, and for an hour when it failed', async () => {
    const counted = () => measured('jifen_rules_simulations', 'state');
    expect(await counted()).toEqual({ queued: 0, running: 0, failed: 0 });
    const asked = await ask();
    expect(await counted()).toEqual({ queued: 1, running: 0, failed: 0 });
    const now = instantFromMillis(clock.now());
    await simulationTables.claim(bed.pool, now, now);
    expect(await counted()).toEqual({ queued: 0, running: 1, failed: 0 });
    await simulationTables.finish(bed.pool, asked.ok ? asked.value.id : '', now, { problem: 'too much' });
    expect(await counted()).toEqual({ queued: 0, running: 0, failed: 1 });
    clock.advance(3_601_000);
    expect(await counted()).toEqual({ queued: 0, running: 0, failed: 0 });
  });

  it('does not begin with what is not valid', async () => {
    expect(await ask({ document: { rules: 7 } })).toMatchObject({ ok: false, refusal: { code: 'invalid_program' } });
    expect(await ask({ document: undefined })).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
  });

  it('N04: runs beside live traffic, reports what differs, and leaves every rating as it is', async () => {
    const shadows = { tables, catalog: bed.catalog, sql: bed.pool, shadows: shadowTables, clock: clock.now };
    const start = { program: PROGRAM, by: 'k', byName: 'key', document: document('2'), percent: 100 };
    expect(await startShadow(shadows, { ...start, candidate: 'draft' })).toMatchObject({
      ok: true,
      value: { rated: 0 },
    });
    const started = new ShadowCrew<Queryable>({
      ...{ shadows: shadowTables, tables, sql: bed.pool, holder: 'a' },
      onFault: (error) => {
        throw error;
      },
    });
    crew = started;
    const stop = new AbortController();
    const running = started.run(stop.signal);
    // A crew that nobody follows yet takes nothing: it must have read what runs.
    const messages = () => MEMBERS.map((member) => bed.order(member, order(member, '100.00')));
    const seen = async (): Promise<number> => {
      const report = await reportShadow(shadows, PROGRAM);
      return report.ok ? report.value.members : 0;
    };
    const deadline = Date.now() + 20_000;
    while ((await seen()) < MEMBERS.length && Date.now() < deadline) {
      await bed.deliver(...messages());
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    stop.abort();
    await running;
    expect(await reportShadow(shadows, PROGRAM)).toMatchObject({
      value: {
        startedByName: 'key',
        dropped: 0,
        members: 4,
        rules: [{ rule: 'spend', candidate: 800, baseline: 400, change: 400 }],
        affected: { members: 4 },
      },
    });
    const rated = await measured('jifen_rules_shadow_items', 'outcome');
    expect(rated['rated']).toBeGreaterThanOrEqual(4);
    expect(rated['dropped']).toBe(0);
    expect(await measured('jifen_rules_shadow_members', 'outcome')).toEqual({ same: 0, differ: 4, 'not-followed': 0 });
    crew = undefined;
    const live = (await bed.ratingsOf('m-1')).at(-1);
    expect(live).toMatchObject({ programVersion: 1, awards: [{ target: 100 }] });
    await bed.deliver(...messages());
    const alone = (await bed.ratingsOf('m-1')).at(-1);
    const bytes = (made: typeof live) =>
      JSON.stringify({ ...made, origin: 0, awards: made?.awards.map(({ revision: _, ...award }) => award) });
    expect(bytes(alone)).toBe(bytes(live));
    await shadowTables.stop(bed.pool, PROGRAM);
    expect(await reportShadow(shadows, PROGRAM)).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
  }, 60_000);

  it('N04: is shed first under load, and says how much', () => {
    const program = (points: string, name: string) => ({ name, version: 1, document: document(points) });
    const shadow = new Shadow(PROGRAM, { candidate: program('2', 'draft'), baseline: program('1', 'version 1') }, 100);
    const item = { owner: memberKey(PROGRAM, 'm-1'), kind: 'tier' } as RulesItem;
    shadow.offer(
      Array.from({ length: 250 }, () => item),
      250,
    );
    expect([shadow.waiting(), shadow.part().dropped]).toEqual([0, 250]);
    for (let flush = 0; flush < 60; flush++)
      shadow.offer(
        Array.from({ length: 100 }, () => item),
        100,
      );
    expect([shadow.waiting(), shadow.part().dropped]).toEqual([MAX_QUEUE, 250 + 6_000 - MAX_QUEUE]);
  });

  it('keeps every smaller sample within the larger ones', () => {
    const owners = Array.from({ length: 2_000 }, (_, n) => memberKey(PROGRAM, `m-${n}`));
    const of = (percent: number): ReadonlySet<string> => new Set(owners.filter((owner) => isSampled(owner, percent)));
    const [one, ten] = [of(1), of(10)];
    expect([...one].filter((owner) => !ten.has(owner))).toEqual([]);
    expect(ten.size).toBeGreaterThan(140);
    expect(ten.size).toBeLessThan(260);
    expect(of(100).size).toBe(owners.length);
  });
});
