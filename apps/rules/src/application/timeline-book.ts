import type { Book } from './book.ts';

interface TimelineTable<Since> {
  read(owners: readonly string[]): Promise<ReadonlyMap<string, readonly Since[]>>;
  write(rows: ReadonlyMap<string, readonly Since[]>): Promise<void>;
}

/** Of the members of a flush, what has held since when: their tiers, or their facts. */
export class TimelineBook<Since> implements Book {
  readonly #table: TimelineTable<Since>;
  readonly #timelines = new Map<string, readonly Since[]>();
  readonly #changed = new Map<string, readonly Since[]>();

  constructor(table: TimelineTable<Since>) {
    this.#table = table;
  }

  async load(owners: ReadonlySet<string>): Promise<void> {
    if (owners.size === 0) return;
    for (const [owner, timeline] of await this.#table.read([...owners])) this.#timelines.set(owner, timeline);
  }

  /** Empty for a member of whom nothing is known. */
  of(owner: string): readonly Since[] {
    return this.#timelines.get(owner) ?? [];
  }

  set(owner: string, timeline: readonly Since[]): void {
    this.#timelines.set(owner, timeline);
    this.#changed.set(owner, timeline);
  }

  async save(): Promise<void> {
    if (this.#changed.size > 0) await this.#table.write(this.#changed);
  }
}
