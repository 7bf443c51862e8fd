import { hash } from 'node:crypto';
import { assert } from '@jifen/kernel';

/**
 * A Merkle mountain range over the hashes of a partition's events: perfect binary trees, the "mountains", one for each bit of
 * the number of events, the highest first. It grows at the end only, a few hashes tell everything of it, and that an
 * event is in it is shown by at most 53 hashes. Leaves and nodes are hashed differently (RFC 9162), so that neither passes for
 * the other: leaf = SHA-256(00 ‖ event hash), node = SHA-256(01 ‖ left ‖ right). Hashes are lower-case hexadecimal digits.
 */
export const leafHash = (eventHash: string): string => sha256(`00${eventHash}`);
export const nodeHash = (left: string, right: string): string => sha256(`01${left}${right}`);

const sha256 = (hex: string): string => hash('sha256', Buffer.from(hex, 'hex'), 'hex');

/** Sizes of the mountains over `size` events, highest first. */
export function mountains(size: number): readonly number[] {
  const sizes: number[] = [];
  for (let power = 2 ** 52, left = size; power >= 1; power /= 2) {
    if (left < power) continue;
    sizes.push(power);
    left -= power;
  }
  return sizes;
}

export interface Mountain {
  /** Index among the mountains, and so among the peaks. */
  readonly peak: number;
  /** Events before its first. */
  readonly start: number;
  readonly size: number;
}

/** The mountain that the event at a position, from 1, is in. */
export function mountainOf(position: number, size: number): Mountain {
  assert(position >= 1 && position <= size, `position ${position} is not among ${size} events`);
  let start = 0;
  for (const [peak, each] of mountains(size).entries()) {
    if (position <= start + each) return { peak, start, size: each };
    start += each;
  }
  throw new RangeError(`no mountain of ${size} events has position ${position}`);
}

interface Tree {
  readonly size: number;
  readonly hash: string;
  /** Ways up from leaves of this tree that were asked for. */
  readonly paths: readonly string[][];
}

/** Takes leaves one after another and keeps no more than the peaks. */
export class MountainRange {
  readonly #trees: Tree[];
  #size: number;

  /** Goes on from the peaks over the first `size` events. */
  constructor(size = 0, peaks: readonly string[] = []) {
    const sizes = mountains(size);
    assert(sizes.length === peaks.length, `${size} events have ${sizes.length} peaks, not ${peaks.length}`);
    this.#size = size;
    this.#trees = sizes.map((each, index) => ({ size: each, hash: peaks[index] ?? '', paths: [] }));
  }

  get size(): number {
    return this.#size;
  }

  get peaks(): readonly string[] {
    return this.#trees.map((tree) => tree.hash);
  }

  /** The next event; with `path` its siblings on the way to its peak are added there as they become known. */
  add(eventHash: string, path?: string[]): void {
    let tree: Tree = { size: 1, hash: leafHash(eventHash), paths: path === undefined ? [] : [path] };
    for (let left = this.#trees.at(-1); left?.size === tree.size; left = this.#trees.at(-1)) {
      this.#trees.pop();
      for (const each of left.paths) each.push(tree.hash);
      for (const each of tree.paths) each.push(left.hash);
      tree = { size: 2 * tree.size, hash: nodeHash(left.hash, tree.hash), paths: [...left.paths, ...tree.paths] };
    }
    this.#trees.push(tree);
    this.#size++;
  }
}
