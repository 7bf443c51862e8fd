import type { Aim } from './ledger-report.ts';
import type { RebuildResult } from './rebuild-bench.ts';
import { table } from './table.ts';

const AIMS = { rebuildEventsPerSecond: 50_000, verifiedPerSecond: 100_000 };

export function rebuildAims({ passes }: RebuildResult): Aim[] {
  const rateOf = (wanted: string): number => passes.find(({ what }) => what === wanted)?.eventsPerSecond ?? 0;
  const { rebuildEventsPerSecond, verifiedPerSecond } = AIMS;
  return [
    {
      aim: `a million events rebuilt in 20 s (${rebuildEventsPerSecond}/s)`,
      reached: rateOf('rebuild, alone') >= rebuildEventsPerSecond,
    },
    {
      aim: `≥ ${verifiedPerSecond} events/s of the hash chain verified`,
      reached: rateOf('hash chain') >= verifiedPerSecond,
    },
  ];
}

export function rebuildReport(result: RebuildResult): string {
  const { events, rows, passes, beside, wrong } = result;
  return [
    `${events} events, ${rows} rows\n`,
    table(
      ['what', 'seconds', 'events/s', 'CPU s, Node', 'CPU s, PostgreSQL'],
      passes.map((pass) => [pass.what, pass.seconds, pass.eventsPerSecond, pass.cpuNode, pass.cpuPostgres]),
    ),
    '',
    `${beside.commands} redemptions meanwhile: p50 ${beside.p50} ms, p99 ${beside.p99} ms, worst ${beside.worst} ms`,
    ...rebuildAims(result).map(({ aim, reached }) => `${reached ? 'reached' : 'not reached'}: ${aim}`),
    wrong.length === 0 ? 'No row differed, no command was refused, no read was behind.' : wrong.join('\n'),
  ].join('\n');
}
