import { EXIT_OK, optional, type Command } from '../command.ts';
import { SERVER_OPTIONS } from '../program/server.ts';
import { exportPages, type Page } from './pages.ts';

interface Money {
  readonly amount: string;
  readonly currency: string;
}

interface Line {
  readonly member: string;
  readonly currency: string;
  readonly available: number;
  readonly pending: number;
  readonly held: number;
  readonly debt: number;
  readonly net: number;
  readonly lapsed: number;
  readonly lifetime: number;
  readonly spent: number;
  readonly expired: number;
  readonly nextExpiry: { readonly at: string; readonly points: number } | null;
  readonly worth: { readonly available: Money | null } | null;
}

const HEADER = [
  ...['member', 'currency', 'available', 'pending', 'held', 'debt', 'net', 'lapsed', 'lifetime'],
  ...['next_expiry', 'next_expiry_points', 'available_worth', 'money_currency', 'as_of', 'known_at'],
  ...['spent', 'expired'],
];

export const EXPORT_BALANCES: Command = {
  name: 'export balances',
  summary: 'The balances of all members as of one moment, as CSV',
  usage: '<file.csv> --url <…> [--as-of <instant>] [--known-at <instant>]',
  positionals: 1,
  options: {
    ...SERVER_OPTIONS,
    'as-of': { type: 'string', help: 'what was true then (default: --known-at), e.g. 2026-11-30T16:00:00Z' },
    'known-at': { type: 'string', help: 'as far as was recorded then (default: now)' },
  },
  run: async (invocation) => {
    const [path = ''] = invocation.positionals;
    const { lines: accounts, page } = await exportPages(invocation, {
      route: '/v1/balances',
      asked: { asOf: optional(invocation, 'as-of'), knownAt: optional(invocation, 'known-at') },
      path,
      header: HEADER,
      total: 'accounts',
      cells: cellsOf,
    });
    const { asOf, knownAt } = page;
    invocation.answer({ file: path, accounts, asOf, knownAt }, [
      `${accounts} balances as of ${String(asOf)}, known at ${String(knownAt)}, are in ${path}`,
    ]);
    return EXIT_OK;
  },
};

const cellsOf = (line: Line, { asOf, knownAt }: Page): readonly string[] => {
  const { member, currency, available, pending, held, debt, net, lapsed, lifetime, nextExpiry, worth } = line;
  return [
    member,
    currency,
    ...[available, pending, held, debt, net, lapsed, lifetime].map(String),
    nextExpiry?.at ?? '',
    nextExpiry === null ? '' : String(nextExpiry.points),
    worth?.available?.amount ?? '',
    worth?.available?.currency ?? '',
    String(asOf),
    String(knownAt),
    String(line.spent),
    String(line.expired),
  ];
};
