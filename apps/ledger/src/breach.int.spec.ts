import { createPool } from '@jifen/event-store-postgres';
import { fakeClock, startPostgres, type RunningPostgres } from '@jifen/testing';
import type { ProgramDocument } from '@jifen/contracts';
import type { Pool } from 'pg';
import { bootLedger, type LedgerHost } from './testing/ledger-host.ts';

const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));
const PROGRAM: ProgramDocument = {
  name: { en: 'Demo', zh: '示例' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  rules: [],
  transfers: { currencies: ['points'] },
};

let postgres: RunningPostgres;
let ledger: LedgerHost;
let admin: Pool;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  ledger = await bootLedger({ databaseUrl: postgres.url, partitions: 4, clock: clock.now });
  admin = createPool(postgres.url);
  await ledger.publish(PROGRAM);
}, 120_000);
afterAll(async () => {
  await admin.end();
  await ledger.stop();
  await postgres.stop();
});

async function breaches(): Promise<number> {
  const page = await ledger.metrics();
  return Number(/^jifen_ledger_invariant_breaches_total\{[^}]*\} (\d+)$/m.exec(page)?.[1] ?? 0);
}
const spend = (member: string) => ledger.post(`/v1/members/${member}/redemptions`, { points: 1 });
const bringOver = (member: string, dryRun = false) =>
  ledger.post('/v1/imports/old', { dryRun, rows: [{ row: member, member, points: 3 }] });
const bend = (member: string) =>
  admin.query('UPDATE ledger.lot SET remaining = remaining - 60 WHERE account = $1', [`demo/${member}/points`]);
const evidenceOf = async (member: string) => {
  const text = 'SELECT reason, detail, convert_from(value, $2) AS value FROM ledger.parked_message WHERE key = $1';
  const { rows } = await admin.query<{ reason: string; detail: string; value: string }>(text, [
    `demo/${member}`,
    'UTF8',
  ]);
  return rows.map((row) => ({ ...row, value: JSON.parse(row.value) as object }));
};
const postingsOf = async (member: string): Promise<number> =>
  Number(
    (await admin.query('SELECT count(*) FROM ledger.event WHERE key = $1', [`demo/${member}`])).rows[0]?.count ?? 0,
  );

describe('N19: books that would not add up', () => {
  it.each<[string, (member: string) => Promise<unknown>, object]>([
    ['a redemption', spend, { command: { kind: 'redeem', points: 1 }, actor: /^key:/ }],
    ['a row of an import', bringOver, { import: 'old', points: 3, currency: 'points' }],
    [
      'a lot that lapses',
      async (member) => {
        await admin.query('UPDATE ledger.account SET expiry_due = $2 WHERE key = $1', [
          `demo/${member}/points`,
          new Date(clock.now() - 1_000),
        ]);
        await admin.query('UPDATE ledger.lot SET expires_at = $2 WHERE account = $1', [
          `demo/${member}/points`,
          new Date(clock.now() - 1_000),
        ]);
        for (let tries = 0; tries < 200 && (await evidenceOf(member)).length === 0; tries++)
          await new Promise((resolve) => setTimeout(resolve, 50));
      },
      { command: 'book-due' },
    ],
  ])('by %s: park the member, freeze its spending, raise a metric and leave the evidence', async (what, act, left) => {
    const member = what.replaceAll(' ', '-');
    await ledger.rate(member, 'A', 100, { expiresAt: '2027-11-10T00:00:00.000Z' });
    await ledger.rate(`${member}-2`, 'A', 100);
    const [counted, postings] = [await breaches(), await postingsOf(member)];
    await bend(member);
    await act(member);
    expect(await breaches()).toBe(counted + 1);
    expect(await postingsOf(member)).toBe(postings);
    const [evidence] = await evidenceOf(member);
    expect(evidence).toMatchObject({
      reason: 'invariant',
      detail: expect.stringMatching(/^lots total \d+, the buckets \d+$/),
    });
    for (const [name, value] of Object.entries(left)) {
      const found = (evidence?.value as Record<string, unknown>)[name];
      if (value instanceof RegExp) expect(found).toMatch(value);
      else if (typeof value === 'object') expect(found).toMatchObject(value as object);
      else expect(found).toBe(value);
    }
    expect(await spend(member)).toMatchObject({ status: 409, body: { code: 'member_parked' } });
    expect(await bringOver(member)).toMatchObject({ body: { results: [{ problem: { code: 'member_parked' } }] } });
    expect(await breaches()).toBe(counted + 1);
    // Nobody else is held up.
    expect(await spend(`${member}-2`)).toMatchObject({ status: 201 });
  });

  it('a dry run of an import says it, and parks nobody', async () => {
    await ledger.rate('dry', 'A', 100);
    await bend('dry');
    expect(await bringOver('dry', true)).toMatchObject({ body: { results: [{ problem: { code: 'member_parked' } }] } });
    expect(await evidenceOf('dry')).toEqual([]);
  });
});
