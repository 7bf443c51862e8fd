import type { Question } from '@jifen/service-host';

/** What a process tells its supervisor. */
export type ToSupervisor =
  | { readonly jifen: 'ready'; readonly url: string }
  | { readonly jifen: 'ask'; readonly id: number; readonly question: Question }
  | { readonly jifen: 'answer'; readonly id: number; readonly answer: Said };

/** What the supervisor tells a process. */
export type ToProcess =
  | { readonly jifen: 'question'; readonly id: number; readonly question: Question }
  | { readonly jifen: 'answers'; readonly id: number; readonly answers: readonly (readonly [string, Said])[] };

/** An answer, or why there is none. */
export type Said = { readonly value: unknown } | { readonly error: string };

/** Other messages pass through the same pipe: those of Node itself, of a test runner. */
export const isOurs = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'jifen' in message && typeof message.jifen === 'string';
