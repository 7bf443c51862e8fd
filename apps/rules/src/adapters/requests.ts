import { ProblemError } from '@jifen/service-host';
import type { DocumentName } from '../application/program-versions.ts';

/** Rows of a page when the caller does not say. */
export const PAGE = 50;

/** What a document can be asked for by. */
export const DOCUMENT_NAME = /^(draft|in-force|[1-9]\d{0,14})$/;

export const documentNameOf = (text: string): DocumentName =>
  text === 'draft' || text === 'in-force' ? text : Number(text);

const REVISION = /^(?:W\/)?"(\d{1,15})"$/;

/** `undefined` without the header; the draft's revision is its entity tag. */
export function revisionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const text = REVISION.exec(ifMatch)?.[1];
  if (text !== undefined) return Number(text);
  throw new ProblemError({ code: 'invalid_request', detail: 'If-Match must be the ETag of the draft, e.g. "3"' });
}
