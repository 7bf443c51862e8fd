import type { MemorySql } from '@jifen/event-store';
import type { ReferralMessage, ReferralState, ReferralTables } from '../ports.ts';

interface Due {
  readonly message: ReferralMessage;
  readonly due: number;
}

const states = (sql: MemorySql): Map<string, ReferralState> => sql.table('referral');
const dues = (sql: MemorySql): Map<string, Due> => sql.table('referral_message');
const keyOf = ({ owner, event }: ReferralMessage): string => `${owner}/${event.id}`;

export const memoryReferrals: ReferralTables<MemorySql> = {
  referralsOf: async (sql, owners) => {
    const known = states(sql);
    return new Map(
      owners.flatMap((owner) => {
        const state = known.get(owner);
        return state === undefined ? [] : [[owner, state] as const];
      }),
    );
  },
  saveReferrals: async (sql, rows) => {
    for (const [owner, state] of rows) states(sql).set(owner, state);
  },
  sendReferrals: async (sql, messages, now) => {
    for (const message of messages) dues(sql).set(keyOf(message), { message, due: now });
  },
  takeReferrals: async (sql, now, leaseMs, limit) => {
    const taken = [...dues(sql).values()].filter(({ due }) => due <= now).slice(0, limit);
    for (const { message } of taken) dues(sql).set(keyOf(message), { message, due: now + leaseMs });
    return taken.map(({ message }) => message);
  },
  settleReferrals: async (sql, messages) => {
    for (const message of messages)
      if (dues(sql).get(keyOf(message))?.message.revision === message.revision) dues(sql).delete(keyOf(message));
  },
};
