import type { LedgerEntry } from '@jifen/contracts';
import { unreachable } from '@jifen/kernel';
import type { LedgerEventType } from './events.ts';

export interface Sentence {
  readonly en: string;
  readonly 'zh-CN': string;
}

/** What happened, in words for the member's statement. Points are whole minor units of the currency. */
export function sentenceOf(type: LedgerEventType, entry: LedgerEntry): Sentence {
  const amount = Math.abs(entry.points);
  const moved = entry.moved ?? 0;
  const cause = entry.cause?.id;
  const en = cause === undefined ? '' : ` for ${cause}`;
  const zh = cause === undefined ? '' : `（${cause}）`;
  switch (type) {
    case 'points.earned':
      if (amount === 0) return unchanged(entry.granted ?? 0, en, zh);
      return { en: `${amount} points earned${en}.`, 'zh-CN': `获得 ${amount} 积分${zh}。` };
    case 'points.activated':
      return { en: `${moved} points became available.`, 'zh-CN': `${moved} 积分已生效，可以使用。` };
    case 'points.reversed':
      return {
        en: `${amount} points taken back${en}: it is now worth ${entry.granted ?? 0}.`,
        'zh-CN': `扣回 ${amount} 积分${zh}：现应得 ${entry.granted ?? 0} 积分。`,
      };
    case 'points.redeemed':
      return { en: `${amount} points redeemed.`, 'zh-CN': `兑换使用 ${amount} 积分。` };
    case 'debt.incurred':
      return {
        en: `${amount} points that were already spent are owed${en}.`,
        'zh-CN': `${amount} 积分已被使用，记为欠分${zh}。`,
      };
    case 'debt.repaid':
      return { en: `${moved} of the new points paid debt.`, 'zh-CN': `新获积分中有 ${moved} 分用于偿还欠分。` };
    default:
      return unreachable(type);
  }
}

/** The award counts at another instant, or its rise was kept by the member when it fell before. */
const unchanged = (granted: number, en: string, zh: string): Sentence => ({
  en: `No new points${en}: it is worth ${granted}.`,
  'zh-CN': `没有新增积分${zh}：现应得 ${granted} 积分。`,
});
