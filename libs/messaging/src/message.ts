/**
 * A record as a consumer sees it, whichever bus carried it. Headers are CloudEvents 1.0 attributes in binary mode (`ce_id`,
 * `ce_type`, `ce_sequence`, …) in lower case; `value` is the JSON payload.
 */
export interface Message {
  readonly topic: string;
  readonly partition: number;
  /** Place in the topic's partition; on the embedded bus the log position. */
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array | string;
}

/** CloudEvents attributes of a point event, with our extensions. `sequence` is the log position. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly partitionkey: string;
  readonly sequence: number;
  readonly recordedtime: string;
  readonly schemaversion?: number;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly traceparent?: string;
}
