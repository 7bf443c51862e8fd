import { createPool } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import { fakeClock, startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { RECOUNT_LIABILITY } from './adapters/liability-table.ts';
import { liabilityCsv, readLiability } from './application/read-liability.ts';
import { migrateLedger, openLedger, type LedgerProcess } from './testing/ledger-process.ts';
import { RatingFeed, type Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const DAY = 86_400_000;
const clock = fakeClock(START);
const day = (n: number): string => instantFromMillis(START + n * DAY);

let postgres: RunningPostgres;
let admin: Pool;
let ledger: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  admin = createPool(postgres.url);
  await migrateLedger(admin);
  const policies = {
    timeZone: 'Asia/Shanghai',
    moneyCurrency: 'CNY',
    currencies: ['points'],
    redemption: undefined,
    pointValue: [],
  };
  ledger = openLedger({ url: postgres.url, partitions: PARTITIONS, clock: clock.now, policies });
  feed = new RatingFeed(PARTITIONS);
}, 120_000);
afterAll(async () => {
  await ledger.close();
  await admin.end();
  await postgres.stop();
});

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
  const cells = async () =>
    (await admin.query('SELECT * FROM ledger.liability WHERE points <> 0 OR debt <> 0 ORDER BY 1, 2, 3, 4, 5')).rows;
  const kept = await cells();
  await admin.query(`BEGIN; SET LOCAL search_path = ledger; ${RECOUNT_LIABILITY}; COMMIT`);
  expect(await cells()).toEqual(kept);
}, 60_000);

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
