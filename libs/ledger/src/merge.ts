import type { CarriedHold, CarriedLot, LotMovement, TransferMade } from '@jifen/contracts';
import { minPoints, negatePoints, points, subtractPoints, sumPoints, ZERO, type Points } from '@jifen/kernel';
import type { Lot } from './account.ts';
import { freeOf } from './books.ts';
import type { MergeOut, UnmergeOut } from './commands.ts';
import type { Draft, Journal } from './journal.ts';
import type { Hold } from './records.ts';
import { commandMade, maySpend, refusal, tooManyLots, type Refused } from './refuse.ts';
import { MAX_MOVEMENTS } from './take.ts';
import { carried, heldBy, lotOf } from './transfer.ts';
import { spendingOrder } from './time.ts';

interface Parcel {
  readonly lots: readonly { readonly lot: Lot; readonly points: Points; readonly back?: string }[];
  readonly holds: readonly Hold[];
  readonly debt: Points;
}

/** One posting takes it all: lots with what is held of them, the holds themselves, and the debt. */
function send(
  journal: Journal,
  end: Omit<TransferMade, 'lots' | 'holds' | 'debt'>,
  parcel: Parcel,
  made: Partial<Draft>,
) {
  const { lots, debt } = parcel;
  const held = heldBy(parcel.holds.flatMap((hold) => hold.lots));
  const total = sumPoints(lots.map((each) => each.points));
  const holds = parcel.holds.map(({ id, points: first, at, expiresAt, reference, lots: shares }): CarriedHold => ({
    id,
    points: first,
    at,
    expiresAt,
    ...(reference === undefined ? {} : { reference }),
    lots: [...shares],
  }));
  journal.post('points.transferred-out', {
    ...made,
    points: subtractPoints(debt, total),
    lots: lots.map(({ lot, points: amount }): LotMovement => {
      const kept = held.get(lot.id) ?? 0;
      return { lot: lot.id, points: negatePoints(amount), ...(kept === 0 ? {} : { held: -kept }) };
    }),
    reason: end.kind,
    transfer: {
      ...end,
      lots: lots.map(({ lot, points: amount, back }): CarriedLot => ({
        ...carried(lot, amount),
        ...(back === undefined ? {} : { back }),
      })),
      ...(debt === 0 ? {} : { debt }),
      ...(holds.length === 0 ? {} : { holds }),
    },
  });
}

const openLots = ({ account }: Journal): readonly Lot[] =>
  [...account.lots.values()].filter((lot) => lot.remaining > 0).sort(spendingOrder);

export function mergeOut(journal: Journal, command: MergeOut): Refused {
  const { account } = journal;
  if (command.into === account.member) return refusal('same_member', 'a member cannot be merged into itself');
  const stopped = maySpend(journal);
  if (stopped !== undefined) return stopped;
  const lots = openLots(journal);
  if (lots.length > MAX_MOVEMENTS) return tooManyLots(lots.length, MAX_MOVEMENTS);
  const holds = [...account.holds.values()].filter(({ state }) => state === 'open');
  const { id, into } = command;
  send(
    journal,
    { id, kind: 'merge', peer: into, merge: id },
    { lots: lots.map((lot) => ({ lot, points: lot.remaining })), holds, debt: account.debt },
    commandMade(command),
  );
  return undefined;
}

/** What came to a merged account since goes on: ratings of its old orders, reversals, transfers that came back. */
export function forward(journal: Journal): void {
  const { account } = journal;
  if (account.merged === undefined) return;
  const lots = openLots(journal)
    .map((lot) => ({ lot, points: freeOf(lot) }))
    .filter((each) => each.points > 0)
    .slice(0, MAX_MOVEMENTS);
  if (lots.length === 0 && account.debt === 0) return;
  const { id, into } = account.merged;
  // The version makes a name that nothing else has, by the account alone.
  const leg = { id: `${id}.${account.version + 1}`, kind: 'merge', peer: into, merge: id } as const;
  send(journal, leg, { lots, holds: [], debt: account.debt }, {});
}

/** Back goes what is free of the lots that came, the holds that came and are still open, and of the debt what is still owed. */
export function unmergeOut(journal: Journal, command: UnmergeOut): Refused {
  const { account } = journal;
  const came = [...account.transfers.values()].filter(
    ({ direction, merge, kind, state }) =>
      direction === 'in' && kind === 'merge' && merge === command.merge && state === 'received',
  );
  const [first] = came;
  if (first === undefined) return refusal('not_merged', `no merge ${command.merge} came in`, { merge: command.merge });
  const stopped = maySpend(journal);
  if (stopped !== undefined) return stopped;
  const holds = came
    .flatMap((transfer) => transfer.holds)
    .flatMap((id) => account.holds.get(id) ?? [])
    .filter(({ state }) => state === 'open');
  const held = heldBy(holds.flatMap((hold) => hold.lots));
  const lots = came
    .flatMap((transfer) => transfer.lots)
    .map(({ lot: id, from }) => {
      const lot = lotOf(account, id);
      return { lot, points: points(freeOf(lot) + (held.get(id) ?? 0)), ...(from === undefined ? {} : { back: from }) };
    })
    .filter((each) => each.points > 0);
  if (lots.length > MAX_MOVEMENTS) return tooManyLots(lots.length, MAX_MOVEMENTS);
  const owed = sumPoints(came.map(({ debt }) => debt));
  const backBefore = sumPoints(
    [...account.transfers.values()]
      .filter(({ kind, merge }) => kind === 'unmerge' && merge === command.merge)
      .map(({ debt }) => debt),
  );
  const debt = minPoints(account.debt, owed > backBefore ? subtractPoints(owed, backBefore) : ZERO);
  const leg = { id: command.id, kind: 'unmerge', peer: first.peer, merge: command.merge } as const;
  send(journal, leg, { lots, holds, debt }, commandMade(command));
  return undefined;
}
