import { FencedError } from '@jifen/event-store';
import type { Message } from '@jifen/messaging';
import { fakeClock } from '@jifen/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { verifyLedger } from './index.ts';
import type { LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const CASES = 25;
const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));

let database: LedgerDatabase;
let admin: Pool;
let one: LedgerProcess;
let other: LedgerProcess;
let feed: RatingFeed;

beforeAll(async () => {
  ({ database, admin, one, other, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
}, 120_000);

afterAll(() => database.stop());

const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);

/** As a bus does: claims, reads from where the claim says, and claims again after losing the partition. */
async function consumeAll(process: LedgerProcess, messages: readonly Message[], batch: number): Promise<number> {
  let fenced = 0;
  for (let tries = 0; tries < 200; tries++) {
    const claims = await process.consumer.claim(ALL);
    const epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
    const next = new Map(claims.map(({ partition, offsets }) => [partition, offsets['jifen.rating.v1'] ?? 1]));
    const left = messages.filter(({ partition, offset }) => offset >= (next.get(partition) ?? 1));
    if (left.length === 0) return fenced;
    try {
      for (let from = 0; from < left.length; from += batch) {
        await process.consumer.handle({ messages: left.slice(from, from + batch), epochs });
      }
      return fenced;
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      fenced++;
    }
  }
  throw new Error('the two never settled');
}

describe('two processes', () => {
  it('a paused owner is fenced: what it still holds is not posted a second time', async () => {
    const messages = feed.rate({ member: 'fence', order: 'A', target: 10 });
    const stale = new Map((await one.consumer.claim(ALL)).map(({ partition, epoch }) => [partition, epoch]));
    await other.deliver(messages);
    await expect(one.consumer.handle({ messages, epochs: stale })).rejects.toThrow(FencedError);
    expect(await one.balance('fence')).toMatchObject({ available: 10 });
  });

  it('fight over the same partitions and the same messages, with sweeps between, and pay each order once', async () => {
    const worth = (i: number) => ({
      member: `c-${i % 7}`,
      order: `O-${i % 40}`,
      target: (i * 31) % 97,
      award: i % 3 === 0 ? { availableAt: '2026-11-12T00:00:00.000Z' } : {},
    });
    feed.rate(...Array.from({ length: 400 }, (_, i) => worth(i)));
    const racing = Promise.all([consumeAll(one, feed.messages, 17), consumeAll(other, feed.messages, 23)]);
    clock.advance(5 * 86_400_000);
    for (let round = 0; round < 5; round++) {
      await other.bookDue();
    }
    await racing;
    const last = new Map<string, number>();
    for (let i = 0; i < 400; i++) last.set(`c-${i % 7}/O-${i % 40}`, worth(i).target);
    for (let member = 0; member < 7; member++) {
      const due = [...last]
        .filter(([key]) => key.startsWith(`c-${member}/`))
        .reduce((sum, [, target]) => sum + target, 0);
      expect(await one.balance(`c-${member}`)).toMatchObject({ available: due, pending: 0, net: due, debt: 0 });
    }
    expect(await verifyLedger({ pool: admin })).toMatchObject({ ok: true });
  }, 120_000);
});

describe('any order, through PostgreSQL', () => {
  it(`${CASES} random histories, cut into random flushes and delivered again at random, equal the last targets`, async () => {
    let run = 0;
    const item = fc.record({ member: fc.nat({ max: 2 }), order: fc.nat({ max: 3 }), target: fc.nat({ max: 99 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { minLength: 1, maxLength: 25 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 9 })), { maxLength: 8 }),
        async (items, cuts) => {
          const prefix = `r${run++}`;
          const member = (n: number) => `${prefix}-${n}`;
          const messages = feed.rate(
            ...items.map((one) => ({ member: member(one.member), order: `O-${one.order}`, target: one.target })),
          );
          let from = 0;
          for (const [again, size] of cuts) {
            const next = messages.slice(from, from + size);
            if (next.length === 0) break;
            await one.deliver([...messages.slice(again % (from + 1), from), ...next]);
            from += next.length;
          }
          if (from < messages.length) await other.deliver(messages.slice(from));
          const last = new Map(items.map((one) => [`${member(one.member)} ${one.order}`, one.target]));
          for (const name of new Set(items.map((one) => member(one.member)))) {
            const due = [...last].filter(([key]) => key.startsWith(`${name} `)).reduce((sum, [, t]) => sum + t, 0);
            expect((await one.balance(name))?.net ?? 0).toBe(due);
          }
        },
      ),
      { numRuns: CASES },
    );
  }, 120_000);
});
