import type { EarnRule, ProgramDocument, RatingMade, RecordedOrder } from '@jifen/contracts';
import { memberKey, partitionOf } from '@jifen/kernel';
import type { Message } from '@jifen/messaging';
import type { PackedFunding } from '@jifen/rules';
import { fakeClock } from '@jifen/testing';
import { budgetTables } from './adapters/budget-tables.ts';
import { readBudgets } from './application/read-budgets.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM, paidOrder } from './testing/program.ts';

const START = '2026-01-01T00:00:00.000Z';
const AT = '2026-11-01T00:00:00.000Z';
const PARTITIONS = 4;
const MEMBERS = 40;
const BATCH = 5;

const spend = (more: Partial<EarnRule>): EarnRule => ({
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
  ...more,
});
const document = (rule: EarnRule, more: Partial<ProgramDocument> = {}): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  rules: [rule],
  ...more,
});
const order = (orderId: string, amount: string, more: Partial<RecordedOrder> = {}): RecordedOrder =>
  paidOrder(orderId, AT, amount, { source: 'erp', ...more });
const cancelled = (orderId: string): RecordedOrder => order(orderId, '10.00', { revision: 2, status: 'cancelled' });

interface Sums {
  readonly used: number;
  readonly quota: number;
  readonly free: number;
  readonly total: number;
}

