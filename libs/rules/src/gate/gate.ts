import type { Run } from '../run.ts';
import type { Reason, Step } from '../trace.ts';

/** Lets a cause through to `earn`, or says why not. What it looked at is told in `steps`. */
export type Gate = (run: Run, steps: Step[]) => Reason | undefined;
