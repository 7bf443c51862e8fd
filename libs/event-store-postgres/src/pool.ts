import pg from 'pg';
import { assert, InvariantError } from '@jifen/kernel';

export interface PoolOptions {
  /** Acts as this role, so that privileges bind; the login itself is the deployment's. */
  readonly role?: string;
  /** First in the search path. */
  readonly schema?: string;
  readonly max?: number;
  readonly applicationName?: string;
  /** A lost idle connection. The pool replaces it; the error only needs to be told. */
  readonly onError?: (error: Error) => void;
}

const DEFAULT_CONNECTIONS = 10;
const CONNECT_MILLIS = 10_000;
/** Below a third of a consumer group's session, so that a stuck statement never costs the membership. */
const STATEMENT_MILLIS = 10_000;
const IDLE_IN_TRANSACTION_MILLIS = 30_000;

/** `int8` comes as a number, checked to be a safe integer; everything else as node-postgres has it. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const { connectionString, ownOptions } = withoutOptions(url);
  const settings = ['-c plan_cache_mode=force_custom_plan', '-c timezone=UTC'];
  if (options.schema !== undefined) settings.push(`-c search_path=${checkName(options.schema)}`);
  if (options.role !== undefined) settings.push(`-c role=${checkName(options.role)}`);
  const pool = new pg.Pool({
    connectionString,
    options: [ownOptions, ...settings].filter((part) => part !== '').join(' '),
    max: options.max ?? DEFAULT_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLIS,
    statement_timeout: STATEMENT_MILLIS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MILLIS,
    application_name: options.applicationName ?? options.schema ?? 'jifen',
    keepAlive: true,
    // Statements that do not depend on each other's answers share a round trip: they are sent as they are asked for.
    pipeline: true,
    Client: CorkedClient,
    types: numbersForInt8,
  });
  // Without a listener a lost idle connection would end the process.
  pool.on('error', (error) => options.onError?.(error));
  // So would one that is lost in use; whoever uses it hears of it by the statement that fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Sends what is asked in one turn of the event loop in one go: each write to the socket costs as much as a small statement. */
class CorkedClient extends pg.Client {
  override readonly query = ((...asked: Parameters<pg.Client['query']>) => {
    this.#cork();
    return super.query(...asked);
  }) as pg.Client['query'];
  #corked = false;

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    const { stream } = this.connection;
    stream.cork();
    process.nextTick(() => {
      this.#corked = false;
      stream.uncork();
    });
  }
}

/** `options` in the URL would replace ours, and with them the role: they are joined instead. */
function withoutOptions(url: string): { connectionString: string; ownOptions: string } {
  const parsed = new URL(url);
  const ownOptions = parsed.searchParams.get('options') ?? '';
  parsed.searchParams.delete('options');
  return { connectionString: parsed.href, ownOptions };
}

const numbersForInt8: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary'
      ? safeInteger
      : format === 'binary'
        ? pg.types.getTypeParser(oid, 'binary')
        : pg.types.getTypeParser(oid, 'text')) as typeof pg.types.getTypeParser,
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvariantError(`${text} is beyond the safe integers`);
  return value;
}

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** A plain lower-case name of a schema, role or log: it stands in statements and settings as it is. */
export function checkName(name: string): string {
  assert(NAME.test(name), `not a plain name: ${JSON.stringify(name)}`);
  return name;
}
