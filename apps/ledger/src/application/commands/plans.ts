import type { Problem } from '@jifen/contracts';
import { unreachable, type Outcome } from '@jifen/kernel';
import { merge, transfer, unmerge } from './between-members.ts';
import { adjust, extendExpiry, freezing, reinstate } from './by-hand.ts';
import { reverse } from './give-back.ts';
import type { CommandAnswers } from './command-answers.ts';
import type { Intent } from './intent.ts';
import type { Context, Plan } from './plan.ts';
import { capture, hold, redeem, release } from './spend.ts';

/** What an intent calls for, in this program and at this moment. */
export function planOf(context: Context, intent: Intent): Outcome<Plan<CommandAnswers[Intent['kind']]>, Problem> {
  switch (intent.kind) {
    case 'redeem':
      return redeem(context, intent);
    case 'hold':
      return hold(context, intent);
    case 'capture':
      return capture(context, intent);
    case 'release':
      return release(context, intent);
    case 'reverse':
      return reverse(context, intent);
    case 'transfer':
      return transfer(context, intent);
    case 'adjust':
      return adjust(context, intent);
    case 'freeze':
    case 'unfreeze':
      return freezing(context, intent);
    case 'extend-expiry':
      return extendExpiry(context, intent);
    case 'reinstate':
      return reinstate(context, intent);
    case 'merge':
      return merge(context, intent);
    case 'unmerge':
      return unmerge(context, intent);
    default:
      return unreachable(intent);
  }
}
