import type { LogReader } from '@jifen/event-store';

/** How long the log of a topic is, kept up by commits; asked anew only when somebody else may have written. */
export class TopicHeads {
  readonly #reader: LogReader;
  readonly #unsubscribe: () => void;
  #heads: number[] = [];
  #stale = true;

  /** `changed` answers a promise when the writer should wait. */
  constructor(reader: LogReader, changed: () => void | Promise<void>) {
    this.#reader = reader;
    this.#unsubscribe = reader.onCommitted((events, elsewhere) => {
      if (elsewhere) this.#stale = true;
      else if (events.length === 0) return undefined;
      for (const { partition, position } of events) this.raise(partition, position);
      return changed();
    });
  }

  /** Position of the last event known. */
  of(partition: number): number {
    return this.#heads[partition] ?? 0;
  }

  raise(partition: number, position: number): void {
    if (position > this.of(partition)) this.#heads[partition] = position;
  }

  /** The log ended earlier than it was thought to: nothing to read until the next look. */
  lower(partition: number, position: number): void {
    this.#heads[partition] = position;
  }

  expire(): void {
    this.#stale = true;
  }

  async refresh(): Promise<void> {
    if (!this.#stale) return;
    this.#stale = false;
    try {
      const heads = await this.#reader.heads();
      heads.forEach((position, partition) => this.raise(partition, position));
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }

  close(): void {
    this.#unsubscribe();
  }
}
