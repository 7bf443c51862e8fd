import { createCalendar, instantFromMillis, present } from '@jifen/kernel';
import { fakeClock } from '@jifen/testing';
import type { Pool } from 'pg';
import { compareBalances, discardKept, rebuildBalances, rollbackRebuild } from './index.ts';
import { auditStep, parkDrifted } from './maintenance/audit.ts';
import { liabilityCsv, readLiability } from './application/read-liability.ts';
import { startLedgerDatabase, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { RatingFeed, type Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const DAY = 86_400_000;
const clock = fakeClock(START);
const day = (n: number): string => instantFromMillis(START + n * DAY);

let database: LedgerDatabase;
let admin: Pool;
let ledger: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  database = await startLedgerDatabase();
  admin = database.admin;
  const policies = {
    calendar: present(createCalendar('Asia/Shanghai'), 'a calendar'),
    moneyCurrency: 'CNY',
    currencies: ['points'],
    redemption: undefined,
    pointValue: [],
  };
  ledger = database.open({ partitions: PARTITIONS, clock: clock.now, policies });
  feed = new RatingFeed(PARTITIONS);
}, 120_000);
afterAll(() => database.stop());

const rate = (...worths: readonly Worth[]): Promise<void> => ledger.deliver(feed.rate(...worths));
const liability = () => readLiability(ledger.reads, 'demo', clock.now());

/** A sequence of its own, so that a failure can be run again. */
const dice = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

it('V07, N13: equals the sum of all balances after random movements, and what a recount of the tables gives', async () => {
  const roll = dice(4_711);
  const upTo = (n: number): number => Math.floor(roll() * n);
  const members = Array.from({ length: 40 }, (_, n) => `m${n}`);
  for (let round = 0; round < 30; round++) {
    await rate(
      ...Array.from({ length: 25 }, (): Worth => {
        const earned = upTo(900) - 890;
        return {
          member: members[upTo(members.length)] ?? '',
          order: `o${upTo(12)}`,
          target: upTo(4) === 0 ? 0 : upTo(500),
          at: day(earned),
          award: {
            availableAt: day(earned + upTo(60)),
            ...(upTo(3) === 0 ? {} : { expiresAt: day(earned + 60 + upTo(700)) }),
          },
        };
      }),
    );
    clock.advance(DAY);
  }
  const [total, ...others] = (await liability()).data;
  expect(others).toEqual([]);
  let [outstanding, debt, lapsed] = [0, 0, 0];
  for (const member of members) {
    const balance = await ledger.balance(member);
    outstanding += (balance?.available ?? 0) + (balance?.pending ?? 0) + (balance?.held ?? 0);
    debt += balance?.debt ?? 0;
    lapsed += balance?.lapsed ?? 0;
  }
  expect(lapsed).toBeGreaterThan(0);
  expect(total).toMatchObject({ outstanding: { points: outstanding }, debt, lapsed });
  const sum = (parts: readonly { readonly points: number }[]) => parts.reduce((all, { points }) => all + points, 0);
  expect([sum(total?.byAge ?? []), sum(total?.byExpiry ?? [])]).toEqual([outstanding, outstanding]);
  expect(sum(total?.partitions ?? [])).toBe(outstanding + lapsed);
  const fen = (parts: readonly { readonly liability: { readonly amount: string } | null }[]) =>
    parts.reduce((all, part) => all + Number(part.liability?.amount.replace('.', '')), 0);
  expect(fen(total?.byExpiry ?? [])).toBe(fen(total === undefined ? [] : [total.outstanding]));
  expect(fen(total?.byAge ?? [])).toBe(Math.round(outstanding * 0.8));
  expect(await compareBalances({ pool: admin })).toMatchObject({ differing: 0 });
}, 60_000);

