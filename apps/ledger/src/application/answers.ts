/** Where a caller's command is known by its `Idempotency-Key`. */
export interface CommandKey {
  readonly program: string;
  readonly key: string;
}

/** The first answer to a command, kept in the transaction of its events. */
export interface KeptAnswer extends CommandKey {
  /** SHA-256 of the route and the body in canonical form. */
  readonly requestHash: Uint8Array;
  readonly status: number;
  /** The exact JSON text. */
  readonly answer: string;
}

export interface Answers<Sql> {
  find(sql: Sql, keys: readonly CommandKey[]): Promise<readonly KeptAnswer[]>;
  /** A key that another transaction kept meanwhile violates `answered_key`. */
  keep(sql: Sql, answers: readonly (KeptAnswer & { readonly partition: number })[], now: number): Promise<void>;
}

/** How long a key is remembered: a retry comes within minutes, a queue that was stuck within days. */
export const ANSWERS_KEPT_MS = 7 * 86_400_000;

export const nameOf = ({ program, key }: CommandKey): string => `${program}\n${key}`;
