import type { Command } from '../command.ts';
import { AUDIT } from './audit.ts';
import { CHECKPOINT_COMMANDS } from './checkpoint.ts';
import { EXPORT_BALANCES } from '../export/balances.ts';
import { EXPORT_POSTINGS } from '../export/postings.ts';
import { EXPORT_TIERS } from '../export/tiers.ts';
import { IMPORT_BALANCES } from '../import/balances.ts';
import { DOCTOR } from './doctor.ts';
import { KEY_COMMANDS } from './keys.ts';
import { MEMBER_COMMANDS } from './members.ts';
import { PROGRAM_COMMANDS } from './program.ts';
import { PROOF_COMMANDS } from './proof.ts';
import { REBUILD_COMMANDS } from './rebuild.ts';
import { TROUBLE_COMMANDS } from './trouble.ts';
import { VERIFY } from './verify.ts';

export const COMMANDS: readonly Command[] = [
  ...KEY_COMMANDS,
  ...PROGRAM_COMMANDS,
  ...MEMBER_COMMANDS,
  IMPORT_BALANCES,
  EXPORT_BALANCES,
  EXPORT_TIERS,
  EXPORT_POSTINGS,
  VERIFY,
  AUDIT,
  ...CHECKPOINT_COMMANDS,
  ...PROOF_COMMANDS,
  ...REBUILD_COMMANDS,
  ...TROUBLE_COMMANDS,
  DOCTOR,
];
