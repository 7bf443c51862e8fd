import { hash } from 'node:crypto';
import { eventHashHex, hashedText, type HashedEvent } from '@jifen/event-store';
import type { Finding } from './finding.ts';

/** Text beyond this is not searched for the changed byte: the search would take minutes. */
const MAX_SEARCHED = 4_096;

const TEXTS = ['stream', 'key', 'type', 'meta', 'data'] as const;

/** One byte changed, or one character added. */
export function changedText(previous: string, event: HashedEvent, stored: string): Finding | undefined {
  for (const column of TEXTS) {
    const finding = changedByte(previous, event, column, stored) ?? addedByte(previous, event, column, stored);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function changedByte(
  previous: string,
  event: HashedEvent,
  column: (typeof TEXTS)[number],
  stored: string,
): Finding | undefined {
  const size = Buffer.byteLength(event[column]);
  if (size > MAX_SEARCHED) return undefined;
  const bytes = Buffer.from(hashedText(previous, event));
  const start = endOf(bytes, event, column) - size;
  for (let at = start; at < start + size; at++) {
    const is = bytes[at] ?? 0;
    for (let was = 1; was < 256; was++) {
      bytes[at] = was;
      if (was !== is && hash('sha256', bytes, 'hex') === stored) {
        const what = `its ${column} was changed: byte ${at - start + 1} is ${shown(is)} and was ${shown(was)}`;
        return { what, column };
      }
    }
    bytes[at] = is;
  }
  return undefined;
}

/** Where the bytes of the column end in what is hashed: everything up to it, less the comma behind it. */
function endOf(all: Buffer, event: HashedEvent, column: (typeof TEXTS)[number]): number {
  const later = { stream: 9, key: 7, type: 6, meta: 1, data: 0 }[column];
  const fields: readonly string[] = [
    ...[event.stream, String(event.version), event.key, event.type, String(event.schemaVersion)],
    ...[event.occurredAt, event.recordedAt, event.effectiveAt, event.meta, event.data],
  ];
  const tail = fields.slice(fields.length - later).map((field) => `${Buffer.byteLength(field)}:${field},`);
  return all.length - Buffer.byteLength(tail.join('')) - 1;
}

function addedByte(
  previous: string,
  event: HashedEvent,
  column: (typeof TEXTS)[number],
  stored: string,
): Finding | undefined {
  const text = event[column];
  if (text.length > MAX_SEARCHED) return undefined;
  for (let at = 0; at < text.length; at++) {
    const was = text.slice(0, at) + text.slice(at + 1);
    if (eventHashHex(previous, { ...event, [column]: was }) === stored)
      return { what: `its ${column} was changed: ${JSON.stringify(text[at])} was added at ${at + 1}`, column };
  }
  return undefined;
}

const shown = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `0x${byte.toString(16).padStart(2, '0')}`;
