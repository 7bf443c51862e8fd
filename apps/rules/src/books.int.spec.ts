import { createPool, migrate } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import type { Message } from '@jifen/messaging';
import { fakeClock } from '@jifen/testing';
import type { Pool } from 'pg';
import { tables } from './adapters/tables.ts';
import { explainAward } from './application/explain-award.ts';
import { tellReferrals } from './application/referral/tell-referrals.ts';
import { compareRules, rebuildRules } from './index.ts';
import { CHANGE, MEMBERS, PROGRAMS, random, START } from './testing/everything.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';

const SEED = 7_214;
const STEPS = 260;

describe('U53: the books of the rules are what the log gives', () => {
  let admin: Pool;
  let bed: Testbed;
  const clock = fakeClock(Date.parse(START));
  const below = random(SEED);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const at = (): string => instantFromMillis(Date.UTC(2026, 10, 1 + below(20), below(24), below(4)));
  const revisions = new Map<string, number>();
  const versions = new Map<string, number>();

  beforeAll(async () => {
    bed = await startTestbed(clock.now);
    admin = createPool(bed.url);
    for (const [schema, role] of [
      ['tiering', 'jifen_tiering'],
      ['ingestion', 'jifen_ingestion'],
    ] as const)
      await migrate(admin, { schema, role, migrations: [] });
    await bed.publish(PROGRAMS[0], START);
    await bed.publish(PROGRAMS[1], CHANGE);
    for (let step = 0; step < STEPS; step++) {
      clock.advance(60_000);
      await act();
    }
    await tell();
  }, 240_000);
  afterAll(async () => {
    await admin.end();
    await bed.close();
  });

  const tell = () =>
    tellReferrals({ store: bed.ratings, tables, catalog: bed.catalog, budgets: bed.budgets }, bed.pool);

  /** As the service that tells it keeps it. */
  async function keep(schema: string, log: string, type: string, stream: string, message: Message): Promise<void> {
    const version = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    await admin.query(
      `INSERT INTO ${schema}.event VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, '{}', now(), now(), now(), '\\x00')`,
      [log, message.partition, message.offset, stream, version, message.key, type, String(message.value)],
    );
    await bed.deliver(message);
  }

  async function act(): Promise<void> {
    const member = pick(MEMBERS);
    const kind = below(14);
    const activity = (type: string, data?: Record<string, string>) =>
      bed.deliver(
        bed.activity(member, {
          source: 'app',
          id: `${type}-${below(1_000)}`,
          type,
          occurredAt: at(),
          ...(data === undefined ? {} : { data }),
        }),
      );
    if (kind < 4) await bed.deliver(someOrder(member));
    else if (kind < 7) await activity('check-in');
    else if (kind === 7) await activity(pick(['member.registered', 'profile.completed', 'challenge.joined', 'login']));
    else if (kind === 8) await activity('coursework.submitted');
    else if (kind === 9) await activity('referral.registered', { referrer: pick(MEMBERS) });
    else if (kind === 10) await decide();
    else if (kind === 11) await tell();
    else if (kind === 12) {
      const timeline = [{ tier: 'bronze', since: START }, ...(below(2) === 0 ? [] : [{ tier: 'silver', since: at() }])];
      await keep('tiering', 'tier', 'tier.changed', `${PROGRAM}/${member}`, bed.tier(member, timeline));
    } else {
      const message = bed.member(member, { birthday: `1990-${pick(['10', '11'])}-0${1 + below(9)}` });
      await keep('ingestion', 'activity', 'member.updated', `${PROGRAM}/member/${member}`, message);
    }
  }

  function someOrder(member: string): Message {
    const orderId = `${member}-${below(12)}`;
    const revision = (revisions.get(orderId) ?? 0) + 1;
    revisions.set(orderId, revision);
    const placedAt = instantFromMillis(Date.UTC(2026, 10, 1 + ((orderId.length * 7 + revision) % 3)));
    const amount = `${10 + below(60)}.00`;
    return bed.order(member, {
      source: 'shop',
      orderId,
      revision,
      status: pick(['paid', 'paid', 'paid', 'completed', 'cancelled'] as const),
      occurredAt: placedAt,
      placedAt,
      paidAt: at(),
      currency: 'CNY',
      lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount, ...(below(4) === 0 ? { refundedAmount: '10.00' } : {}) }],
    });
  }

  const orderOf = (orderId: string, at: string) => ({
    source: 'shop',
    orderId,
    revision: 1,
    status: 'paid' as const,
    occurredAt: at,
    placedAt: at,
    currency: 'CNY',
    lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '50.00' }],
  });

  async function decide(): Promise<void> {
    const { rows } = await bed.pool.query<{ award: string; due: number; approved: number }>(
      'SELECT award, due, approved FROM award_approval ORDER BY award COLLATE "C"',
    );
    const [row, verdict] = [rows.length === 0 ? undefined : pick(rows), pick(['approve', 'reject'] as const)];
    if (row === undefined) return;
    const own = { awardId: row.award, actor: 'lead-1' };
    if (verdict === 'reject') await bed.decide({ ...own, verdict, points: row.approved, reason: 'no' });
    else await bed.decide({ ...own, verdict, points: row.approved + 1 + below(40) });
  }

  const TABLES = [
    'member_facts',
    'tier_timeline',
    'once_award',
    'award_approval',
    'window_entry',
    'window_total',
    'referral',
    'budget',
    'budget_slice',
    'budget_rule',
  ] as const;

  /** Every byte of the books; of budgets without what a flush on its way reserves. */
  async function books(): Promise<Readonly<Record<string, readonly string[]>>> {
    const dump: Record<string, readonly string[]> = {};
    for (const table of TABLES) {
      const { rows } = await admin.query<{ row: string }>(
        `SELECT (to_jsonb(t) - 'reserved' - 'reserved_until')::text AS row FROM rules.${table} t ORDER BY 1`,
      );
      dump[table] = rows.map(({ row }) => row);
    }
    return dump;
  }

  it('after any history nothing differs, and every table has rows', async () => {
    const before = await books();
    for (const table of TABLES) expect([table, before[table]?.length]).not.toEqual([table, 0]);
    expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0, differences: [], broken: [], left: [] });
    expect(await rebuildRules({ pool: admin })).toMatchObject({ differing: 0, replaced: 0 });
    expect(await books()).toEqual(before);
  });

  const again = async (award: string) => {
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const explained = await explainAward(parts, PROGRAM, award, true);
    if (!explained.ok) throw new Error(explained.refusal.detail);
    return explained.value;
  };

  it('every award is worked out again, also those that many causes make', async () => {
    const several = new Map<string, number>();
    for (const member of MEMBERS)
      for (const award of Object.keys(await bed.awardsOf(member))) {
        const { recomputed, rule } = await again(award);
        expect([award, recomputed.equal]).toEqual([award, true]);
        if (recomputed.causes !== undefined)
          several.set(rule.id, Math.max(recomputed.causes, several.get(rule.id) ?? 0));
      }
    expect([...several.keys()].sort()).toEqual(['challenge', 'days', 'profile', 'quarter', 'welcome']);
    expect(several.get('quarter')).toBeGreaterThan(2);
  });

  /** Tables whose rows are of one member, with a column that says something, and a row of a member who never was. */
  const WRONG: readonly (readonly [table: string, column: string, wrong: string, ghost: string])[] = [
    ['member_facts', 'facts', `'[]'`, `('demo/ghost', '[]')`],
    ['tier_timeline', 'timeline', `'[{"tier":"gold","since":"2026-01-01T00:00:00.000Z"}]'`, `('demo/ghost', '[1]')`],
    ['once_award', 'award', `replace(award, '"target":', '"target":1')`, `('demo/ghost', 'welcome', '{}')`],
    ['award_approval', 'since', `since + interval '1 second'`, ''],
    ['award_approval', 'due', 'due + 1', ''],
    ['window_entry', 'part', `'{"use":{"sign-in/day":[1,1]}}'`, `('demo/ghost', 'x', 's', 'order', 'o', '{}', '{}')`],
    ['window_entry', 'buckets', `'{nothing}'`, ''],
    ['window_total', 'a', 'a + 1', `('demo/ghost', 'x', 1, 0)`],
    ['window_total', 'b', 'b - 1', ''],
    ['referral', 'state', `replace(state, '"revision":', '"revision":1')`, `('demo/ghost', '{}')`],
  ];

  it.each(WRONG)(
    'a wrong, a missing and an invented row of %s (%s) are named and put right',
    async (table, column, wrong, ghost) => {
      const before = await books();
      const one = `ctid = (SELECT ctid FROM rules.${table} ORDER BY ctid LIMIT 1)`;
      const key = await admin.query<{ owner: string }>(
        `UPDATE rules.${table} SET ${column} = ${wrong} WHERE ${one} RETURNING owner`,
      );
      const wrongs = [key.rows[0]?.owner];
      const gone = await admin.query<{ owner: string }>(
        `DELETE FROM rules.${table} WHERE ctid = (
      SELECT ctid FROM rules.${table} WHERE owner <> $1 ${table === 'window_total' ? 'AND (a <> 0 OR b <> 0)' : ''}
       ORDER BY owner DESC LIMIT 1) RETURNING owner`,
        [wrongs[0]],
      );
      wrongs.push(gone.rows[0]?.owner);
      if (ghost !== '') await admin.query(`INSERT INTO rules.${table} VALUES ${ghost}`);
      const found = await compareRules({ pool: admin });
      expect(new Set(found.differences.map((each) => `${each.table} ${each.account}`))).toEqual(
        new Set([...wrongs, ...(ghost === '' ? [] : ['demo/ghost'])].map((owner) => `${table} ${owner}`)),
      );
      expect(found.differing).toBe(ghost === '' ? 2 : 3);
      const done = await rebuildRules({ pool: admin });
      expect([done.differing, done.replaced]).toEqual([found.differing, found.differing]);
      expect(await books()).toEqual(before);
      expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0 });
    },
  );

  it('wrong sums of budgets are named and put right, and what is free follows', async () => {
    const before = await books();
    const one = (table: string, where: string, order: string): string =>
      `ctid = (SELECT ctid FROM rules.${table} WHERE ${where} ORDER BY ${order} LIMIT 1)`;
    const used = one('budget_slice', 'used > 1 AND quota IS NOT NULL', 'bucket, partition');
    await admin.query(`UPDATE rules.budget_slice SET used = used - 1 WHERE ${used}`);
    const share = one('budget_slice', 'quota IS NULL', 'bucket, partition');
    await admin.query(`UPDATE rules.budget_slice SET revenue = revenue + 7 WHERE ${share}`);
    await admin.query(
      `UPDATE rules.budget_rule SET wished = wished + 1 WHERE ${one('budget_rule', 'true', 'bucket, partition')}`,
    );
    const granted = one('budget_rule', 'granted > 0', 'bucket DESC, partition DESC');
    await admin.query(`DELETE FROM rules.budget_rule WHERE ${granted}`);
    await admin.query(`UPDATE rules.budget SET free = free - 1 WHERE ${one('budget', 'true', 'bucket')}`);
    await admin.query(`DELETE FROM rules.budget WHERE ${one('budget', 'true', 'bucket DESC')}`);
    const { differences } = await compareRules({ pool: admin });
    const count = (table: string): number => differences.filter((each) => each.table === table).length;
    expect([count('budget_slice'), count('budget_rule'), count('budget'), differences.length]).toEqual([2, 2, 2, 6]);
    await rebuildRules({ pool: admin });
    expect(await books()).toEqual(before);
    // A slice that is gone comes back with what it used; what else it had is free again.
    await admin.query(
      `DELETE FROM rules.budget_slice WHERE ${one('budget_slice', 'used > 0 AND quota IS NOT NULL', 'bucket, partition')}`,
    );
    expect((await rebuildRules({ pool: admin })).differing).toBeGreaterThan(0);
    expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0 });
  });

  it('a message that got lost on its way to another member is told again', async () => {
    const told = async (): Promise<unknown> =>
      (await admin.query('SELECT owner, id FROM rules.referral_message ORDER BY 1, 2')).rows;
    const times = { source: 'app', occurredAt: '2026-11-02T00:00:00.000Z' };
    const registered = { ...times, id: 'lost', type: 'referral.registered', data: { referrer: 'host' } };
    await bed.deliver(bed.activity('friend', registered));
    await bed.deliver(bed.order('friend', orderOf('friend-1', '2026-11-03T00:00:00.000Z')));
    const waiting = await told();
    expect(waiting).toHaveLength(2);
    expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0 });
    await admin.query("DELETE FROM rules.referral_message WHERE owner = 'demo/host'");
    const found = await compareRules({ pool: admin });
    expect(found.differences.map(({ table, account }) => [table, account])).toContainEqual([
      'referral_message',
      'demo/host',
    ]);
    await rebuildRules({ pool: admin });
    expect(await told()).toEqual(waiting);
    expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0 });
    await tell();
    expect(await bed.awardsOf('host')).toEqual({ 'host~referrer~jifen~referral:friend': 70 });
    expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0 });
  });

  it('U54, U55: with flushes and decisions going on nothing differs falsely, nothing is refused, and a rebuild changes nothing', async () => {
    let [stop, acts] = [false, 0];
    const acting = (async () => {
      for (; !stop; acts++) {
        clock.advance(1_000);
        await act();
      }
    })();
    try {
      for (let round = 0; round < 4; round++) {
        expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0, differences: [], broken: [] });
        expect(await rebuildRules({ pool: admin })).toMatchObject({ differing: 0, replaced: 0 });
      }
      // Something wrong is put right beside them.
      await admin.query("UPDATE rules.window_total SET a = a + 5 WHERE owner = 'demo/b-1' AND bucket LIKE 'all%'");
      await admin.query('UPDATE rules.once_award SET award = replace(award, \'"target":\', \'"target":9\')');
      expect((await rebuildRules({ pool: admin })).replaced).toBeGreaterThan(0);
    } finally {
      stop = true;
      await acting;
    }
    expect(acts).toBeGreaterThan(10);
    expect(await compareRules({ pool: admin })).toMatchObject({ differing: 0, differences: [] });
  });

  it('one member alone, and a member whose ratings do not fold', async () => {
    const one = { pool: admin, member: { program: PROGRAM, member: 'b' } };
    await admin.query("UPDATE rules.window_total SET a = a + 5 WHERE owner IN ('demo/b', 'demo/b-1')");
    const found = await compareRules(one);
    expect(new Set(found.differences.map(({ account }) => account))).toEqual(new Set(['demo/b']));
    await rebuildRules(one);
    const { differences } = await compareRules({ pool: admin });
    expect(new Set(differences.map(({ account }) => account))).toEqual(new Set(['demo/b-1']));
    await admin.query(`ALTER TABLE rules.event DISABLE TRIGGER event_append_only;
      UPDATE rules.event SET data = replace(data, '"programVersion":1', '"programVersion":77') WHERE key = 'demo/b-1';
      ALTER TABLE rules.event ENABLE TRIGGER event_append_only`);
    const broken = await rebuildRules({ pool: admin });
    expect(broken.broken).toEqual([{ account: 'demo/b-1', detail: expect.stringContaining('version 77') }]);
    expect(broken).toMatchObject({ differing: 0, replaced: 0 });

    // A sum is no longer what its orders say; its own arithmetic is as it was.
    const totals = await Promise.all(['a', 'b', 'c', 'd'].map((member) => bed.awardsOf(member)));
    const paid = totals
      .flatMap((awards) => Object.entries(awards))
      .find(([id, target]) => id.includes('~quarter~') && target > 0);
    const [awardId = '', member = ''] = [paid?.[0], paid?.[0].slice(0, 1)];
    expect((await again(awardId)).recomputed.equal).toBe(true);
    await admin.query(`ALTER TABLE rules.event DISABLE TRIGGER event_append_only;
      UPDATE rules.event SET data = jsonb_set(data::jsonb, '{inputs,s}', '"cancelled"')::text
       WHERE stream LIKE 'demo/${member}/shop/order/%';
      ALTER TABLE rules.event ENABLE TRIGGER event_append_only`);
    expect((await again(awardId)).recomputed).toMatchObject({ equal: false, causes: 0 });
  });
});
