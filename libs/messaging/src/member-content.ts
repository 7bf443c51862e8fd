import { accept, memberKey, refuse, type Outcome } from '@jifen/kernel';
import type { Undecodable } from './flush.ts';
import type { Message } from './message.ts';
import { contentOf } from './wire.ts';

interface Violation {
  readonly pointer: string;
  readonly message: string;
}

type Validated<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly violations: readonly Violation[] };

/** What breaks the schema of a payload, in words. */
export const inWords = (violations: readonly Violation[]): string =>
  violations.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');

export const broken = (violations: readonly Violation[]): Outcome<never, Undecodable> =>
  refuse({ reason: 'schema', detail: inWords(violations) });

/** The payload of a message about a member. One that names another than the message's key does would be applied out of its order. */
export function memberContentOf<T extends { readonly program: string; readonly member: string }>(
  message: Message,
  validate: (value: unknown) => Validated<T>,
): Outcome<T, Undecodable> {
  const content = contentOf(message, validate);
  if (!content.ok) return broken(content.violations);
  const named = memberKey(content.value.program, content.value.member);
  if (named === message.key) return accept(content.value);
  return refuse({ reason: 'key', detail: `the message of ${message.key} names ${named}` });
}
