/** What a flush has in hand of one kind: read before it is needed, changed in memory, written when the flush ends. */
export interface Book {
  save(): Promise<void>;
}
