import type { Abilities } from '@jifen/notifications';
import type { Channel } from '../../application/message-ports.ts';

/** A channel that this deployment cannot use: its messages are dead with the reason, and can be sent again once it can. */
export interface AbsentChannel extends Channel {
  readonly absent: string;
}

export const absentChannel = (abilities: Abilities, absent: string): AbsentChannel => ({
  id: abilities.name,
  abilities,
  absent,
  send: () => Promise.resolve({ kind: 'refused', error: absent }),
});

export const absenceOf = (channel: Channel): string | undefined =>
  'absent' in channel && typeof channel.absent === 'string' ? channel.absent : undefined;

const phone = { automatic: true, needsStaffConfirmation: false, interrupts: true } as const;

/** Known by name and abilities, so that an adapter for them changes nothing else. */
export const PREPARED_CHANNELS: readonly AbsentChannel[] = [
  absentChannel({ name: 'sms', ...phone }, 'there is no adapter for SMS yet'),
  absentChannel({ name: 'wechat', ...phone }, 'there is no adapter for WeChat official accounts yet'),
  absentChannel(
    // A message of WeCom goes out when a member of staff confirms it, to a customer once a day at most.
    { name: 'wecom', ...phone, automatic: false, needsStaffConfirmation: true, quota: 1 },
    'there is no adapter for WeCom yet',
  ),
];
