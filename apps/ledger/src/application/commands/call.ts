import type { Problem } from '@jifen/contracts';
import type { EventMeta } from '@jifen/event-store';
import type { Outcome } from '@jifen/kernel';
import type { CommandKey } from '../answers.ts';
import type { Intent } from './intent.ts';

/** One command of one caller, on its way. */
export interface Call extends CommandKey {
  readonly requestHash: Uint8Array;
  /** `program/member` whose partition it is decided in. */
  readonly owner: string;
  readonly partition: number;
  readonly intent: Intent;
  /** Name of the command and of what it makes, derived from the caller's key: the same for ever. */
  readonly id: string;
  /** Who asks, e.g. `key:<id>`. */
  readonly actor: string;
  readonly meta: EventMeta;
}

export interface Done {
  readonly status: number;
  /** The exact JSON text. */
  readonly answer: string;
  /** The first answer once more: nothing was done now. */
  readonly replayed: boolean;
}

export type CallOutcome = Outcome<Done, Problem>;
