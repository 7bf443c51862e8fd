import { tieringService } from '@jifen/app-tiering';
import type { LedgerEntry, ProgramPublished } from '@jifen/contracts';
import { instant, instantFromMillis, memberKey, points, present, type Instant } from '@jifen/kernel';
import { TOPIC_OF_LOG } from '@jifen/messaging';
import { ladderOf, NO_FACTS, standingOf, type Facts } from '@jifen/tiering';
import { startPostgres } from '@jifen/testing';
import { bareService, claimed, type BareService } from './bare-service.ts';
import { messages } from './tier-messages.ts';

export interface FoldResult {
  /** Awards that the member had, spread over three years. */
  readonly awards: number;
  /** Where it stands, from all of them: the function alone. */
  readonly microseconds: number;
}

export interface PostingResult {
  readonly awards: number;
  /** A posting to the member alone in its flush, through the service's consumer, commit and all. */
  readonly milliseconds: number;
  /** Of this process, without PostgreSQL's. */
  readonly cpuMilliseconds: number;
}

const PROGRAM = 'bench';
const SECONDS = 1;
const NOW = instant('2026-06-01T00:00:00Z');
const START = Date.UTC(2023, 5, 1);
const THREE_YEARS = 3 * 365 * 86_400_000;

const DOCUMENT = {
  timeZone: 'Asia/Shanghai',
  ladder: {
    currency: 'points',
    basis: 'points',
    window: { months: 12 },
    review: { clock: 'anniversary', graceDays: 30, noticeDays: 30 },
    tiers: [
      { code: 'bronze', threshold: 0 },
      { code: 'silver', threshold: 1_000, keep: 800 },
      { code: 'gold', threshold: 3_000, keep: 2_500 },
    ],
  },
};

const instantsOf = (awards: number): readonly Instant[] =>
  Array.from({ length: awards }, (_, place) => instantFromMillis(START + Math.floor((place * THREE_YEARS) / awards)));

const history = (awards: number): Facts => ({
  ...NO_FACTS,
  points: new Map([
    ['points', instantsOf(awards).map((earnedAt) => ({ earnedAt, points: points(Math.ceil(6_000 / awards)) }))],
  ]),
});

/** Where a member stands on a ladder of a rolling window, from all its awards. */
export function measureFolds(counts: readonly number[]): readonly FoldResult[] {
  const parsed = ladderOf(DOCUMENT);
  const ladder = present(parsed.ok ? parsed.value : undefined, 'the ladder');
  return counts.map((awards) => {
    const facts = history(awards);
    standingOf(ladder, facts, NOW);
    const started = performance.now();
    let folds = 0;
    do {
      standingOf(ladder, facts, NOW);
      folds += 1;
    } while (performance.now() - started < SECONDS * 1_000);
    return { awards, microseconds: Math.round(((performance.now() - started) * 1_000) / folds) };
  });
}

const POSTINGS = 300;
const FLUSH = 1_000;

/** What a posting on such a ladder costs, by what the member had before. */
export async function measurePostings(counts: readonly number[]): Promise<readonly PostingResult[]> {
  const postgres = await startPostgres();
  try {
    const tiering = await bareService(tieringService, postgres.url, () => Date.parse(NOW));
    try {
      return await postTo(tiering, counts);
    } finally {
      await tiering.close();
    }
  } finally {
    await postgres.stop();
  }
}

async function postTo(tiering: BareService, counts: readonly number[]): Promise<readonly PostingResult[]> {
  const handle = await claimed(tiering.consumer(TOPIC_OF_LOG.ledger));
  const message = messages();
  const post = (member: string, award: number, earnedAt: Instant) =>
    message('ledger', memberKey(PROGRAM, member), 'points.earned', posting(member, award, earnedAt), earnedAt);
  const published: ProgramPublished = {
    ...{ program: PROGRAM, version: 1, effectiveFrom: instantFromMillis(START), publishedBy: 'bench' },
    document: { name: 'folds', ...DOCUMENT },
  };
  await handle([message('program', PROGRAM, 'program.published', published, instantFromMillis(START))]);
  const results: PostingResult[] = [];
  for (const awards of counts) {
    const member = `m-${awards}`;
    const instants = instantsOf(awards);
    for (let from = 0; from < awards; from += FLUSH)
      await handle(instants.slice(from, from + FLUSH).map((at, place) => post(member, from + place, at)));
    const last = Date.parse(present(instants.at(-1), 'an award'));
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    for (let more = 1; more <= POSTINGS; more++)
      await handle([post(member, awards + more, instantFromMillis(last + more * 1_000))]);
    const { user, system } = process.cpuUsage(cpu);
    const each = (total: number): number => Math.round((total / POSTINGS) * 100) / 100;
    results.push({
      awards,
      milliseconds: each(performance.now() - started),
      cpuMilliseconds: each((user + system) / 1_000),
    });
  }
  return results;
}

const posting = (member: string, award: number, earnedAt: Instant): LedgerEntry => ({
  ...{ program: PROGRAM, member, currency: 'points', points: 1, lots: [], reason: 'earn', earnedAt },
  ...{ award: `${member}~${award}`, granted: 1, balance: { available: 1, pending: 0, held: 0, debt: 0 } },
});
