import { hash } from 'node:crypto';
import { MAX_NAME_LENGTH } from '@jifen/event-store';

export type CauseKind = 'order' | 'activity' | 'member' | 'window';

export { OWN_SOURCE } from '@jifen/contracts';

/** All ratings of a cause; all causes of a member begin with `program/member/`. A name too long for the store is shortened by its hash. */
export function ratingStream(owner: string, source: string, kind: CauseKind, id: string): string {
  const stream = `${owner}/${source}/${kind}/${id}`;
  if (stream.length <= MAX_NAME_LENGTH) return stream;
  return `${owner}/#${sha256(`${source}/${kind}/${id}`)}`;
}

export const ratingsOf = (owner: string): string => `${owner}/`;

export const sha256 = (text: string): string => hash('sha256', text, 'base64url');
