import { instant, instantFromMillis } from '@jifen/kernel';
import type { SignatureScheme } from '@jifen/notifications';
import type { Endpoint, EndpointStatus, EndpointTable, Subscription } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

interface EndpointRow {
  readonly id: string;
  readonly program: string;
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly string[];
  readonly status: EndpointStatus;
  readonly disabled_reason: string | null;
  readonly scheme: SignatureScheme;
  readonly secret: Uint8Array;
  readonly previous_secret: Uint8Array | null;
  readonly previous_until: Date | null;
  readonly created_at: Date;
}

const COLUMNS = `
  id, program, url, description, events, status, disabled_reason, scheme, secret, previous_secret, previous_until, created_at`;

/** Asked in every flush, so in one statement though it is of two tables. */
const LISTENERS = `
  SELECT EXISTS (SELECT FROM endpoint WHERE program = ANY ($1::text[]) AND status = 'enabled') AS endpoints,
         EXISTS (SELECT FROM setting WHERE program = ANY ($1::text[]) AND document ->> 'enabled' = 'true') AS members`;

const SUBSCRIPTIONS = `
  SELECT id, program, events, created_at FROM endpoint WHERE program = ANY ($1::text[]) AND status = 'enabled' ORDER BY id`;

const CREATE = `
  INSERT INTO endpoint (id, program, url, description, events, status, scheme, secret, created_at)
  SELECT $1, $2, $3, $4, $5::text[], $6, $7, $8, $9
   WHERE (SELECT count(*) FROM endpoint WHERE program = $2) < $10`;

const LIST = `SELECT ${COLUMNS} FROM endpoint WHERE program = $1 ORDER BY created_at, id`;
const FIND = `SELECT ${COLUMNS} FROM endpoint WHERE program = $1 AND id = $2`;
const SET_STATUS = 'UPDATE endpoint SET status = $2, disabled_reason = $3 WHERE id = $1';
const SET_SECRETS = 'UPDATE endpoint SET secret = $2, previous_secret = $3, previous_until = $4 WHERE id = $1';

const DUE = `
  SELECT ${COLUMNS} FROM endpoint
   WHERE status = 'enabled'
     AND EXISTS (SELECT FROM lane WHERE lane.endpoint = endpoint.id AND lane.due_at <= $1)
   LIMIT $2`;

const endpointOf = (row: EndpointRow): Endpoint => ({
  id: row.id,
  program: row.program,
  url: row.url,
  description: row.description ?? undefined,
  events: row.events,
  status: row.status,
  disabledReason: row.disabled_reason ?? undefined,
  scheme: row.scheme,
  secrets: {
    current: row.secret,
    ...(row.previous_secret === null || row.previous_until === null
      ? {}
      : { previous: { secret: row.previous_secret, until: instant(row.previous_until.toISOString()) } }),
  },
  createdAt: row.created_at.toISOString(),
});

type Subscribed = Pick<EndpointRow, 'id' | 'program' | 'events' | 'created_at'>;
type Listeners = Awaited<ReturnType<EndpointTable<Queryable>['listeners']>>;

export const endpointTable: EndpointTable<Queryable> = {
  listeners: async (sql, programs) => {
    const { rows } = await sql.query<Listeners>({ name: 'listeners', text: LISTENERS, values: [programs] });
    return rows[0] ?? { endpoints: false, members: false };
  },

  subscriptions: async (sql, programs) => {
    const { rows } = await sql.query<Subscribed>({ name: 'subscriptions', text: SUBSCRIPTIONS, values: [programs] });
    return rows.map(({ created_at, ...row }): Subscription => ({ ...row, createdAt: created_at.toISOString() }));
  },

  create: async (sql, endpoint, limit) => {
    const { id, program, url, description, events, status, scheme, secrets, createdAt } = endpoint;
    const fields = [id, program, url, description ?? null, events, status, scheme, secrets.current, createdAt];
    return (await sql.query(CREATE, [...fields, limit])).rowCount === 1;
  },

  list: async (sql, program) => (await sql.query<EndpointRow>(LIST, [program])).rows.map(endpointOf),

  find: async (sql, program, id) => {
    const { rows } = await sql.query<EndpointRow>(FIND, [program, id]);
    return rows[0] === undefined ? undefined : endpointOf(rows[0]);
  },

  setStatus: async (sql, id, status, reason) => {
    await sql.query(SET_STATUS, [id, status, reason ?? null]);
  },

  setSecrets: async (sql, id, { current, previous }) => {
    await sql.query(SET_SECRETS, [id, current, previous?.secret ?? null, previous?.until ?? null]);
  },

  due: async (sql, now, limit) =>
    (await sql.query<EndpointRow>(DUE, [instantFromMillis(now), limit])).rows.map(endpointOf),
};
