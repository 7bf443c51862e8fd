import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { types } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { UsageError } from '../command.ts';

export const ENCODINGS = ['utf-8', 'gb18030'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Line of the file that it ends on, from 1. */
  readonly line: number;
}

const MAX_RECORD = 64_000;
const NEWLINE = 10;
const NOT_IN_THE_ENCODING = 'ERR_ENCODING_INVALID_ENCODED_DATA';

/** SHA-256 of the file, and how many lines it has. */
export async function surveyOf(path: string): Promise<{ readonly hash: string; readonly lines: number }> {
  const hash = createHash('sha256');
  let lines = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
  }
  return { hash: hash.digest('hex'), lines };
}

async function* textOf(path: string, encoding: Encoding): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (!types.isNativeError(error) || !('code' in error) || error.code !== NOT_IN_THE_ENCODING) throw error;
    const other = encoding === 'utf-8' ? '; a file that Excel saved as CSV in Chinese is --encoding gb18030' : '';
    throw new UsageError(`the file is not ${encoding}${other}`);
  }
}

/** Record by record, the header included: nothing else of the file is in memory. Lines without anything are skipped. */
export async function* recordsOf(path: string, encoding: Encoding): AsyncIterable<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_RECORD,
  });
  pipeline(Readable.from(textOf(path, encoding)), parser, () => {
    // The error reaches whoever reads the parser.
  });
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: record, line: info.lines };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new UsageError(`the file is no CSV: ${error.message}`);
    throw error;
  }
}

/** One line of RFC 4180. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
