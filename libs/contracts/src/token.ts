/** Places in a log, one per partition: what a write answers and a read waits for. Text form `activity:3-1234,7-88`. */
export interface PositionToken {
  readonly log: string;
  /** Partition → position. */
  readonly positions: ReadonlyMap<number, number>;
}

const TOKEN = /^([a-z]{1,16}):(\d{1,4}-\d{1,16}(?:,\d{1,4}-\d{1,16}){0,255})$/;

export const formatToken = (token: PositionToken): string =>
  `${token.log}:${[...token.positions]
    .sort((a, b) => a[0] - b[0])
    .map(([partition, position]) => `${partition}-${position}`)
    .join(',')}`;

/** `undefined` when the text is no token. */
export function parseToken(text: string): PositionToken | undefined {
  const match = TOKEN.exec(text);
  if (match === null) return undefined;
  const positions = new Map<number, number>();
  for (const place of (match[2] ?? '').split(',')) {
    const [partition, position] = place.split('-').map(Number);
    if (partition === undefined || position === undefined || !Number.isSafeInteger(position)) return undefined;
    positions.set(partition, position);
  }
  return { log: match[1] ?? '', positions };
}
