import type { Problem } from '@jifen/contracts';
import { accept, points, present, type Instant, type Outcome } from '@jifen/kernel';
import { needsOf, type Policies } from '@jifen/ledger';
import type { Reversed } from './command-answers.ts';
import { balanceView, redemptionView } from './command-views.ts';
import type { IntentOf } from './intent.ts';
import type { Context, Plan } from './plan.ts';

/** Points of a redemption go back to the very lots that they came from. */
export function reverse(context: Context, intent: IntentOf<'reverse'>): Outcome<Plan<Reversed>, Problem> {
  const grace = graceUntil(context.policies, context.now);
  const command = {
    kind: 'reverse-redemption',
    id: context.id,
    redemption: intent.redemption,
    actor: context.actor,
    ...(intent.points === undefined ? {} : { points: points(intent.points) }),
    ...(grace === undefined ? {} : { graceUntil: grace }),
  } as const;
  return accept({
    status: 200,
    steps: [{ key: intent.of, needs: needsOf(command), command: () => accept(command) }],
    answer: ({ accounts: [account], position }) => {
      const after = present(account, intent.of);
      const redemption = present(after.redemptions.get(intent.redemption), intent.redemption);
      return { redemption: redemptionView(after, redemption), balance: balanceView(after, context.now), position };
    },
  });
}

/** Until when points can be used whose lot lapsed while they were spent: so many days on, by the clocks of the program. */
function graceUntil(policies: Policies | undefined, now: Instant): Instant | undefined {
  if (policies === undefined || policies.reinstatementGraceDays === 0) return undefined;
  return policies.calendar.addDays(now, policies.reinstatementGraceDays);
}
