import type { Totals } from '@jifen/app-rules';
import { table } from '../command.ts';

const signed = (change: number): string => (change > 0 ? `+${change}` : String(change));

/** What a simulation found, as lines: totals and cost, then the change by rule, by tier and by member. */
export function totalsLines(totals: Totals): readonly string[] {
  const { costGate: gate, affected } = totals;
  const changes = (
    title: string,
    rows: readonly (readonly [string, string, { candidate: number; baseline: number; change: number }])[],
  ): readonly string[] =>
    rows.length === 0
      ? []
      : [
          '',
          ...table(
            [title, 'currency', 'candidate', 'baseline', 'change'],
            rows.map(([name, currency, { candidate, baseline, change }]) => [
              name,
              currency,
              String(candidate),
              String(baseline),
              signed(change),
            ]),
          ),
        ];
  return [
    `${totals.members} members, ${totals.causes} orders and activities`,
    ...totals.totals.map(
      ({ currency, candidate, baseline, change, cost }) =>
        `${currency}: ${candidate} instead of ${baseline} (${signed(change)}), worth ${cost.candidate.amount} instead of ${cost.baseline.amount} ${cost.candidate.currency}`,
    ),
    `cost ${gate.cost.amount} of revenue ${gate.revenue.amount} ${gate.revenue.currency}${
      gate.percent === undefined ? '' : ` = ${gate.percent} %`
    }, limit ${gate.limit} %: ${gate.within ? 'within' : 'over'}`,
    ...changes(
      'rule',
      totals.rules.map((row) => [row.rule, row.currency, row]),
    ),
    ...changes(
      'tier',
      totals.tiers.map((row) => [row.tier, row.currency, row]),
    ),
    ...changes(
      'member',
      affected.most.map((row) => [row.member, row.currency, row]),
    ),
    '',
    `${affected.members} members would have other points`,
    ...totals.migration.map(({ from, to, members }) => `${members} members from ${from} to ${to}`),
    ...(totals.migrationUnknown === undefined ? [] : [totals.migrationUnknown.en]),
  ];
}
