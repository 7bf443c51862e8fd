import type { Pool } from 'pg';
import { percentile } from './percentile.ts';
import { MANNERS, type Arrival, type Manner } from './webhook-receivers.ts';

/** An event of the ledger that an endpoint wants. */
export interface Award {
  readonly id: string;
  readonly program: string;
  /** When it was recorded, milliseconds since 1970. */
  readonly at: number;
}

const AWARDS = `
  SELECT 'ledger-' || partition || '-' || position AS id, split_part(stream, '/', 1) AS program,
         (extract(epoch FROM recorded_at) * 1000)::float8 AS at
    FROM ledger.event WHERE log = 'ledger' AND type = 'points.earned' AND recorded_at >= $1 AND recorded_at < $2`;

export const awardsBetween = async (pool: Pool, from: number, to: number): Promise<readonly Award[]> =>
  (await pool.query<Award>(AWARDS, [new Date(from), new Date(to)])).rows;

export interface Heard {
  readonly manner: Manner;
  readonly endpoints: number;
  /** Events that the endpoints should have, and do. */
  readonly expected: number;
  readonly received: number;
  readonly repeated: number;
  /** From award to the first arrival, milliseconds; what never came counts as for ever. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** Arrivals of a member behind a later event of it. */
  readonly outOfOrder: number;
}

export interface Deployed {
  readonly programOf: (endpoint: number) => string;
  readonly mannerOf: (endpoint: number) => Manner;
  readonly endpoints: number;
}

export function booksOf(awards: readonly Award[], arrivals: readonly Arrival[], deployed: Deployed): readonly Heard[] {
  const first = new Map<string, number>();
  for (const { endpoint, id, at } of arrivals) {
    const name = `${endpoint} ${id}`;
    if (!first.has(name)) first.set(name, at);
  }
  const late = outOfOrder(arrivals, deployed.mannerOf);
  return MANNERS.map((manner) => {
    const endpoints = range(deployed.endpoints).filter((endpoint) => deployed.mannerOf(endpoint) === manner);
    const waits = endpoints.flatMap((endpoint) =>
      awards
        .filter(({ program }) => program === deployed.programOf(endpoint))
        .map(({ id, at }) => (first.get(`${endpoint} ${id}`) ?? Infinity) - at),
    );
    const own = new Set(endpoints);
    const repeated =
      arrivals.filter(({ endpoint }) => own.has(endpoint)).length -
      [...first.keys()].filter((name) => own.has(Number(name.split(' ')[0]))).length;
    return {
      ...{ manner, endpoints: endpoints.length, expected: waits.length, repeated },
      received: waits.filter(Number.isFinite).length,
      p50: Math.round(percentile(waits, 0.5)),
      p99: Math.round(percentile(waits, 0.99)),
      worst: Math.round(waits.reduce((most, each) => Math.max(most, each), 0)),
      outOfOrder: late[manner],
    };
  });
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, place) => place);

/** All events of a member are in one partition, so their positions are their order; an attempt may be repeated. */
function outOfOrder(arrivals: readonly Arrival[], mannerOf: Deployed['mannerOf']): Readonly<Record<Manner, number>> {
  const late = { healthy: 0, dead: 0, slow: 0, lying: 0 };
  const last = new Map<string, number>();
  for (const { endpoint, member, id } of arrivals) {
    const name = `${endpoint} ${member}`;
    const position = Number(id.split('-')[2]);
    if (position < (last.get(name) ?? 0)) late[mannerOf(endpoint)] += 1;
    last.set(name, position);
  }
  return late;
}