describe('a sum that is wrong', () => {
  const cells = async () =>
    (await admin.query('SELECT * FROM ledger.liability WHERE points <> 0 OR debt <> 0 ORDER BY 1, 2, 3, 4, 5')).rows;
  const spoil = async (): Promise<void> => {
    await admin.query('UPDATE ledger.liability SET points = points + 7 WHERE partition = 2 AND points > 0');
    await admin.query('DELETE FROM ledger.liability WHERE partition = 1 AND debt > 0');
    await admin.query("INSERT INTO ledger.liability VALUES ('demo', 3, 'ghosts', 1, 1, 5, 0)");
  };
  const auditedRound = async () => {
    for (;;) {
      const step = await auditStep(ledger.pool, 100_000, clock.now());
      if (step?.finished === true) return step;
    }
  };

  it('N13, U53: is found by verification and audit, parks nobody, and a rebuild mends it', async () => {
    const right = await cells();
    await spoil();
    const found = await compareBalances({ pool: admin });
    expect(found.differing).toBeGreaterThan(2);
    expect(new Set(found.differences.map(({ table }) => table))).toEqual(new Set(['liability']));
    expect(found.differences).toContainEqual({
      table: 'liability',
      account: 'demo/ghosts',
      row: '3#1#1',
      live: { program: 'demo', partition: 3, currency: 'ghosts', expires: 1, earned: 1, points: 5, debt: 0 },
      rebuilt: null,
    });
    const ofOne = await compareBalances({ pool: admin, partition: 3 });
    expect(ofOne.differences.map(({ account }) => account)).toEqual(['demo/ghosts']);
    expect(await compareBalances({ pool: admin, partition: 0 })).toMatchObject({ differing: 0 });

    const { fresh } = await auditedRound();
    expect(fresh.length).toBe(found.differing);
    expect(await parkDrifted(ledger.store, fresh)).toEqual([]);
    expect(await auditedRound()).toMatchObject({ fresh: [], open: found.differing });

    const report = await rebuildBalances({ pool: admin, keepOld: true });
    expect(report).toMatchObject({ differing: found.differing, swapped: true });
    expect(await cells()).toEqual(right);
    expect(await compareBalances({ pool: admin })).toMatchObject({ differing: 0 });
    expect(await auditedRound()).toMatchObject({ open: 0 });
  });

  it('is followed by rebuild and roll-back while postings go on', async () => {
    await rate({ member: 'm1', order: 'since', target: 300 }, { member: 'm2', order: 'o1', target: 0 });
    await rebuildBalances({ pool: admin, keepOld: true });
    expect(await compareBalances({ pool: admin })).toMatchObject({ differing: 0 });
    await rate({ member: 'm1', order: 'later', target: 41 }, { member: 'm3', order: 'o2', target: 0 });
    await rollbackRebuild({ pool: admin });
    expect(await compareBalances({ pool: admin })).toMatchObject({ differing: 0 });
    await discardKept({ pool: admin });
  });
});

it('cites the positions that it includes, and is a table for finance', async () => {
  const found = await liability();
  const positions = (await ledger.store.heads()).map((position, partition) => `${partition}-${position}`);
  for (const position of positions) expect(found.asOfPosition).toContain(position);
  const lines = liabilityCsv(found).split('\r\n');
  expect(lines[0]).toBe(
    'as_of,position,currency,kind,bucket,points,face_value,liability,money_currency,per_point,expected_redemption',
  );
  expect(lines[1]).toMatch(/^2026-12-10T00:00:00\.000Z,ledger:[^,]+,points,total,,\d+,[\d.]+,[\d.]+,CNY,0\.01,0\.8$/);
  expect(lines.some((line) => /,expiry-month,2027-\d\d,/.test(line))).toBe(true);
  expect(new Set(lines.slice(0, -1).map((line) => line.split(',').length))).toEqual(new Set([11]));
});

it('is empty where nothing was ever posted', async () => {
  expect(await readLiability(ledger.reads, 'nobody', clock.now())).toMatchObject({ data: [] });
});
