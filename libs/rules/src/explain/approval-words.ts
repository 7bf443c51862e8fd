import type { Approval } from '@jifen/contracts';
import { waitingOf } from '../award/approval.ts';
import { withDecimals } from './explain.ts';
import type { Language } from './sentence.ts';

/** What was decided about an award, and what still waits. `decimals` of its currency. */
export function explainApproval(approval: Approval, language: Language, decimals = 0): readonly string[] {
  const points = (minor: number): string => withDecimals(minor, decimals);
  const words = WORDS[language];
  const { state, due, approved, decision } = approval;
  const sentences: string[] = [];
  if (decision !== undefined) {
    const { verdict, actor, at, reason } = decision;
    const why = reason === undefined ? '' : words.why(reason);
    sentences.push(
      verdict === 'approve' ? words.approved(points(approved), actor, at, why) : words.rejected(actor, at, why),
    );
    if (verdict === 'reject' && approved > 0) sentences.push(words.stay(points(approved)));
  }
  if (state === 'waiting') sentences.push(words.waiting(points(waitingOf(approval))));
  if (state === 'withdrawn') sentences.push(words.withdrawn);
  if (due < approved) sentences.push(words.less(points(due)));
  return sentences;
}

interface Words {
  readonly approved: (points: string, actor: string, at: string, why: string) => string;
  readonly rejected: (actor: string, at: string, why: string) => string;
  readonly why: (reason: string) => string;
  readonly stay: (points: string) => string;
  readonly waiting: (points: string) => string;
  readonly less: (points: string) => string;
  readonly withdrawn: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    approved: (points, actor, at, why) => `${actor} approved up to ${points} at ${at}${why}.`,
    rejected: (actor, at, why) => `${actor} rejected it at ${at}${why}.`,
    why: (reason) => ` (${reason})`,
    stay: (points) => `What was approved before stays: up to ${points}.`,
    waiting: (points) => `${points} wait for approval.`,
    less: (points) => `Only ${points} are due now.`,
    withdrawn: 'Nothing is due any more, so that nothing waits.',
  },
  zh: {
    approved: (points, actor, at, why) => `${actor} 于 ${at} 审核通过，上限 ${points} 分${why}。`,
    rejected: (actor, at, why) => `${actor} 于 ${at} 驳回${why}。`,
    why: (reason) => `（${reason}）`,
    stay: (points) => `此前通过的部分不变：上限 ${points} 分。`,
    waiting: (points) => `${points} 分待审核。`,
    less: (points) => `目前应得仅 ${points} 分。`,
    withdrawn: '目前已无应得积分，无需审核。',
  },
};
