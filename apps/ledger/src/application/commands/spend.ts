import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, instantToMillis, points, present, refuse } from '@jifen/kernel';
import type { Instant, Outcome, Points } from '@jifen/kernel';
import {
  balanceAt,
  HOLD_DEFAULTS,
  needsOf,
  quoteRedemption,
  valueRedemption,
  type Account,
  type LedgerCommand,
} from '@jifen/ledger';
import type { After, Captured, Held, Redeemed, Released, SpentWorth } from './command-answers.ts';
import { balanceView, holdView, redemptionView } from './command-views.ts';
import type { HoldIntent, IntentOf, RedeemIntent } from './intent.ts';
import { invalid, keyOf, type Context, type Plan } from './plan.ts';
import { amountOf, problemOf, spendingOf, worthOf, type Spending } from './redemption-value.ts';

/** How many points the command takes: those asked for, held to the policy, or the most that the order may use. */
function pointsFor(
  context: Context,
  { rule, currency }: Spending,
  intent: RedeemIntent | HoldIntent,
  account: Account,
): Outcome<Points, Problem> {
  const before = account.done.get(context.id);
  // Carried out already: what it took then is what it takes.
  if (before?.points !== undefined && intent.points === undefined) return accept(before.points);
  const amount = intent.order === undefined ? undefined : amountOf(rule, intent.order);
  if (amount?.ok === false) return amount;
  const to = amount === undefined ? undefined : { order: amount.value, tier: context.tierOf(intent.member) };
  if (intent.points !== undefined) {
    if (rule === undefined) return accept(points(intent.points));
    const valued = valueRedemption(rule, points(intent.points), to);
    return valued.ok ? accept(valued.value.points) : refuse(problemOf(rule, valued.refusal));
  }
  if (rule === undefined || to === undefined) return invalid('/points', 'must be there, or an order must be');
  const { available } = balanceAt(account, context.now);
  const quote = quoteRedemption(rule, to, available);
  if (quote.points > 0) return accept(quote.points);
  const detail = `no ${currency} can pay of this order (${quote.limitedBy})`;
  const code = quote.limitedBy === 'minimum-order' ? 'below_minimum' : 'insufficient_points';
  return refuse({ code, detail, figures: { available } });
}

type Asked = (taken: Points) => LedgerCommand;

/** A hold and a redemption differ in the command and in what the answer shows. */
function spending<Made extends object>(
  context: Context,
  intent: RedeemIntent | HoldIntent,
  asked: Asked,
  view: (after: Account, worth: (points: Points) => SpentWorth) => Made,
): Outcome<Plan<Made & After>, Problem> {
  const found = spendingOf(context, intent.currency);
  if (!found.ok) return found;
  const key = keyOf(context, intent.member, found.value.currency);
  return accept({
    status: 201,
    steps: [
      {
        key,
        needs: needsOf(asked(points(1))),
        command: (account) => {
          const taken = pointsFor(context, found.value, intent, account);
          return taken.ok ? accept(asked(taken.value)) : taken;
        },
      },
    ],
    answer: ({ accounts: [account], position }) => {
      const after = present(account, key);
      return {
        ...view(after, (spent) => worthOf(found.value.rule, spent, intent.order)),
        balance: balanceView(after, context.now),
        position,
      };
    },
  });
}

export function redeem(context: Context, intent: RedeemIntent): Outcome<Plan<Redeemed>, Problem> {
  const { id } = context;
  const reference = intent.reference === undefined ? {} : { reference: intent.reference };
  return spending(
    context,
    intent,
    (taken) => ({ kind: 'redeem', id, points: taken, ...reference }),
    (after, worth) => {
      const redemption = present(after.redemptions.get(id), id);
      return { redemption: { ...redemptionView(after, redemption), ...worth(redemption.points) } };
    },
  );
}

export function hold(context: Context, intent: HoldIntent): Outcome<Plan<Held>, Problem> {
  const { id, now, policies } = context;
  const { defaultSeconds, minimumSeconds, maximumSeconds } = policies?.holds ?? HOLD_DEFAULTS;
  const seconds = intent.ttlSeconds ?? defaultSeconds;
  if (seconds < minimumSeconds || seconds > maximumSeconds)
    return invalid('/ttlSeconds', `must be from ${minimumSeconds} to ${maximumSeconds}`);
  const expiresAt: Instant = instantFromMillis(instantToMillis(now) + seconds * 1_000);
  const reference = intent.reference === undefined ? {} : { reference: intent.reference };
  return spending(
    context,
    intent,
    (taken) => ({ kind: 'hold', id, points: taken, expiresAt, ...reference }),
    (after, worth) => {
      const held = present(after.holds.get(id), id);
      return { hold: { ...holdView(after, held, now), ...worth(held.points) } };
    },
  );
}

const partOf = (asked: number | undefined): { readonly points?: Points } =>
  asked === undefined ? {} : { points: points(asked) };

const valueOf = (context: Context, { currency }: Account, spent: Points): SpentWorth =>
  worthOf(
    context.policies?.redemption?.find((rule) => rule.currency === currency),
    spent,
    undefined,
  );

export function capture(
  context: Context,
  { of, hold: id, points: part, rest }: IntentOf<'capture'>,
): Outcome<Plan<Captured>, Problem> {
  const command = {
    kind: 'capture',
    id: context.id,
    hold: id,
    ...partOf(part),
    ...(rest === undefined ? {} : { rest }),
  } as const;
  return accept({
    status: 201,
    steps: [{ key: of, needs: needsOf(command), command: () => accept(command) }],
    answer: ({ accounts: [account], position }) => {
      const after = present(account, of);
      const redemption = present(after.redemptions.get(context.id), context.id);
      return {
        redemption: { ...redemptionView(after, redemption), ...valueOf(context, after, redemption.points) },
        hold: holdView(after, present(after.holds.get(id), id), context.now),
        balance: balanceView(after, context.now),
        position,
      };
    },
  });
}

export function release(
  context: Context,
  { of, hold: id, note }: IntentOf<'release'>,
): Outcome<Plan<Released>, Problem> {
  const command = {
    kind: 'release',
    id: context.id,
    hold: id,
    ...(note === undefined ? {} : { note }),
  } as const;
  return accept({
    status: 200,
    steps: [{ key: of, needs: needsOf(command), command: () => accept(command) }],
    answer: ({ accounts: [account], position }) => {
      const after = present(account, of);
      const held = holdView(after, present(after.holds.get(id), id), context.now);
      return { hold: held, balance: balanceView(after, context.now), position };
    },
  });
}
