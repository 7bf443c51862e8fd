import type { Problem } from '@jifen/contracts';
import type { InactiveMember } from './ports.ts';

/** Why nothing is done for a member that was deactivated, anonymised or removed. */
export const takesNoPart = ({ standing }: InactiveMember): Problem => ({
  code: 'member_inactive',
  detail: `the member is ${standing}`,
  figures: { standing },
});
