import type { Command } from '../command.ts';
import { DOCTOR } from './doctor.ts';
import { KEY_COMMANDS } from './keys.ts';
import { PROGRAM_COMMANDS } from './program.ts';
import { REBUILD } from './rebuild.ts';
import { TROUBLE_COMMANDS } from './trouble.ts';
import { VERIFY } from './verify.ts';

export const COMMANDS: readonly Command[] = [
  ...KEY_COMMANDS,
  ...PROGRAM_COMMANDS,
  VERIFY,
  REBUILD,
  ...TROUBLE_COMMANDS,
  DOCTOR,
];
