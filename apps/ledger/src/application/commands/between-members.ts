import type { Problem } from '@jifen/contracts';
import { accept, instant, points, present, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { checkTransfer, needsOf, type Policies } from '@jifen/ledger';
import { keysOf, several } from './by-hand.ts';
import type { ChangedInAll, Sent } from './command-answers.ts';
import { balanceView, transferView } from './command-views.ts';
import type { IntentOf } from './intent.ts';
import { currencyFor, keyOf, type Context, type Plan } from './plan.ts';

/** C03. Answers 202: the points have left, and arrive or come back a moment later. */
export function transfer(context: Context, intent: IntentOf<'transfer'>): Outcome<Plan<Sent>, Problem> {
  const { id, now, policies } = context;
  const policy = policies?.transfers;
  const currency = currencyFor(context, intent.currency, policy?.currencies[0]);
  if (!currency.ok) return currency;
  if (policies === undefined || policy?.currencies.includes(currency.value) !== true)
    return refuse({ code: 'transfer_not_allowed', detail: `members may not give each other ${currency.value}` });
  const key = keyOf(context, intent.member, currency.value);
  const { day, month } = periodsOf(policies, now);
  const command = {
    kind: 'transfer-out',
    id,
    to: intent.to,
    points: points(intent.points),
    actor: context.actor,
    ...(intent.note === undefined ? {} : { note: intent.note }),
  } as const;
  return accept({
    status: 202,
    steps: [
      {
        key,
        needs: { ...needsOf(command), transfersSince: month },
        command: (account) => {
          if (account.done.has(id)) return accept(command);
          const violation = checkTransfer(policy, command.points, [...account.transfers.values()], { day, month });
          return violation === undefined ? accept(command) : refuse(violation);
        },
      },
    ],
    answer: ({ accounts: [account], position }) => {
      const after = present(account, key);
      const sent = present(after.transfers.get(id), id);
      return { transfer: transferView(after, sent), balance: balanceView(after, now), position };
    },
  });
}

/** When the day and the month began that the program's clocks show now. */
function periodsOf({ calendar }: Policies, now: Instant): { readonly day: Instant; readonly month: Instant } {
  const date = calendar.dateOf(now);
  const first = instant('1970-01-01T00:00:00Z');
  return {
    day: calendar.startOf(date) ?? first,
    month: calendar.startOf(`${date.slice(0, 7)}-01`) ?? first,
  };
}

/** Everything goes over, in every currency, and whatever comes later. */
export function merge(context: Context, intent: IntentOf<'merge'>): Outcome<Plan<ChangedInAll>, Problem> {
  const keys = keysOf(context, intent.member, undefined);
  if (!keys.ok) return keys;
  const { id } = context;
  const note = intent.note === undefined ? {} : { note: intent.note };
  const command = { kind: 'merge-out', id, into: intent.into, actor: intent.actor, ...note } as const;
  return several(context, keys.value, command, 202);
}

export function unmerge(context: Context, intent: IntentOf<'unmerge'>): Outcome<Plan<ChangedInAll>, Problem> {
  const keys = keysOf(context, intent.member, undefined);
  if (!keys.ok) return keys;
  const { id } = context;
  const note = intent.note === undefined ? {} : { note: intent.note };
  const command = { kind: 'unmerge-out', id, merge: intent.merge, actor: intent.actor, ...note } as const;
  return several(context, keys.value, command, 202);
}
