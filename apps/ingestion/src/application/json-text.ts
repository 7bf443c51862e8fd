import type { Violation } from '@jifen/contracts';

/** Nesting of one record; the deepest that a schema allows is 4. */
export const MAX_DEPTH = 16;
/** Fields of one object and items of one list. */
const MAX_BREADTH = 1000;
const MAX_VIOLATIONS = 20;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Where the string that opens at `start` closes, or -1. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/**
 * The texts of the elements of a JSON array as they were written, or the text itself when it is no array: so each record
 * stands and falls alone. `undefined` when brackets or quotes do not match up; an element may still be malformed in itself.
 */
export function splitRecords(
  text: string,
): { readonly single: boolean; readonly texts: readonly string[] } | undefined {
  let at = 0;
  while (isSpace(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) !== OPEN_LIST) return { single: true, texts: [text] };
  const texts: string[] = [];
  let depth = 0;
  let start = at + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at === -1) return undefined;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
    else if (code === COMMA && depth === 1) {
      texts.push(text.slice(start, at).trim());
      start = at + 1;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth--;
      if (depth === 0) break;
    }
  }
  if (depth !== 0 || text.charCodeAt(at) !== CLOSE_LIST || text.slice(at + 1).trim() !== '') return undefined;
  const last = text.slice(start, at).trim();
  if (last !== '' || texts.length > 0) texts.push(last);
  return { single: false, texts };
}

/** NUL, and halves of surrogate pairs that stand alone (`u` takes whole pairs as one character). */
const UNSTORABLE = /[\0\uD800-\uDFFF]/gu;

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const escaped = (key: string | number): string =>
  typeof key === 'number'
    ? String(key)
    : key.replaceAll(UNSTORABLE, '\uFFFD').replaceAll('~', '~0').replaceAll('/', '~1');

const isStorable = (text: string): boolean => text.search(UNSTORABLE) === -1;

/** What only an escape can bring in, or names a prototype. */
const SUSPICIOUS = ['\\u', '__proto__', 'constructor', 'prototype'] as const;

/**
 * Whether nothing in a value can be hostile, by a look at the text that it was parsed from and a quick walk. `false` says
 * nothing: `findHostile` looks closer.
 */
export const isPlain = (text: string, value: unknown): boolean =>
  text.isWellFormed() && !SUSPICIOUS.some((part) => text.includes(part)) && isTame(value, 0);

function isTame(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) || (Number.isFinite(value) && value % 1 !== 0);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    if (value.length > MAX_BREADTH) return false;
    for (const each of value) if (!isTame(each, depth + 1)) return false;
    return true;
  }
  let fields = 0;
  for (const name in value) {
    if (++fields > MAX_BREADTH || !isTame((value as Readonly<Record<string, unknown>>)[name], depth + 1)) return false;
  }
  return true;
}

/**
 * What no schema sees or every schema would have to say: texts that no database keeps (NUL, half a surrogate pair), numbers
 * that JSON.parse could not keep (1e400, 2^60), keys that reach a prototype, nesting and breadth without bounds.
 */
export function findHostile(value: unknown): readonly Violation[] {
  const found: Violation[] = [];
  const path: (string | number)[] = [];
  const refuse = (message: string): void => {
    found.push({ pointer: path.map((key) => `/${escaped(key)}`).join(''), message });
  };
  const walk = (each: unknown): void => {
    if (found.length >= MAX_VIOLATIONS) return;
    if (typeof each === 'string') {
      if (!isStorable(each)) refuse('has a NUL or half a surrogate pair');
    } else if (typeof each === 'number') {
      if (!Number.isFinite(each) || (Number.isInteger(each) && !Number.isSafeInteger(each))) {
        refuse('is a number that cannot be kept exactly');
      }
    } else if (Array.isArray(each)) walkList(each);
    else if (typeof each === 'object' && each !== null) walkObject(each as Readonly<Record<string, unknown>>);
  };
  const walkList = (list: readonly unknown[]): void => {
    if (path.length >= MAX_DEPTH) return refuse(`is nested deeper than ${MAX_DEPTH}`);
    if (list.length > MAX_BREADTH) return refuse(`has more than ${MAX_BREADTH} items`);
    for (let index = 0; index < list.length; index++) {
      path.push(index);
      walk(list[index]);
      path.pop();
    }
  };
  const walkObject = (object: Readonly<Record<string, unknown>>): void => {
    if (path.length >= MAX_DEPTH) return refuse(`is nested deeper than ${MAX_DEPTH}`);
    const keys = Object.keys(object);
    if (keys.length > MAX_BREADTH) return refuse(`has more than ${MAX_BREADTH} fields`);
    for (const key of keys) {
      path.push(key);
      if (FORBIDDEN_KEYS.has(key) || !isStorable(key)) refuse('is no field name');
      else walk(object[key]);
      path.pop();
    }
  };
  walk(value);
  return found;
}
