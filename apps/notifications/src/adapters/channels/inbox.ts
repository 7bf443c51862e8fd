import type { Channel } from '../../application/message-ports.ts';

/** What the member's app reads. Being sent is being there: the row itself is the inbox. */
export const inboxChannel: Channel = {
  id: 'inbox',
  abilities: { name: 'inbox', automatic: true, needsStaffConfirmation: false, interrupts: false },
  send: () => Promise.resolve({ kind: 'answered', status: 200 }),
};
