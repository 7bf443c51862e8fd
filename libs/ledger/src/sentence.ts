import type { LedgerEntry } from '@jifen/contracts';
import { unreachable } from '@jifen/kernel';
import type { LedgerEventType } from './events.ts';

export interface Sentence {
  readonly en: string;
  readonly 'zh-CN': string;
}

const said = (en: string, zh: string): Sentence => ({ en, 'zh-CN': zh });

/** What happened, in words for the member's statement. Points are whole minor units of the currency. */
export function sentenceOf(type: LedgerEventType, entry: LedgerEntry): Sentence {
  const amount = Math.abs(entry.points);
  const moved = entry.moved ?? 0;
  const cause = entry.cause?.id ?? entry.reference;
  const en = cause === undefined ? '' : ` for ${cause}`;
  const zh = cause === undefined ? '' : `（${cause}）`;
  switch (type) {
    case 'points.earned':
      if (amount === 0) return unchanged(entry.granted ?? 0, en, zh);
      return said(`${amount} points earned${en}.`, `获得 ${amount} 积分${zh}。`);
    case 'points.activated':
      return said(`${moved} points became available.`, `${moved} 积分已生效，可以使用。`);
    case 'points.reversed':
      return said(
        `${amount} points taken back${en}: it is now worth ${entry.granted ?? 0}.`,
        `扣回 ${amount} 积分${zh}：现应得 ${entry.granted ?? 0} 积分。`,
      );
    case 'points.held':
      return said(`${moved} points set aside${en}.`, `冻结 ${moved} 积分${zh}。`);
    case 'points.hold-captured':
      return said(`${amount} of the points set aside were used${en}.`, `确认扣减 ${amount} 冻结积分${zh}。`);
    case 'points.hold-released':
      if (entry.reason === 'hold-lapsed')
        return said(`${moved} points are no longer set aside${en}: time is up.`, `冻结到期，解冻 ${moved} 积分${zh}。`);
      return said(`${moved} points are no longer set aside${en}.`, `解冻 ${moved} 积分${zh}。`);
    case 'points.redeemed':
      return said(`${amount} points redeemed${en}.`, `兑换使用 ${amount} 积分${zh}。`);
    case 'points.redemption-reversed':
      return said(`${amount} redeemed points given back${en}.`, `退回已兑换的 ${amount} 积分${zh}。`);
    case 'points.expired':
      return said(`${amount} points expired.`, `${amount} 积分已过期。`);
    case 'points.reinstated':
      return said(`${amount} expired points given back${en}.`, `恢复已过期的 ${amount} 积分${zh}。`);
    case 'points.expiry-extended':
      return extended(moved, entry);
    case 'points.adjusted':
      return adjusted(amount, entry);
    case 'points.transferred-out':
    case 'points.transferred-in':
    case 'points.transfer-refused':
    case 'points.transfer-settled':
    case 'points.transfer-returned':
      return transferred(type, entry);
    case 'debt.incurred':
      if (cause === undefined) return said(`${amount} points are owed.`, `记欠分 ${amount} 积分。`);
      return said(`${amount} points that were already spent are owed${en}.`, `${amount} 积分已被使用，记为欠分${zh}。`);
    case 'debt.repaid':
      return said(`${moved} of the new points paid debt.`, `新获积分中有 ${moved} 分用于偿还欠分。`);
    case 'account.frozen':
      return said('The account was frozen: its points cannot be used.', '账户已冻结，积分暂时不能使用。');
    case 'account.unfrozen':
      return said('The account is no longer frozen.', '账户已解除冻结，积分可以使用。');
    default:
      return unreachable(type);
  }
}

/** The award counts at another instant, or its rise was kept by the member when it fell before. */
const unchanged = (granted: number, en: string, zh: string): Sentence =>
  said(`No new points${en}: it is worth ${granted}.`, `没有新增积分${zh}：现应得 ${granted} 积分。`);

function extended(moved: number, { lots }: LedgerEntry): Sentence {
  const until = lots[0]?.expiresAt ?? '';
  return said(`${moved} points are good until ${until}.`, `${moved} 积分有效期延至 ${until}。`);
}

function adjusted(amount: number, { points, reason }: LedgerEntry): Sentence {
  if (reason === 'import') return said(`${amount} points brought over.`, `迁入 ${amount} 积分。`);
  if (reason === 'member-removed')
    return points < 0
      ? said(`${amount} points taken: the member was removed.`, `会员已移除，收回 ${amount} 积分。`)
      : said(`Debt of ${amount} points forgiven: the member was removed.`, `会员已移除，免除欠分 ${amount} 积分。`);
  return points < 0
    ? said(`${amount} points taken off by hand.`, `人工调减 ${amount} 积分。`)
    : said(`${amount} points added by hand.`, `人工调增 ${amount} 积分。`);
}

type TransferEvent = Extract<LedgerEventType, `points.transfer${string}`>;

function transferred(type: TransferEvent, entry: LedgerEntry): Sentence {
  const { transfer, moved = 0 } = entry;
  const peer = transfer?.peer ?? '';
  // Debt goes along in a merge, so the points that move are those of the lots.
  const amount = Math.abs(entry.points + (transfer?.debt ?? 0) * (type === 'points.transferred-out' ? -1 : 1));
  const merged = transfer?.kind !== 'transfer';
  switch (type) {
    case 'points.transferred-out':
      return merged
        ? said(`${amount} points moved to the account of ${peer}.`, `${amount} 积分并入 ${peer} 的账户。`)
        : said(`${amount} points given to ${peer}.`, `转赠 ${amount} 积分给 ${peer}。`);
    case 'points.transferred-in':
      return merged
        ? said(`${amount} points came from the account of ${peer}.`, `从 ${peer} 的账户并入 ${amount} 积分。`)
        : said(`${amount} points received from ${peer}.`, `收到 ${peer} 转赠的 ${amount} 积分。`);
    case 'points.transfer-refused':
      return said(`Points from ${peer} could not be received.`, `${peer} 转来的积分未能入账。`);
    case 'points.transfer-settled':
      return said(`${peer} has received ${moved} points.`, `${peer} 已收到 ${moved} 积分。`);
    case 'points.transfer-returned':
      return said(`${amount} points came back from ${peer}.`, `转给 ${peer} 的 ${amount} 积分已退回。`);
    default:
      return unreachable(type);
  }
}
