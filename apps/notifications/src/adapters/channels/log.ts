import type { Channel } from '../../application/message-ports.ts';

export type LogMessage = (fields: Readonly<Record<string, string>>, text: string) => void;

/** For trying things out: the message is a line of the service's log. */
export const logChannel = (log: LogMessage): Channel => ({
  id: 'log',
  abilities: { name: 'log', automatic: true, needsStaffConfirmation: false, interrupts: false },
  send: ({ program, member, trigger, content: { title, body, link } }) => {
    log({ program, member, trigger, title, body, link }, 'message to a member');
    return Promise.resolve({ kind: 'answered', status: 200 });
  },
});
