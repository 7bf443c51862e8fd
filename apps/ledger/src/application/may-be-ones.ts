import { InvariantError } from '@jifen/kernel';

/** SQLSTATE classes 22 and 23: what was to be written breaks a rule of the tables. */
const DATA_SQLSTATES = /^(22|23)/;
/** Besides, a limit or a trigger of the server, damaged rows, or a statement that takes too long. */
const SERVER_SQLSTATES = /^(54|P0|XX)|^57014$/;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether the fault may lie in one of a flush, so that its neighbours need not fail with it. */
export const mayBeOnes = (error: unknown): boolean =>
  error instanceof InvariantError ||
  error instanceof TypeError ||
  error instanceof RangeError ||
  DATA_SQLSTATES.test(codeOf(error));

/** The same where nothing is held against the one but that it is tried again later. */
export const mayBeOnesForNow = (error: unknown): boolean => mayBeOnes(error) || SERVER_SQLSTATES.test(codeOf(error));
