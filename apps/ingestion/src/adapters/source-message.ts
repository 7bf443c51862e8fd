import type { Problem } from '@jifen/contracts';
import type { EventMeta } from '@jifen/event-store';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import type { Message } from '@jifen/messaging';
import { parseJson, readSubmission, type Read } from '../application/read.ts';
import { RECORD_KINDS, type RecordKind, type Submission } from '../application/submission.ts';
import { metaOf } from './request-meta.ts';

const STRUCTURED = /^application\/cloudevents\+json\b/i;
const EVENT_ID = /^[\x21-\x7e]{1,128}$/;

type Attributes = Readonly<Record<string, unknown>>;

interface Opened {
  readonly attributes: Attributes;
  readonly body: string | Uint8Array;
}

/** Structured mode: the event is in the value, and the record is its `data`. */
function open(message: Message): Outcome<Opened, Problem> {
  if (!STRUCTURED.test(message.headers['content-type'] ?? '')) {
    const names = Object.entries(message.headers).map(([name, value]) => [name.replace(/^ce_/, ''), value]);
    return accept({ attributes: Object.fromEntries(names) as Attributes, body: message.value });
  }
  const parsed = parseJson(message.value);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'data')) {
    const errors = [{ pointer: '/data', message: 'must be given as JSON' }];
    return refuse({ code: 'invalid_request', detail: 'the value is no structured CloudEvent', errors });
  }
  const attributes = value as Attributes;
  return accept({ attributes, body: JSON.stringify(attributes['data']) });
}

const kindOf = (type: unknown): RecordKind | undefined =>
  type === undefined || type === '' ? 'order' : RECORD_KINDS.find((kind) => kind === type);

function meta(attributes: Attributes): EventMeta {
  const text = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' ? value : undefined;
  };
  const id = text('id');
  const causation = id !== undefined && EVENT_ID.test(id) ? { causationId: id } : {};
  return {
    ...metaOf({ traceparent: text('traceparent'), 'x-correlation-id': text('correlationid') }),
    ...causation,
  };
}

const refused = (submission: Submission, problem: Problem): Read => ({
  submission,
  program: '',
  source: '',
  draft: refuse(problem),
});

/** A message of the source topic as a record: CloudEvents in binary or structured mode, or a bare order. */
export function readSourceMessage(message: Message, now: number): Read {
  const whole: Submission = { kind: 'order', body: message.value, via: 'kafka', meta: {} };
  if (message.value.length === 0) return refused(whole, { code: 'malformed_json', detail: 'the message has no value' });
  const opened = open(message);
  if (!opened.ok) return refused(whole, opened.refusal);
  const { attributes, body } = opened.value;
  const kind = kindOf(attributes['type']);
  if (kind === undefined) {
    const errors = [{ pointer: '/type', message: `must be one of ${RECORD_KINDS.join(', ')}` }];
    return refused(whole, { code: 'invalid_request', detail: 'the event is of no type that is taken here', errors });
  }
  return readSubmission({ kind, body, via: 'kafka', meta: meta(attributes) }, now);
}
