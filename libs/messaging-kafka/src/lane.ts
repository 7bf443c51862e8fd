import type { Message, PartitionClaim } from '@jifen/messaging';

/** A run of messages of one topic partition on their way through the flow. */
export class Slice {
  readonly done: Promise<boolean>;
  #at = 0;
  #resolve: (handled: boolean) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(
    readonly topic: string,
    readonly messages: readonly Message[],
  ) {
    this.done = new Promise<boolean>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get left(): number {
    return this.messages.length - this.#at;
  }

  /** The next messages, at most `limit`; they count as handled only after `advance`. */
  peek(limit: number): readonly Message[] {
    return this.messages.slice(this.#at, this.#at + limit);
  }

  advance(count: number): void {
    this.#at += count;
    if (this.left === 0) this.#resolve(true);
  }

  drop(): void {
    this.#resolve(false);
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}

/** One owned partition, over all topics of the consumer. */
export class Lane {
  /** Set by a claim; without it nothing of the partition is handled. */
  epoch: number | undefined;
  /** Whether it was claimed since it was assigned: from then on this member counts as its owner. */
  held = false;
  /** Topic → offset of the next message to handle. */
  next = new Map<string, number>();
  queue: Slice[] = [];
  failures = 0;
  /** No claim before this time. */
  claimAt = 0;
  lastError: Error | undefined;
  progressAt: number;

  constructor(
    readonly partition: number,
    now: number,
  ) {
    this.progressAt = now;
  }

  get waiting(): number {
    return this.queue.reduce((sum, { left }) => sum + left, 0);
  }

  claimed({ epoch, offsets }: PartitionClaim): void {
    this.epoch = epoch;
    this.held = true;
    this.next = new Map(Object.entries(offsets));
  }

  /** What was fetched under the last claim is void; what is in hand settles with its batch. */
  void(): void {
    this.epoch = undefined;
    for (const slice of this.queue) slice.drop();
    this.queue = [];
  }
}
