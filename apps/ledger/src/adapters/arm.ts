import { int4Array, int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';

/** One of the tables' writes, with array parameters from `$first` on. */
export interface Arm {
  readonly name: string;
  readonly sql: (first: number) => string;
  readonly values: readonly Buffer[];
}

interface Common {
  readonly name: string;
  /** Part of the key, or never changed: not in updates' SET. */
  readonly fixed?: boolean;
}

/** A column and where its value comes from. Arrays have no NULLs: `none` is a value that stands for NULL. */
export type Column<Row> = Common &
  (
    | { readonly type: 'text'; readonly none?: string; readonly of: (row: Row) => string }
    | {
        readonly type: 'int8' | 'int4';
        readonly none?: number;
        /** In an update, `none` leaves the column as it is. */
        readonly keep?: boolean;
        readonly of: (row: Row) => number;
      }
    | { readonly type: 'boolean'; readonly none?: false; readonly of: (row: Row) => boolean }
    /** Milliseconds; `Infinity` is never. */
    | { readonly type: 'timestamptz'; readonly of: (row: Row) => number }
  );

const arrayType = (column: Column<never>): string => (column.type === 'boolean' ? 'int4' : column.type);

function values<Row>(column: Column<Row>, rows: readonly Row[]): Buffer {
  switch (column.type) {
    case 'text':
      return textArray(rows.map(column.of));
    case 'int8':
      return int8Array(rows.map(column.of));
    case 'int4':
      return int4Array(rows.map(column.of));
    case 'boolean':
      return int4Array(rows.map((row) => (column.of(row) ? 1 : 0)));
    case 'timestamptz':
      return timestampArray(rows.map(column.of));
  }
}

function expression(column: Column<never>): string {
  const value = `t.${column.name}`;
  if (column.type === 'boolean') return column.none === undefined ? `${value} <> 0` : `nullif(${value} <> 0, false)`;
  if (column.type === 'timestamptz' || column.none === undefined) return value;
  return `nullif(${value}, ${typeof column.none === 'string' ? `'${column.none}'` : column.none})`;
}

const source = (columns: readonly Column<never>[], first: number): string =>
  `unnest(${columns.map((column, index) => `$${first + index}::${arrayType(column)}[]`).join(', ')})
  AS t (${columns.map(({ name }) => name).join(', ')})`;

/** Inserts rows that are known to be new: ON CONFLICT would lock and write twice what it inserts. */
export function inserting<Row>(
  name: string,
  table: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Arm | undefined {
  if (rows.length === 0) return undefined;
  return {
    name,
    sql: (first) => `
INSERT INTO ${table} (${columns.map((column) => column.name).join(', ')})
SELECT ${columns.map(expression).join(', ')} FROM ${source(columns, first)}`,
    values: columns.map((column) => values(column, rows)),
  };
}

/** Updates rows that are known to be there. `= ANY` of the first key finds them by the index; the join alone might be hashed. */
export function updating<Row>(
  name: string,
  table: string,
  keys: readonly Column<Row>[],
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Arm | undefined {
  const [leading] = keys;
  if (rows.length === 0 || leading === undefined) return undefined;
  const changing = columns.filter(({ fixed }) => fixed !== true);
  const all = [...keys, ...changing];
  const assigned = changing.map((column) => {
    const kept = 'keep' in column && column.keep === true;
    return `${column.name} = ${kept ? `coalesce(${expression(column)}, x.${column.name})` : expression(column)}`;
  });
  return {
    name,
    sql: (first) => `
UPDATE ${table} x SET ${assigned.join(', ')}
FROM ${source(all, first)}
WHERE x.${leading.name} = ANY ($${first}::${arrayType(leading)}[]) AND ${keys.map((key) => `x.${key.name} = t.${key.name}`).join(' AND ')}`,
    values: all.map((column) => values(column, rows)),
  };
}
