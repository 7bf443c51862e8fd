import { isUtf8 } from 'node:buffer';
import { activityStream, checkActivity, checkOrder, checkRefund, orderStream } from '@jifen/activity';
import {
  OWN_SOURCE,
  validateActivity,
  validateOrder,
  validateOrderRefund,
  type Problem,
  type Validation,
  type Violation,
} from '@jifen/contracts';
import { accept, refuse, unreachable, type Outcome } from '@jifen/kernel';
import { findHostile, isPlain } from './json-text.ts';
import type { Draft, Identity, Submission } from './submission.ts';

/** A record read as far as it can be; what of a refused one is known helps to find it again. */
export interface Read {
  readonly submission: Submission;
  readonly program: string;
  readonly source: string;
  readonly draft: Outcome<Draft, Problem>;
}

const BOM = 0xfeff;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text of the bytes without a byte order mark; `undefined` if they are no UTF-8. */
export function textOf(body: string | Uint8Array): string | undefined {
  if (typeof body !== 'string' && !isUtf8(body)) return undefined;
  const text = typeof body === 'string' ? body : decoder.decode(body);
  return text.charCodeAt(0) === BOM ? text.slice(1) : text;
}

/** What the parser says may quote the text that it did not like. */
export const malformed = (detail: string): Problem => ({
  code: 'malformed_json',
  detail: detail.replaceAll(/[\0\uD800-\uDFFF]/gu, '\uFFFD'),
});

const invalid = (what: string, errors: readonly Violation[]): Problem => ({
  code: 'invalid_request',
  detail: `the ${what} breaks its schema`,
  errors,
});

const contradictory = (what: string, errors: readonly Violation[]): Problem => ({
  code: 'invalid_order',
  detail: `the ${what} contradicts itself`,
  errors,
});

/** The value of JSON text that holds nothing hostile. */
export function parseJson(body: string | Uint8Array): Outcome<unknown, Problem> {
  const text = textOf(body);
  if (text === undefined) return refuse(malformed('the bytes are not UTF-8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(malformed(error instanceof Error ? error.message : 'not JSON'));
  }
  if (isPlain(text, value)) return accept(value);
  const hostile = findHostile(value);
  return hostile.length === 0 ? accept(value) : refuse(invalid('record', hostile));
}

/** A short text field of whatever came; empty when it is none. */
function field(value: unknown, name: string, maxLength: number): string {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return '';
  const found = (value as Readonly<Record<string, unknown>>)[name];
  return typeof found === 'string' && found.length <= maxLength ? found : '';
}

/** Either `member` or `identity` says who it is. */
function whoOf(value: { readonly member?: string; readonly identity?: Identity }): Outcome<string | Identity, Problem> {
  if (value.member !== undefined && value.identity !== undefined) {
    return refuse(invalid('record', [{ pointer: '/identity', message: 'must not stand beside member' }]));
  }
  const who = value.member ?? value.identity;
  if (who !== undefined) return accept(who);
  return refuse(invalid('record', [{ pointer: '/member', message: 'or identity must be given' }]));
}

function draftOf<T extends { readonly program?: string; readonly source: string }>(
  submission: Submission,
  program: string,
  what: string,
  validation: Validation<T>,
  build: (value: T) => Outcome<Draft, Problem>,
): Outcome<Draft, Problem> {
  if (!validation.ok) return refuse(invalid(what, validation.violations));
  if (program === '') return refuse(invalid(what, [{ pointer: '/program', message: 'must be given' }]));
  if (validation.value.source === OWN_SOURCE)
    return refuse(invalid(what, [{ pointer: '/source', message: `${OWN_SOURCE} is what Jifen itself sends` }]));
  if (
    submission.program !== undefined &&
    validation.value.program !== undefined &&
    program !== validation.value.program
  ) {
    return refuse({ code: 'wrong_program', detail: `the API key is one of program ${program}` });
  }
  return build(validation.value);
}

function read(submission: Submission, program: string, value: unknown, now: number): Outcome<Draft, Problem> {
  switch (submission.kind) {
    case 'order':
      return draftOf(submission, program, 'order', validateOrder(value), (order) => {
        const who = whoOf(order);
        if (!who.ok) return who;
        const checked = checkOrder(order, now);
        if (!checked.ok) return refuse(contradictory('order', checked.refusal));
        const stream = orderStream(program, order.source, order.orderId);
        return accept({ kind: 'order', program, stream, who: who.value, order: checked.value });
      });
    case 'order-refund':
      return draftOf(submission, program, 'refund', validateOrderRefund(value), (refund) => {
        const checked = checkRefund(refund, now);
        if (!checked.ok) return refuse(contradictory('refund', checked.refusal));
        const stream = orderStream(program, refund.source, refund.orderId);
        return accept({ kind: 'order-refund', program, stream, source: refund.source, notice: checked.value });
      });
    case 'activity':
      return draftOf(submission, program, 'activity', validateActivity(value), (activity) => {
        const who = whoOf(activity);
        if (!who.ok) return who;
        const checked = checkActivity(activity, now);
        if (!checked.ok) return refuse(invalid('activity', checked.refusal));
        const stream = activityStream(program, activity.source, activity.id);
        return accept({ kind: 'activity', program, stream, who: who.value, activity: checked.value });
      });
    default:
      return unreachable(submission.kind);
  }
}

/** Everything that can be seen of a record without asking anybody. `now` in milliseconds. */
export function readSubmission(submission: Submission, now: number): Read {
  const parsed = parseJson(submission.body);
  if (!parsed.ok) return { submission, program: submission.program ?? '', source: '', draft: parsed };
  const program = submission.program ?? field(parsed.value, 'program', 32);
  const source = field(parsed.value, 'source', 128);
  return { submission, program, source, draft: read(submission, program, parsed.value, now) };
}
