import type { Data } from './facts.ts';
import type { RatedOrder } from './order/rated-order.ts';
import { useData, type Use } from './order/use.ts';

/** Longer ones count with what has none: whoever makes them up gains nothing by it. */
const MAX_VALUE = 128;

/** As much of a cause as limits and budgets count by. */
export type Counted =
  | {
      readonly kind: 'order';
      readonly source: string;
      readonly order: Pick<RatedOrder, 'attributes' | 'channel' | 'store'>;
    }
  | { readonly kind: 'activity'; readonly source: string; readonly data?: Data | undefined }
  | { readonly kind: 'member' | 'window'; readonly source: string };

/** The value of a cause that a limit or budget counts apart by: its store, channel or source, or else a field that it tells. */
export type ValueOf = (each: string) => string | undefined;

export const valuesIn =
  (cause: Counted): ValueOf =>
  (each) => {
    const value = valueIn(cause, each);
    const text = value === undefined || value === null ? '' : String(value);
    return text === '' || text.length > MAX_VALUE ? undefined : text;
  };

function valueIn(cause: Counted, each: string): Data[string] | undefined {
  if (each === 'source') return cause.source;
  if (cause.kind === 'activity') return cause.data?.[each];
  if (cause.kind !== 'order') return undefined;
  const { channel, store, attributes } = cause.order;
  return each === 'store' ? store : each === 'channel' ? channel : attributes?.[each];
}

/** The rating keeps what decides where it counts. */
export function useEach(use: Use, each: string | undefined): void {
  if (each === undefined || each === 'source') return;
  useData(use, each);
  if (each === 'store' || each === 'channel') use.place = true;
  else use.attributes.add(each);
}

/** Name of a bucket for a value; JSON, so that no value is another one's or holds what a table cannot. */
export const apart = (bucket: string, each: string | undefined, valueOf: ValueOf): string =>
  each === undefined ? bucket : apartAs(bucket, valueOf(each));

export const apartAs = (bucket: string, value: string | undefined): string =>
  `${bucket}=${JSON.stringify(value ?? null)}`;

/** The bucket without its value: names of rules, limits and windows have no `=`. */
export const together = (bucket: string): string => bucket.split('=', 1)[0] ?? bucket;

/** The value of a bucket; absent: what has none. */
export const valueOfBucket = (bucket: string): string | undefined =>
  (JSON.parse(bucket.slice(together(bucket).length + 1)) as string | null) ?? undefined;
