import type { EarnRule } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import type { ReasonWords } from '../explain/sentence.ts';
import type { Gate } from './gate.ts';

/** An order in another currency than the rule's earns nothing by it (U35). A multiplier has no money of its own. */
export function compileCurrency({ when, earn }: EarnRule, { money }: RuleContext): Gate | undefined {
  if (!('order' in when) || earn.form === 'multiplier') return undefined;
  return ({ input }) => (input.kind === 'order' && input.order.currency !== money ? 'other-currency' : undefined);
}

export const currencyReasons = {
  'other-currency': { en: 'the order is in another currency', zh: '订单为其他币种' },
} satisfies ReasonWords;
