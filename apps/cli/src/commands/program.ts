import type { Command } from '../command.ts';
import { DIFF, EXPORT, PUBLISH } from '../program/documents.ts';
import { SIMULATE } from '../program/simulate.ts';
import { TEST } from '../program/test.ts';
import { VALIDATE } from '../program/validate.ts';

export const PROGRAM_COMMANDS: readonly Command[] = [VALIDATE, TEST, DIFF, SIMULATE, PUBLISH, EXPORT];
