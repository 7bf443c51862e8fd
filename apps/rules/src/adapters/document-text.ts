import { isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Document, type Node } from 'yaml';
import { errorText } from '@jifen/kernel';

/** A YAML document may be this long; JSON is bounded by its body. */
const MAX_YAML_LENGTH = 1_000_000;
const MAX_FAULTS = 20;
const WIDTH = 120;

/** Both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface TextFault extends TextPlace {
  readonly message: string;
}

export type DocumentText =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** Where a JSON pointer leads; for what is missing the place of what it is missing in. */
      place(pointer: string): TextPlace;
    }
  | { readonly ok: false; readonly faults: readonly TextFault[] };

const START: TextPlace = { line: 1, column: 1 };

/** Reads YAML 1.2 (JSON is a part of it): one document, unique keys, no tags, bounded aliases. Never throws. */
export function readDocumentText(text: string): DocumentText {
  const fault = (message: string): DocumentText => ({ ok: false, faults: [{ ...START, message }] });
  if (text.length > MAX_YAML_LENGTH) return fault(`must not be longer than ${MAX_YAML_LENGTH} characters`);
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core', version: '1.2' });
    const faults = [...document.errors, ...document.warnings].slice(0, MAX_FAULTS);
    if (faults.length > 0) {
      return { ok: false, faults: faults.map(({ message, pos }) => ({ ...placeOf(lines, pos[0]), message })) };
    }
    const value: unknown = document.toJS({ reviver: refusePrototype });
    return { ok: true, value, place: (pointer) => placeOf(lines, offsetOf(document, pointer)) };
  } catch (error) {
    if (error instanceof RangeError) return fault('is nested too deeply');
    return fault(errorText(error));
  }
}

/** Keys that could reach a prototype; a document has no field of these names. */
const refusePrototype = (key: unknown, value: unknown): unknown => {
  if (key === '__proto__') throw new Error('the key __proto__ is not allowed');
  return value;
};

function placeOf(lines: LineCounter, offset: number): TextPlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Offset of the key or item that the pointer leads to, as far as it leads. */
function offsetOf(document: Document, pointer: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : '') === name);
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(name)];
      if (node === undefined) return offset;
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (node as Partial<Node> | null | undefined)?.range?.[0];

/** The text of a document: keys in the order that they have, nothing folded. */
export const yamlText = (value: unknown): string =>
  stringify(value, { lineWidth: WIDTH, aliasDuplicateObjects: false, version: '1.2' });
