/** What stands around the event's own JSON in a webhook's body. */
export interface PayloadHead {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly program: string;
  readonly member: string;
}

/** Longer bodies are not sent: the delivery is dead from the start, and visible. Characters, before UTF-8. */
export const MAX_PAYLOAD_LENGTH = 1_048_576;

/** The body of a webhook. `data` is the event's exact JSON text, put in as it is. */
export const payloadOf = ({ id, type, time, program, member }: PayloadHead, data: string): string =>
  `${JSON.stringify({ id, type, time, program, member }).slice(0, -1)},"data":${data}}`;

/** `program/member` taken apart; `undefined` when the key names no member. */
export function memberOfKey(key: string): { readonly program: string; readonly member: string } | undefined {
  const slash = key.indexOf('/');
  if (slash < 1 || slash === key.length - 1) return undefined;
  return { program: key.slice(0, slash), member: key.slice(slash + 1) };
}
