import type { Membership } from './membership.ts';

/** Spreads partitions over the members of one group in this process. A partition changes hands when its old owner let go of it. */
export class MemoryGroup {
  readonly #owners: (MemoryMembership | undefined)[];
  #members: readonly MemoryMembership[] = [];

  constructor(partitions: number) {
    this.#owners = Array.from({ length: partitions }, () => undefined);
  }

  join(): MemoryMembership {
    const member = new MemoryMembership(this);
    this.#members = [...this.#members, member];
    this.#spread();
    return member;
  }

  /** Also for a member that does not know it: whatever it has in hand is fenced by the next claim. */
  remove(member: MemoryMembership): void {
    this.#members = this.#members.filter((other) => other !== member);
    this.#owners.forEach((owner, partition) => {
      if (owner === member) this.#owners[partition] = undefined;
    });
    this.#spread();
  }

  held(member: MemoryMembership): readonly number[] {
    return [...this.#owners.keys()].filter(
      (partition) => this.#owners[partition] === member && this.#wanted(partition) === member,
    );
  }

  release(member: MemoryMembership, partitions: readonly number[]): void {
    for (const partition of partitions) if (this.#owners[partition] === member) this.#owners[partition] = undefined;
    this.#spread();
  }

  #wanted(partition: number): MemoryMembership | undefined {
    return this.#members[partition % Math.max(1, this.#members.length)];
  }

  #spread(): void {
    for (const partition of this.#owners.keys()) this.#owners[partition] ??= this.#wanted(partition);
    for (const member of this.#members) member.changed();
  }
}

export class MemoryMembership implements Membership {
  readonly #group: MemoryGroup;
  readonly #listeners = new Set<() => void>();

  constructor(group: MemoryGroup) {
    this.#group = group;
  }

  held(): readonly number[] {
    return this.#group.held(this);
  }

  released(partitions: readonly number[]): Promise<void> {
    this.#group.release(this, partitions);
    return Promise.resolve();
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  leave(): Promise<void> {
    this.#group.remove(this);
    return Promise.resolve();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
