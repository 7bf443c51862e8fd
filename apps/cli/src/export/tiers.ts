import { EXIT_OK, optional, type Command } from '../command.ts';
import { SERVER_OPTIONS } from '../program/server.ts';
import { exportPages, type Page } from './pages.ts';

interface Line {
  readonly member: string;
  readonly tier: { readonly code: string };
  readonly since?: string;
  readonly until?: string;
  readonly given?: { readonly tier: string; readonly from: string; readonly until?: string };
  readonly lifetimePoints: number;
  readonly currency: string;
  readonly basis: string;
  readonly qualifying: number;
  readonly qualifyingSince?: string;
  readonly next?: { readonly tier: string; readonly threshold: number; readonly points: number };
  readonly keep?: {
    readonly reviewAt: string;
    readonly required: number;
    readonly qualifying: number;
    readonly missing: number;
  };
  readonly projected: string;
}

const HEADER = [
  ...['member', 'tier', 'since', 'until', 'given', 'given_from', 'given_until', 'lifetime_points', 'currency', 'basis'],
  ...['qualifying', 'qualifying_since', 'next_tier', 'next_threshold', 'next_missing'],
  ...['review_at', 'review_required', 'review_qualifying', 'review_missing', 'projected', 'program_version', 'as_of'],
];

export const EXPORT_TIERS: Command = {
  name: 'export tiers',
  summary: 'Where all members stand as of one moment, as CSV',
  usage: '<file.csv> --url <…> [--as-of <instant>]',
  positionals: 1,
  options: {
    ...SERVER_OPTIONS,
    'as-of': { type: 'string', help: 'where they stood then (default: now), e.g. 2026-11-30T16:00:00Z' },
  },
  run: async (invocation) => {
    const [path = ''] = invocation.positionals;
    const { lines: members, page } = await exportPages(invocation, {
      route: '/v1/standings',
      asked: { asOf: optional(invocation, 'as-of') },
      path,
      header: HEADER,
      total: 'members',
      cells: cellsOf,
    });
    const { asOf, programVersion } = page;
    invocation.answer({ file: path, members, asOf, programVersion }, [
      `Where ${members} members stood as of ${String(asOf)} is in ${path}`,
    ]);
    return EXIT_OK;
  },
};

const cellsOf = (line: Line, { programVersion, asOf }: Page): readonly string[] => {
  const { member, tier, given, next, keep } = line;
  return [
    ...[member, tier.code, line.since, line.until, given?.tier, given?.from, given?.until],
    ...[line.lifetimePoints, line.currency, line.basis, line.qualifying, line.qualifyingSince],
    ...[next?.tier, next?.threshold, next?.points],
    ...[keep?.reviewAt, keep?.required, keep?.qualifying, keep?.missing],
    ...[line.projected, programVersion, asOf],
  ].map((cell) => String(cell ?? ''));
};
