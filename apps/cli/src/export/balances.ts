import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { csvLine } from '../import/csv-file.ts';
import { EXIT_OK, optional, type Command } from '../command.ts';
import { SERVER_OPTIONS, serverFor } from '../program/server.ts';

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

const PAGE = 200;

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
    const server = serverFor(invocation);
    const moment = new URLSearchParams({ limit: String(PAGE) });
    const [asOf, knownAt] = [optional(invocation, 'as-of'), optional(invocation, 'known-at')];
    if (asOf !== undefined) moment.set('asOf', asOf);
    if (knownAt !== undefined) moment.set('knownAt', knownAt);
    const file = createWriteStream(path);
    const progress = invocation.progress('Exporting');
    let accounts = 0;
    let seen: Readonly<Record<string, unknown>> = {};
    try {
      await once(file, 'open');
      const write = async (text: string): Promise<void> => {
        if (!file.write(text)) await once(file, 'drain');
      };
      await write(csvLine(HEADER));
      for (let query = moment; ;) {
        const { body } = await server.call('GET', `/v1/balances?${query.toString()}`);
        seen = body;
        const data = body['data'] as readonly Line[];
        for (const line of data) await write(csvLine(cellsOf(line, String(body['asOf']), String(body['knownAt']))));
        accounts += data.length;
        progress(accounts, Number(body['accounts']));
        const next = body['next'];
        if (typeof next !== 'string') break;
        query = new URLSearchParams({ limit: String(PAGE), cursor: next });
      }
    } finally {
      file.end();
      await once(file, 'close');
    }
    const { asOf: at, knownAt: known } = seen;
    invocation.answer({ file: path, accounts, asOf: at, knownAt: known }, [
      `${accounts} balances as of ${String(at)}, known at ${String(known)}, are in ${path}`,
    ]);
    return EXIT_OK;
  },
};

const cellsOf = (line: Line, asOf: string, knownAt: string): readonly string[] => {
  const { member, currency, available, pending, held, debt, net, lapsed, lifetime, nextExpiry, worth } = line;
  return [
    member,
    currency,
    ...[available, pending, held, debt, net, lapsed, lifetime].map(String),
    nextExpiry?.at ?? '',
    nextExpiry === null ? '' : String(nextExpiry.points),
    worth?.available?.amount ?? '',
    worth?.available?.currency ?? '',
    asOf,
    knownAt,
    String(line.spent),
    String(line.expired),
  ];
};
