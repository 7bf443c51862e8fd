import type { EarnRule } from '@jifen/contracts';
import type { ReasonWords } from '../explain/sentence.ts';
import type { Gate } from './gate.ts';

/** `when`: an order that reached a state, or an activity of a type. */
export function compileTrigger({ when, availability }: EarnRule): Gate {
  if ('activity' in when)
    return ({ input }) => {
      if (input.kind !== 'activity') return 'other-kind';
      return when.activity === input.type ? undefined : 'other-activity';
    };
  const completed = when.order === 'completed' || availability === 'at-completion';
  return ({ input }) => {
    if (input.kind !== 'order') return 'other-kind';
    const { status } = input.order;
    if (status === 'cancelled') return 'cancelled';
    if (status === 'placed') return 'not-yet-paid';
    return completed && status !== 'completed' ? 'not-yet-completed' : undefined;
  };
}

export const triggerReasons = {
  'other-kind': { en: 'it is for another kind of event', zh: '该规则针对其他类别的事件' },
  'other-activity': { en: 'it is for another type of activity', zh: '该规则针对其他类型的行为' },
  'not-yet-paid': { en: 'the order is not paid yet', zh: '订单尚未付款' },
  'not-yet-completed': { en: 'the order is not completed yet', zh: '订单尚未完成' },
  cancelled: { en: 'the order is cancelled', zh: '订单已取消' },
} satisfies ReasonWords;
