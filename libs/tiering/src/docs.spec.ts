import { readFileSync } from 'node:fs';
import { validateProgramDocument } from '@jifen/contracts';
import { instant, instantFromMillis, instantToMillis, money, parseMoney, points, present } from '@jifen/kernel';
import type { Instant } from '@jifen/kernel';
import type { Assignment } from './assigned.ts';
import type { Facts, Purchase } from './facts.ts';
import type { Contribution } from './grant.ts';
import { nextTier, type Ladder } from './ladder.ts';
import { ladderOf } from './parse-ladder.ts';
import { endOf, standingOf } from './standing.ts';
import { tierAt } from './timeline.ts';

const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const blocks = (text: string): (readonly [kind: string, body: string])[] =>
  [...text.matchAll(/```(json|worked-example)\n([\s\S]*?)```/g)].map(([, kind = '', body = '']) => [kind, body]);

const PROGRAM = {
  name: { en: 'Docs', zh: '文档' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: ['points', 'growth'].map((code) => ({ code, decimals: 0 })),
  rules: [],
};
/** Noon in Shanghai. */
const noon = (day: string): Instant => instant(`${day}T04:00:00Z`);
const dayOf = (at: Instant): string => instantFromMillis(instantToMillis(at) + 8 * 3_600_000).slice(0, 10);

function ladderFrom(body: string): Ladder {
  const document = { ...PROGRAM, ...(JSON.parse(body) as object) };
  expect(validateProgramDocument(document)).toEqual({ ok: true, value: document });
  const outcome = ladderOf(document);
  return present(outcome.ok ? outcome.value : undefined, 'a ladder');
}

/** One member of one example. */
class Member {
  readonly #earned: Readonly<Record<string, Contribution[]>> = { points: [], growth: [] };
  readonly #orders = new Map<string, Purchase>();
  readonly #given: Assignment[] = [];

  constructor(private readonly ladder: Ladder) {}

  /** `2026-03-10 points 3000 | gold review 2027-03-10`: what is written after the bar, as it came out. */
  run(line: string): string {
    const [told = '', expected = ''] = line.split(' | ');
    const [day = '', ...words] = told.split(' ');
    if (words[0] === 'late') this.#happened(noon(words[1] ?? ''), words.slice(2));
    else this.#happened(noon(day), words);
    return this.#show(noon(day), expected);
  }

  #happened(at: Instant, [kind, first = '', amount = '']: readonly string[]): void {
    this.#earned[kind ?? '']?.push({ earnedAt: at, points: points(Number(first)) });
    if (kind === 'give') this.#given.push({ at, tier: first, until: amount === '' ? undefined : noon(amount) });
    if (kind !== 'order') return;
    const paid = parseMoney(amount, 'CNY');
    const known = this.#orders.get(first)?.at ?? at;
    this.#orders.set(first, { at: known, currency: 'CNY', amount: money(paid.ok ? paid.value : NaN) });
  }

  #show(now: Instant, expected: string): string {
    const facts: Facts = {
      points: new Map(Object.entries(this.#earned)),
      purchases: [...this.#orders.values()],
      assigned: this.#given,
    };
    const position = standingOf(this.ladder, facts, now);
    const { timeline, counted, shown, outlook } = position;
    const figures: Readonly<Record<string, unknown>> = {
      qualifying: counted,
      next: nextTier(this.ladder, shown, counted)?.missing,
      review: outlook && dayOf(outlook.reviewedAt),
      missing: outlook?.missing,
      projected: endOf(this.ladder, position).projected,
    };
    const names = expected.split(' ').filter((_, place) => place % 2 === 1);
    const tier = tierAt(timeline, instantFromMillis(instantToMillis(now) + 1))?.tier;
    return [tier, ...names.map((name) => `${name} ${String(figures[name])}`)].join(' ');
  }
}

describe('docs/tiers.md', () => {
  const found = blocks(page('tiers.md'));
  let ladder: Ladder | undefined;

  it.each(found.map(([kind, body], n) => [n + 1, kind, body] as const))(
    'block %d, a %s, is as written',
    (_n, kind, body) => {
      if (kind === 'json') {
        ladder = ladderFrom(body);
        return;
      }
      const member = new Member(present(ladder, 'a ladder above'));
      const lines = body.trim().split('\n');
      expect(lines.map((line) => `${line.split(' | ')[0]} | ${member.run(line)}`)).toEqual(lines);
    },
  );

  it('has the same blocks in both languages', () => {
    expect(found.length).toBeGreaterThan(6);
    expect(blocks(page('tiers.zh-CN.md'))).toEqual(found);
  });
});
