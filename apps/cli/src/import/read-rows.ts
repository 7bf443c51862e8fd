import { UsageError } from '../command.ts';
import { columnsOf, OWN_FIELDS, type Columns, type Field } from './columns.ts';
import { convert, type Conversion } from './convert.ts';
import { recordsOf, type Encoding } from './csv-file.ts';

/** As `POST /v1/imports/{import}` takes it. */
export interface RowBody {
  readonly row: string;
  readonly member: string;
  readonly points: number;
  readonly currency?: string;
  readonly earnedOn?: string;
  readonly expiresOn?: string;
  readonly reason?: string;
}

export interface FileRow {
  readonly line: number;
  /** As they stand in the file, without what an errors file adds. */
  readonly cells: readonly string[];
  readonly importId: string;
  readonly name: string;
  /** 0 points are nothing to import. */
  readonly body: RowBody | undefined;
  readonly fault: string | undefined;
}

export interface ReadOptions {
  readonly path: string;
  readonly encoding: Encoding;
  readonly importId: string;
  readonly currency: string | undefined;
  readonly conversion: Conversion | undefined;
}

export interface RowFile {
  /** The header as it stands, without what an errors file adds. */
  readonly header: readonly string[];
  readonly rows: AsyncIterable<FileRow>;
}

/** Throws `UsageError` for a file that is no table of balances. */
export async function openRows(options: ReadOptions): Promise<RowFile> {
  const records = recordsOf(options.path, options.encoding)[Symbol.asyncIterator]();
  const first = await records.next();
  if (first.done === true) throw new UsageError(`${options.path} is empty`);
  const columns = columnsOf(first.value.cells);
  if (typeof columns === 'string') throw new UsageError(columns);
  const own = new Set(OWN_FIELDS.map((field) => columns.get(field)));
  const theirs = (cells: readonly string[]): readonly string[] => cells.filter((_, index) => !own.has(index));
  const width = first.value.cells.length;
  const rows = async function* (): AsyncIterable<FileRow> {
    for (let next = await records.next(); next.done !== true; next = await records.next()) {
      const { cells, line } = next.value;
      const full = cells.length < width ? [...cells, ...Array<string>(width - cells.length).fill('')] : cells;
      yield { line, cells: theirs(full), ...rowOf(full, line, columns, options, width) };
    }
  };
  return { header: theirs(first.value.cells), rows: rows() };
}

function rowOf(
  cells: readonly string[],
  line: number,
  columns: Columns,
  options: ReadOptions,
  width: number,
): Pick<FileRow, 'importId' | 'name' | 'body' | 'fault'> {
  const of = (field: Field): string | undefined => {
    const text = cells[columns.get(field) ?? -1];
    return text === '' ? undefined : text;
  };
  const name = of('importRow') ?? String(line);
  const where = { importId: of('importId') ?? options.importId, name };
  if (cells.length > width)
    return { ...where, body: undefined, fault: `has ${cells.length} cells, the header ${width}` };
  const points = convert(of('points') ?? '', options.conversion);
  if (typeof points === 'string') return { ...where, body: undefined, fault: `points ${points}` };
  if (points === 0) return { ...where, body: undefined, fault: undefined };
  const currency = of('currency') ?? options.currency;
  const [earnedOn, expiresOn, reason] = [of('earnedOn'), of('expiresOn'), of('reason')];
  return {
    ...where,
    fault: undefined,
    body: {
      row: name,
      member: of('member') ?? '',
      points,
      ...(currency === undefined ? {} : { currency }),
      ...(earnedOn === undefined ? {} : { earnedOn }),
      ...(expiresOn === undefined ? {} : { expiresOn }),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}
