/** One place of two documents that differ. A value that is not there is `undefined`. */
export interface FieldChange {
  /** JSON pointer; items of lists with ids are named by id, e.g. `/rules/spend/earn/points`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** What items of a list are known by, if all of them are. */
const KEYS = ['id', 'code'] as const;

export function keyed(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  for (const key of KEYS) {
    const entries = list.flatMap((item) => {
      const name = isFields(item) ? item[key] : undefined;
      return typeof name === 'string' ? [[name, item] as const] : [];
    });
    const byName = new Map(entries);
    if (list.length > 0 && byName.size === list.length) return byName;
  }
  return undefined;
}

/** Every place at which two values differ, in the order of their fields. */
export function diffValues(before: unknown, after: unknown, path = ''): readonly FieldChange[] {
  if (isFields(before) && isFields(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => diffValues(before[name], after[name], `${path}/${escape(name)}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
  if (before === after) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function diffLists(before: readonly unknown[], after: readonly unknown[], path: string): readonly FieldChange[] {
  const [was, is] = [keyed(before), keyed(after)];
  if ((was === undefined && before.length > 0) || (is === undefined && after.length > 0)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  }
  const names = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  return [...names].flatMap((name) => diffValues(was?.get(name), is?.get(name), `${path}/${escape(name)}`));
}
