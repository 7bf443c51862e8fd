import type { Problem } from '@jifen/contracts';
import { accept, parseInstant, points, present, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { needsOf, type LedgerCommand } from '@jifen/ledger';
import type { ChangedByHand, ChangedInAll } from './command-answers.ts';
import { balanceView } from './command-views.ts';
import type { ByHand, IntentOf } from './intent.ts';
import { currencyFor, invalid, keyOf, type Context, type Plan } from './plan.ts';

const signed = ({ id }: Context, { actor, note }: ByHand): { id: string; actor: string; note?: string } => ({
  id,
  actor,
  ...(note === undefined ? {} : { note }),
});

/** One account, one command, the balance after it. */
function simple(context: Context, key: string, command: LedgerCommand): Outcome<Plan<ChangedByHand>, Problem> {
  return accept({
    status: 200,
    steps: [{ key, needs: needsOf(command), command: () => accept(command) }],
    answer: ({ accounts: [account], position }) => {
      const after = present(account, key);
      return { id: context.id, member: after.member, balance: balanceView(after, context.now), position };
    },
  });
}

/** Points of each currency at once; nobody has none of them. */
export function several(
  context: Context,
  keys: readonly string[],
  command: LedgerCommand,
  status: Plan['status'],
): Outcome<Plan<ChangedInAll>, Problem> {
  return accept({
    status,
    steps: keys.map((key) => ({ key, needs: needsOf(command), command: () => accept(command) })),
    answer: ({ accounts, position }) => ({
      id: context.id,
      member: present(accounts[0], 'an account').member,
      balances: accounts.map((account) => balanceView(account, context.now)),
      position,
    }),
  });
}

export function accountOf(context: Context, member: string, currency: string): Outcome<string, Problem> {
  const found = currencyFor(context, currency, undefined);
  return found.ok ? accept(keyOf(context, member, found.value)) : found;
}

export function adjust(context: Context, intent: IntentOf<'adjust'>): Outcome<Plan<ChangedByHand>, Problem> {
  const key = accountOf(context, intent.member, intent.currency);
  if (!key.ok) return key;
  const availableAt = maybeAt('/availableAt', intent.availableAt);
  if (!availableAt.ok) return availableAt;
  const expiresAt = maybeAt('/expiresAt', intent.expiresAt);
  if (!expiresAt.ok) return expiresAt;
  return simple(context, key.value, {
    kind: 'adjust',
    ...signed(context, intent),
    points: points(intent.points),
    reason: intent.reason,
    ...(availableAt.value === undefined ? {} : { availableAt: availableAt.value }),
    ...(expiresAt.value === undefined ? {} : { expiresAt: expiresAt.value }),
    ...(intent.beyond === undefined ? {} : { beyond: intent.beyond }),
  });
}

const maybeAt = (pointer: string, text: string | undefined): Outcome<Instant | undefined, Problem> =>
  text === undefined ? accept(undefined) : instantAt(pointer, text);

function instantAt(pointer: string, text: string): Outcome<Instant, Problem> {
  const at = parseInstant(text);
  return at === undefined ? invalid(pointer, 'must be an RFC 3339 date-time with an offset') : accept(at);
}

export function extendExpiry(
  context: Context,
  intent: IntentOf<'extend-expiry'>,
): Outcome<Plan<ChangedByHand>, Problem> {
  const key = accountOf(context, intent.member, intent.currency);
  if (!key.ok) return key;
  const expiresAt = instantAt('/expiresAt', intent.expiresAt);
  if (!expiresAt.ok) return expiresAt;
  return simple(context, key.value, {
    kind: 'extend-expiry',
    ...signed(context, intent),
    expiresAt: expiresAt.value,
    ...(intent.lots === undefined ? {} : { lots: intent.lots }),
  });
}

export function reinstate(context: Context, intent: IntentOf<'reinstate'>): Outcome<Plan<ChangedByHand>, Problem> {
  const key = accountOf(context, intent.member, intent.currency);
  if (!key.ok) return key;
  const expiresAt = instantAt('/expiresAt', intent.expiresAt);
  if (!expiresAt.ok) return expiresAt;
  return simple(context, key.value, {
    kind: 'reinstate',
    ...signed(context, intent),
    expiresAt: expiresAt.value,
    ...(intent.points === undefined ? {} : { points: points(intent.points) }),
    ...(intent.lots === undefined ? {} : { lots: intent.lots }),
  });
}

/** Every currency that the member has or can get, or the one named. */
export function keysOf(context: Context, member: string, currency: string | undefined): Outcome<string[], Problem> {
  if (currency !== undefined) {
    const key = accountOf(context, member, currency);
    return key.ok ? accept([key.value]) : key;
  }
  const codes = new Set([...(context.policies?.currencies ?? []), ...context.currenciesOf(member)]);
  if (codes.size === 0)
    return refuse({ code: 'not_found', detail: `nothing was ever posted for the member ${member}` });
  return accept([...codes].sort().map((code) => keyOf(context, member, code)));
}

/** Freezing and unfreezing by currency; a currency that is so already stays so. */
export function freezing(
  context: Context,
  intent: IntentOf<'freeze' | 'unfreeze'>,
): Outcome<Plan<ChangedInAll>, Problem> {
  const keys = keysOf(context, intent.member, intent.currency);
  if (!keys.ok) return keys;
  const { kind, reason } = intent;
  return several(context, keys.value, { kind, ...signed(context, intent), reason }, 200);
}
