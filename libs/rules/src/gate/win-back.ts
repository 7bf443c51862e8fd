import type { EarnRule } from '@jifen/contracts';
import type { Gate } from './gate.ts';

/** Only a cause that ends a long silence earns (E25). */
export function compileWinBack({ id, winBack }: EarnRule): Gate | undefined {
  if (winBack === undefined) return undefined;
  return ({ window }, steps) => {
    const days = window.away(id);
    if (days === undefined) return 'not-away';
    steps.push({ days, step: 'away' });
    return undefined;
  };
}
