export interface Finding {
  readonly what: string;
  /** The column that was changed, where it can be told. */
  readonly column?: string;
}
