import type { Pool } from 'pg';
import type { Principal, Scope } from '../principal.ts';
import { hashSecret, parseKey, sameHash } from './secret.ts';

/** A revoked key works no longer than this. */
const CACHE_MS = 4_000;
const MAX_CACHED = 10_000;
const FLUSH_MS = 60_000;

interface Known {
  readonly principal: Principal | undefined;
  readonly hash: Uint8Array;
  readonly until: number;
}

interface KeyRow {
  name: string;
  program: string;
  scopes: Scope[];
  secret_hash: Buffer;
}

const NOBODY = hashSecret('');

const principalOf = (keyId: string, { name, program, scopes }: KeyRow): Principal => ({
  keyId,
  keyName: name,
  program,
  scopes,
});

/** Who a key belongs to. Remembers answers for a moment; notes last uses once a minute, not per request. */
export class KeyVerifier {
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<Known>>();
  readonly #used = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly pool: Pool,
    private readonly clock: () => number,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.#timer = setInterval(() => void this.flushUses().catch(onFault), FLUSH_MS);
    this.#timer.unref();
  }

  /** `undefined` for whatever is no key in force; throws only when the database cannot be asked. */
  async verify(text: string): Promise<Principal | undefined> {
    const key = parseKey(text);
    if (key === undefined) return undefined;
    const cached = this.#known.get(key.id);
    const known = cached !== undefined && cached.until > this.clock() ? cached : await this.#ask(key.id);
    if (!sameHash(hashSecret(key.secret), known.hash) || known.principal === undefined) return undefined;
    if (this.#used.size < MAX_CACHED) this.#used.add(key.id);
    return known.principal;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flushUses().catch(this.onFault);
  }

  async flushUses(): Promise<void> {
    if (this.#used.size === 0) return;
    const ids = [...this.#used];
    this.#used.clear();
    await this.pool.query('UPDATE access.api_key SET last_used_at = now() WHERE id = ANY($1)', [ids]);
  }

  #ask(id: string): Promise<Known> {
    const running = this.#asking.get(id);
    if (running !== undefined) return running;
    const asking = this.#load(id).finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async #load(id: string): Promise<Known> {
    const until = this.clock() + CACHE_MS;
    const { rows } = await this.pool.query<KeyRow>(
      'SELECT name, program, scopes, secret_hash FROM access.api_key WHERE id = $1 AND revoked_at IS NULL',
      [id],
    );
    const row = rows[0];
    const known: Known =
      row === undefined
        ? { principal: undefined, hash: NOBODY, until }
        : { principal: principalOf(id, row), hash: row.secret_hash, until };
    this.#known.delete(id);
    const oldest = this.#known.size >= MAX_CACHED ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(id, known);
    return known;
  }
}
