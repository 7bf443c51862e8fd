import { parseDecimal, ROUNDING_MODES, type RoundingMode } from '@jifen/kernel';
import { EXIT_FAILED, EXIT_OK, optional, UsageError, type Command, type Invocation } from '../command.ts';
import { SERVER_OPTIONS, serverFor, type Server } from '../program/server.ts';
import type { Conversion } from './convert.ts';
import { ENCODINGS, surveyOf, type Encoding } from './csv-file.ts';
import { ErrorsFile } from './errors-file.ts';
import { openRows, type FileRow } from './read-rows.ts';

/** Rows of one request. */
const BATCH = 500;

interface Result {
  readonly outcome: 'imported' | 'already' | 'refused';
  readonly currency?: string;
  readonly points?: number;
  readonly problem?: { readonly code: string; readonly detail: string };
}

/** Points by currency, exact however many there are. */
type Points = Map<string, bigint>;

interface Tally {
  rows: number;
  imported: number;
  already: number;
  empty: number;
  refused: number;
  readonly points: { readonly imported: Points; readonly already: Points };
  lastPosition: string | undefined;
}

export const IMPORT_BALANCES: Command = {
  name: 'import balances',
  summary: 'Opening balances from a CSV file: each row once, however often the file is sent',
  usage: '<file.csv> --url <…> [--dry-run] [--rate <0.1>] [--currency <points>] [--errors <file>]',
  positionals: 1,
  options: {
    ...SERVER_OPTIONS,
    'dry-run': { type: 'boolean', help: 'check and decide every row, write nothing' },
    currency: { type: 'string', help: 'of rows that name none (default: the first one of the program)' },
    rate: { type: 'string', help: 'new points for an old one, e.g. 0.1; exact, rounded once a row' },
    rounding: { type: 'string', help: `${ROUNDING_MODES.join(', ')} (default floor)` },
    id: { type: 'string', help: 'name of the import (default: taken from the content of the file)' },
    errors: {
      type: 'string',
      help: 'where refused rows go (default <file>.errors.csv, or -2, -3 …: none is written over)',
    },
    encoding: { type: 'string', help: `${ENCODINGS.join(' or ')} (default utf-8)` },
  },
  run: async (invocation) => {
    const [path = ''] = invocation.positionals;
    const conversion = conversionOf(invocation);
    const encoding = oneOf(invocation, 'encoding', ENCODINGS) ?? 'utf-8';
    const dryRun = invocation.values['dry-run'] === true;
    const server = serverFor(invocation);
    const { hash, lines } = await surveyOf(path);
    const importId = optional(invocation, 'id') ?? `csv-${hash.slice(0, 16)}`;
    const currency = optional(invocation, 'currency');
    const { header, rows } = await openRows({ path, encoding: encoding as Encoding, importId, currency, conversion });
    const errors = new ErrorsFile(path, header, optional(invocation, 'errors'));
    if (errors.path === path) throw new UsageError('--errors names the file that is read');
    const tally: Tally = {
      rows: 0,
      imported: 0,
      already: 0,
      empty: 0,
      refused: 0,
      points: { imported: new Map(), already: new Map() },
      lastPosition: undefined,
    };
    const progress = invocation.progress(dryRun ? 'Checking' : 'Importing');
    try {
      for await (const batch of batchesOf(rows)) {
        await send(server, batch, dryRun, tally, errors);
        progress(batch.at(-1)?.line ?? lines, lines);
      }
    } finally {
      await errors.close();
    }
    progress(lines, lines);
    report(invocation, importId, dryRun, tally, errors);
    return tally.refused > 0 ? EXIT_FAILED : EXIT_OK;
  },
};

/** Rows of one import each: a file of errors may hold those of several. */
async function* batchesOf(rows: AsyncIterable<FileRow>): AsyncIterable<readonly FileRow[]> {
  let batch: FileRow[] = [];
  for await (const row of rows) {
    if (batch.length === BATCH || (batch[0] !== undefined && batch[0].importId !== row.importId)) {
      yield batch;
      batch = [];
    }
    batch.push(row);
  }
  if (batch.length > 0) yield batch;
}

async function send(
  server: Server,
  batch: readonly FileRow[],
  dryRun: boolean,
  tally: Tally,
  errors: ErrorsFile,
): Promise<void> {
  const sent = batch.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const importId = batch[0]?.importId ?? '';
  let results: readonly Result[] = [];
  if (sent.length > 0) {
    const path = `/v1/imports/${encodeURIComponent(importId)}`;
    const { body } = await server.call('POST', path, { body: { dryRun, rows: sent } });
    results = body['results'] as readonly Result[];
    tally.lastPosition = body['position'] as string;
  }
  let next = 0;
  for (const row of batch) {
    tally.rows++;
    if (row.fault !== undefined) {
      tally.refused++;
      await errors.add(row, 'invalid_request', row.fault);
      continue;
    }
    if (row.body === undefined) {
      tally.empty++;
      continue;
    }
    const result = results[next++];
    if (result === undefined) throw new Error(`the server answered ${results.length} of ${sent.length} rows`);
    tally[result.outcome]++;
    if (result.outcome === 'refused') {
      const { code = 'refused', detail = '' } = result.problem ?? {};
      await errors.add(row, code, detail);
      continue;
    }
    const points = tally.points[result.outcome];
    const currency = result.currency ?? '';
    points.set(currency, (points.get(currency) ?? 0n) + BigInt(result.points ?? 0));
  }
}

function report(invocation: Invocation, importId: string, dryRun: boolean, tally: Tally, errors: ErrorsFile): void {
  const texts = (points: Points) => Object.fromEntries([...points].map(([code, sum]) => [code, String(sum)]));
  const { rows, imported, already, empty, refused, lastPosition } = tally;
  const points = { imported: texts(tally.points.imported), already: texts(tally.points.already) };
  const value = {
    importId,
    dryRun,
    rows,
    imported,
    already,
    empty,
    refused,
    points,
    ...(errors.written === 0 ? {} : { errors: errors.path }),
    ...(lastPosition === undefined ? {} : { position: lastPosition }),
  };
  const sums = (of: Readonly<Record<string, string>>): string => {
    const parts = Object.entries(of).map(([code, sum]) => `${sum} ${code}`);
    return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  };
  invocation.answer(value, [
    `${rows} rows of the import ${importId}${dryRun ? ', nothing was written (--dry-run)' : ''}:`,
    `  ${dryRun ? 'to import' : 'imported '}  ${imported}${sums(points.imported)}`,
    `  already    ${already}${sums(points.already)}`,
    `  0 points   ${empty}`,
    `  refused    ${refused}${errors.written === 0 ? '' : `: correct them in ${errors.path} and import that file`}`,
  ]);
}

function conversionOf(invocation: Invocation): Conversion | undefined {
  const text = optional(invocation, 'rate');
  const rounding = oneOf<RoundingMode>(invocation, 'rounding', ROUNDING_MODES);
  if (text === undefined) {
    if (rounding !== undefined) throw new UsageError('--rounding goes with --rate');
    return undefined;
  }
  const rate = parseDecimal(text);
  if (rate === undefined || rate.units <= 0n) throw new UsageError('--rate must be a decimal number above 0');
  return { rate, rounding: rounding ?? 'floor' };
}

function oneOf<T extends string>(invocation: Invocation, name: string, among: readonly T[]): T | undefined {
  const text = optional(invocation, name);
  if (text === undefined) return undefined;
  const found = among.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${among.join(', ')}`);
  return found;
}
