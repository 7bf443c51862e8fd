/** Lines around a change that are shown. */
const CONTEXT = 3;
/** Texts that differ in more lines than this are shown as one replaced by the other. */
const MAX_DISTANCE = 2_000;

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/** The difference of two texts as `diff -u` writes it; empty when they are the same. */
export function diffLines(before: string, after: string, from: string, to: string): string {
  if (before === after) return '';
  const edits = editsOf(linesOf(before), linesOf(after));
  return [`--- ${from}`, `+++ ${to}`, ...hunksOf(edits)].join('\n') + '\n';
}

const linesOf = (text: string): readonly string[] => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');

/** Myers, “An O(ND) Difference Algorithm and Its Variations” (1986), between the common beginning and end. */
function editsOf(a: readonly string[], b: readonly string[]): readonly Edit[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const kept = (lines: readonly string[]): Edit[] => lines.map((text) => ({ kind: ' ', text }));
  const middle = shortest(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return [...kept(a.slice(0, head)), ...middle, ...kept(a.slice(a.length - tail))];
}

function shortest(a: readonly string[], b: readonly string[]): readonly Edit[] {
  const trace: Map<number, number>[] = [];
  let ends = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, MAX_DISTANCE); d++) {
    trace.push(new Map(ends));
    const next = new Map(ends);
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(next, k, d) ? (next.get(k + 1) ?? 0) : (next.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b);
    }
    ends = next;
  }
  return [...a.map((text): Edit => ({ kind: '-', text })), ...b.map((text): Edit => ({ kind: '+', text }))];
}

const goesDown = (ends: ReadonlyMap<number, number>, k: number, d: number): boolean =>
  k === -d || (k !== d && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1));

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  a: readonly string[],
  b: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const ends = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const before = goesDown(ends, k, d) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : (ends.get(before) ?? 0);
    const fromY = d === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      edits.push({ kind: ' ', text: a[x - 1] ?? '' });
      x--;
      y--;
    }
    if (d === 0) break;
    if (x === fromX) edits.push({ kind: '+', text: b[--y] ?? '' });
    else edits.push({ kind: '-', text: a[--x] ?? '' });
  }
  return edits.reverse();
}

function hunksOf(edits: readonly Edit[]): readonly string[] {
  const changed = edits.flatMap(({ kind }, index) => (kind === ' ' ? [] : [index]));
  const ranges: [number, number][] = [];
  for (const index of changed) {
    const [from, to] = [Math.max(0, index - CONTEXT), Math.min(edits.length, index + CONTEXT + 1)];
    const last = ranges.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges.flatMap(([from, to]) => {
    const count = (end: number, start: number, without: Edit['kind']): number =>
      edits.slice(start, end).filter(({ kind }) => kind !== without).length;
    const place = (without: Edit['kind']): string => `${count(from, 0, without) + 1},${count(to, from, without)}`;
    const lines = edits.slice(from, to).map(({ kind, text }) => kind + text);
    return [`@@ -${place('+')} +${place('-')} @@`, ...lines];
  });
}
