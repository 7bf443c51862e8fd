import type { ReviewResult } from './review-bench.ts';
import { table } from './table.ts';

export function reviewReport(result: ReviewResult): string {
  const { members, preparedSeconds, reviewSeconds, perSecond, killedAt, peakMemoryMiB } = result;
  const { kept, fell, wrong, waiting, onceEach } = result;
  return [
    table(
      ['what', 'figure', 'unit'],
      [
        ['members prepared', members, `in ${preparedSeconds} s`],
        ['reviewed', perSecond, 'members/s'],
        ['all of them, kill and start included', reviewSeconds, 's'],
        ['killed when done', killedAt, 'members'],
        ['memory of the process, most', peakMemoryMiB, 'MiB'],
        ['kept / fell', `${kept} / ${fell}`, 'members'],
        ['reviewed never or twice / still due', `${wrong} / ${waiting}`, 'members'],
      ],
    ),
    onceEach ? 'Each was reviewed exactly once.' : 'NOT each was reviewed exactly once.',
  ].join('\n');
}