describe('budgets on PostgreSQL', () => {
  /** Two instances; each owns half of the partitions. */
  let instances: readonly [Testbed, Testbed];
  const clock = fakeClock(Date.parse(AT));
  let dying = false;
  /** The last thing before the commit. */
  const watch = (): void => {
    if (dying) throw new Error('the process dies');
  };

  beforeEach(async () => {
    const first = await startTestbed(clock.now, { watch, owned: [0, 1] });
    instances = [first, await startTestbed(clock.now, { url: first.url, watch, owned: [2, 3] })];
  });

  afterEach(async () => {
    for (const instance of instances.toReversed()) await instance.close();
  });

  const publish = (program: ProgramDocument, from = START): Promise<unknown> => instances[0].publish(program, from);
  const message = (member: string, recorded: RecordedOrder): Message => instances[0].order(member, recorded);
  const ownerOf = ({ partition }: Message): Testbed => instances[partition < 2 ? 0 : 1];

  /** Every partition on its own, all at once, in small flushes that come twice. */
  async function deliver(messages: readonly Message[]): Promise<void> {
    await Promise.all(
      [...Array(PARTITIONS).keys()].map(async (partition) => {
        const own = messages.filter((each) => each.partition === partition);
        for (let start = 0; start < own.length; start += BATCH) {
          const batch = own.slice(start, start + BATCH);
          const [first] = batch;
          if (first !== undefined) await ownerOf(first).deliver(...batch);
        }
      }),
    );
  }

  const orders = (count: number, amount: string, name = 'o', at = AT): readonly Message[] =>
    [...Array(count).keys()].map((index) => {
      const times = { occurredAt: at, placedAt: at, paidAt: at };
      return message(`m-${index % MEMBERS}`, order(`${name}-${index}`, amount, times));
    });

  async function lastRatings(): Promise<readonly RatingMade[]> {
    const last = new Map<string, RatingMade>();
    for (let partition = 0; partition < PARTITIONS; partition++)
      for (const { stream, data } of await instances[0].ratings.readLog(partition, 0, 10_000))
        last.set(stream, JSON.parse(data) as RatingMade);
    return [...last.values()];
  }

  const granted = async (): Promise<number> =>
    (await lastRatings()).flatMap(({ awards }) => awards).reduce((sum, { target }) => sum + target, 0);

  async function sums(bucket: string): Promise<Sums> {
    const { rows } = await instances[0].pool.query<Sums>(
      `SELECT sum(used)::bigint AS used, sum(quota)::bigint AS quota, free, total
         FROM budget_slice JOIN budget USING (program, bucket) WHERE bucket = $1 GROUP BY free, total`,
      [bucket],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`nothing of ${bucket}`);
    return row;
  }

  async function heldInLog(bucket: string): Promise<number> {
    const held = (await lastRatings()).flatMap(({ inputs }) =>
      Object.values((inputs?.['u'] as PackedFunding | undefined)?.h?.[bucket] ?? {}),
    );
    return held.reduce((sum, [points]) => sum + points, 0);
  }

  it('a partition that found nothing left has what is given back later', async () => {
    await publish(document(spend({ budgets: [{ per: 'month', points: 50 }] })));
    const of = (member: string): number => partitionOf(memberKey(PROGRAM, member), PARTITIONS);
    const other = [...Array(MEMBERS).keys()].map((n) => `m-${n}`).find((member) => of(member) !== of('m-0')) ?? '';
    await deliver([message('m-0', order('first', '50.00'))]);
    await deliver([message(other, order('second', '50.00'))]);
    expect(await granted()).toBe(50);
    await deliver([message('m-0', cancelled('first'))]);
    await deliver([message(other, order('second', '50.00', { revision: 2 }))]);
    expect(await granted()).toBe(50);
    expect(await sums('spend:month/2026-11')).toEqual({ used: 50, quota: 50, free: 0, total: 50 });
  });

  it('Q23: are never exceeded by parallel flushes of two instances, and are used up to the last point', async () => {
    await publish(document(spend({ budgets: [{ per: 'month', points: 1_003 }] })));
    await deliver(orders(200, '10.00'));
    const bucket = 'spend:month/2026-11';
    expect(await granted()).toBe(1_003);
    expect(await sums(bucket)).toEqual({ used: 1_003, quota: 1_003, free: 0, total: 1_003 });
    expect(await heldInLog(bucket)).toBe(1_003);

    // What is taken back can be spent again, by whoever comes, wherever it lies.
    const back = (await lastRatings()).filter(({ awards }) => awards.some(({ target }) => target === 10)).slice(0, 30);
    await deliver(back.map(({ member, cause }) => message(member, cancelled(cause.id))));
    expect(await granted()).toBe(703);
    await deliver([message('m-1', order('late', '250.00'))]);
    expect(await granted()).toBe(953);
    await deliver([message('m-2', order('later', '250.00'))]);
    expect(await granted()).toBe(1_003);
    expect(await heldInLog(bucket)).toBe(1_003);
  });

  it('a flush whose slice was drawn empty meanwhile decides again', async () => {
    const { pool } = instances[0];
    const desk = budgetTables(pool, PARTITIONS);
    const place = { program: PROGRAM, bucket: 'spend:lifetime/ever', partition: 0 };
    await desk.draw(pool, { ...place, total: 10, version: 1, need: 10, planned: 0 });
    const rules = [{ rule: 'spend', granted: 11, wished: 11 }];
    expect(await desk.save(pool, [{ ...place, used: 11, revenue: 0, rules }])).toBe(false);
    expect(await sums(place.bucket)).toEqual({ used: 0, quota: 10, free: 0, total: 10 });
  });

  it('touch the central row rarely, and not at all once they are spent', async () => {
    await publish(document(spend({ budgets: [{ per: 'lifetime', points: 100_000 }] })));
    const touches = async (): Promise<number> => {
      const { rows } = await instances[0].pool.query<{ touches: number }>(
        `SELECT (n_tup_ins + n_tup_upd)::bigint AS touches FROM pg_stat_user_tables
          WHERE schemaname = 'rules' AND relname = 'budget'`,
      );
      return rows[0]?.touches ?? 0;
    };
    const flushed = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 1_500));
    await deliver(orders(200, '1.00'));
    await flushed();
    // One slice a partition is enough: an INSERT or UPDATE and one more for each.
    expect(await touches()).toBeLessThanOrEqual(2 * PARTITIONS);
    await deliver([message('m-1', order('all', '200000.00'))]);
    await flushed();
    const spent = await touches();
    await deliver(orders(40, '5.00', 'p'));
    await flushed();
    expect(await touches()).toBe(spent);
    expect(await granted()).toBe(100_000);
  });

  it('keep what was drawn by a flush that failed, and go on in another instance', async () => {
    await publish(document(spend({ budgets: [{ per: 'lifetime', points: 100 }] })));
    const [a, b] = instances;
    const first = message('m-1', order('A', '30.00'));
    const owner = ownerOf(first);
    dying = true;
    await expect(owner.deliver(first)).rejects.toThrow('the process dies');
    dying = false;
    expect(await sums('spend:lifetime/ever')).toMatchObject({ used: 0, quota: 30, free: 70 });
    const other = owner === a ? b : a;
    const claims = await other.consumer.claim([first.partition]);
    const epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
    await other.consumer.handle({ messages: [first], epochs });
    await expect(owner.deliver(message('m-1', order('B', '30.00')))).rejects.toThrow();
    expect(await granted()).toBe(30);
    expect(await sums('spend:lifetime/ever')).toMatchObject({ used: 30, quota: 30, free: 70 });
  });

  it('follow the newest version: more is given at once, and less takes nothing back', async () => {
    const budget = (points: number): ProgramDocument => document(spend({ budgets: [{ per: 'lifetime', points }] }));
    await publish(budget(100));
    await deliver(orders(20, '10.00'));
    expect(await granted()).toBe(100);
    await publish(budget(300), '2026-11-02T00:00:00.000Z');
    await deliver(orders(20, '10.00', 'p', '2026-11-02T00:00:00.000Z'));
    expect(await granted()).toBe(300);
    await publish(budget(50), '2026-11-03T00:00:00.000Z');
    await deliver(orders(8, '10.00', 'q', '2026-11-03T00:00:00.000Z'));
    expect(await granted()).toBe(300);
    expect(await sums('spend:lifetime/ever')).toMatchObject({ used: 300, total: 50, free: -250 });
    await publish(budget(310), '2026-11-04T00:00:00.000Z');
    await deliver(orders(8, '10.00', 'r', '2026-11-04T00:00:00.000Z'));
    expect(await granted()).toBe(310);
  });

  it('V06: as a share of revenue stay below it in every partition, without a central row', async () => {
    const rule = spend({
      earn: { form: 'rate', points: '5', per: '1.00' },
      budgets: [{ per: 'month', share: '0.03' }],
    });
    await publish(document(rule, { pointValue: [{ currency: 'points', money: '0.01' }] }));
    await deliver(orders(80, '10.00'));
    // 80 × 10.00 at 3 % are 24.00, or 2,400 points of 4,000 wished.
    expect(await granted()).toBe(2_400);
    const { rows } = await instances[0].pool.query('SELECT FROM budget');
    expect(rows.length).toBe(0);
    await deliver([...Array(40).keys()].map((index) => message(`m-${index % MEMBERS}`, cancelled(`o-${index}`))));
    expect(await granted()).toBeLessThanOrEqual(2_400);
    const { rows: slices } = await instances[0].pool.query<{ revenue: number }>(
      'SELECT sum(revenue)::bigint AS revenue FROM budget_slice',
    );
    expect(slices[0]?.revenue).toBe(40_000);
  });

  it('are told to operators: by window and by rule', async () => {
    await publish(
      document(spend({ budgets: [{ per: 'month', points: 100 }] }), {
        budgets: [{ id: 'all', name: { en: 'All', zh: '全部' }, currency: 'points', per: 'year', points: 1_000 }],
      }),
    );
    const [{ budgets, catalog, pool }] = instances;
    const parts = { budgets, catalog, sql: pool };
    const before = await readBudgets(parts, { program: PROGRAM, at: Date.parse(AT) });
    expect(before.ok && before.value.data.map(({ granted: points, left }) => [points, left])).toEqual([
      [0, 100],
      [0, 1_000],
    ]);
    await deliver(orders(12, '10.00'));
    const after = await readBudgets(parts, { program: PROGRAM, at: Date.parse(AT) });
    expect(after.ok && after.value).toMatchObject({
      programVersion: 1,
      data: [
        {
          budget: 'spend:month',
          window: '2026-11',
          from: '2026-10-31T16:00:00.000Z',
          until: '2026-11-30T16:00:00.000Z',
          total: 100,
          granted: 100,
          wished: 120,
          left: 0,
          rules: [{ rule: 'spend', granted: 100, wished: 120 }],
        },
        { budget: '*all:year', name: { en: 'All' }, window: '2026', granted: 100, left: 900 },
      ],
    });
  });

  it('Q23: for each store hold in every store under parallel flushes, in points and in money, and are told by value', async () => {
    await publish(
      document(spend({ budgets: [{ per: 'month', each: 'store', points: 105 }] }), {
        budgets: [{ id: 'all', currency: 'points', per: 'month', worth: '2.15' }],
      }),
    );
    const stores = ['north', 'south', undefined];
    await deliver(
      [...Array(60).keys()].map((index) => {
        const store = stores[index % stores.length];
        return message(`m-${index % MEMBERS}`, order(`o-${index}`, '10.00', store === undefined ? {} : { store }));
      }),
    );
    // Each store has 105, and all of them 215 together.
    expect(await granted()).toBe(215);
    const [{ budgets, catalog, pool }] = instances;
    const parts = { budgets, catalog, sql: pool };
    const asked = await readBudgets(parts, { program: PROGRAM, at: Date.parse(AT) });
    const views = asked.ok ? asked.value.data : [];
    expect(views.map(({ budget, each, value }) => [budget, each, value])).toEqual([
      ['spend:month:each-store', 'store', 'north'],
      ['spend:month:each-store', 'store', 'south'],
      ['spend:month:each-store', 'store', undefined],
      ['*all:month', undefined, undefined],
    ]);
    const byStore = views.slice(0, 3);
    expect(byStore.every(({ granted: points }) => points <= 105)).toBe(true);
    expect(byStore.reduce((sum, { granted: points }) => sum + points, 0)).toBe(215);
    expect(views[3]).toMatchObject({ total: 215, granted: 215, left: 0 });
    const one = await readBudgets(parts, { program: PROGRAM, at: Date.parse(AT), value: 'south' });
    expect(one.ok && one.value.data.map(({ value }) => value)).toEqual(['south', undefined]);
    const unknown = await readBudgets(parts, { program: PROGRAM, at: Date.parse(AT), value: 'west' });
    expect(unknown.ok && unknown.value.data[0]).toMatchObject({ value: 'west', granted: 0, left: 105 });
  });
});
