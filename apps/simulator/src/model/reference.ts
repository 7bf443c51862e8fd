import { RefBooks, sum } from './reference-books.ts';
import {
  carried,
  type Parcel,
  type Part,
  type Rated,
  type RefHold,
  type RefLot,
  type Spent,
} from './reference-types.ts';

/**
 * A second, naive ledger that shares no code with the first: plain numbers and arrays, time in hours, everything computed anew
 * whenever it is asked for. It says what a command answers and what an account looks like, in the simplest words.
 *
 * One member; `tick` first, then one of the commands. Each answers 'ok' or the code of its refusal.
 */
export class RefAccount extends RefBooks {
  readonly spent: Spent[] = [];
  readonly awards = new Map<string, { revision: number; granted: number; forgiven: number; lots: number }>();
  readonly sent: Parcel[] = [];
  readonly came: { readonly parcel: Parcel; readonly lots: RefLot[]; readonly holds: string[] }[] = [];
  frozen = false;
  merged: { readonly id: string; readonly into: string } | undefined;
  debtSentBack = new Map<string, number>();

  rate({ award, revision, target, from, until, earned, policy, limit }: Rated): void {
    const known = this.awards.get(award);
    if (known === undefined && target === 0) return;
    const standing = known ?? { revision: 0, granted: 0, forgiven: 0, lots: 0 };
    if (revision <= standing.revision) return;
    const own = this.lots.filter((lot) => lot.award === award);
    const due = (lot: RefLot): number => (lot.extended ? Math.max(lot.until, until) : until);
    const redated =
      target > 0 && own.some((lot) => lot.from !== from || lot.until !== due(lot) || lot.earned !== earned);
    if (target === standing.granted && !redated) return;
    if (target < standing.granted) this.fall(standing, own, standing.granted - target, policy, limit);
    if (redated) for (const lot of own) Object.assign(lot, { from, until: due(lot), earned });
    if (target > standing.granted) {
      const kept = Math.min(standing.forgiven, target - standing.granted);
      standing.forgiven -= kept;
      const fresh = target - standing.granted - kept;
      if (fresh > 0) this.open(`${award}#${standing.lots++}`, award, fresh, { from, until, earned });
    }
    standing.granted = target;
    standing.revision = revision;
    this.awards.set(award, standing);
    if (redated) {
      for (const lot of own.filter((each) => each.until > this.clock.now)) {
        lot.left += lot.expired;
        lot.expired = 0;
      }
    }
    this.settle();
  }

  private fall(
    standing: { forgiven: number },
    own: readonly RefLot[],
    fall: number,
    policy: Rated['policy'],
    limit: number,
  ): void {
    let left = fall;
    for (const lot of [...own].reverse()) {
      const free = Math.min(this.free(lot), left);
      lot.left -= free;
      left -= free;
      const gone = Math.min(lot.expired, left);
      lot.expired -= gone;
      left -= gone;
    }
    if (policy !== 'award-only') {
      const others = this.takeable().filter((lot) => !own.includes(lot));
      for (const { lot, points } of this.pick(others, left)) {
        lot.left -= points;
        left -= points;
      }
    }
    const debt = policy === 'allow-debt' ? Math.min(left, Math.max(0, limit - this.debt)) : 0;
    this.debt += debt;
    standing.forgiven += left - debt;
  }

  hold(id: string, points: number, until: number): string {
    const stopped = this.stopped();
    if (stopped !== undefined) return stopped;
    if (points <= 0 || until <= this.clock.now) return 'invalid_request';
    const parts = this.pick(this.usable(), points);
    if (sum(parts.map((part) => part.points)) < points) return 'insufficient_points';
    this.holds.push({ id, until, state: 'open', parts });
    return 'ok';
  }

  capture(id: string, holdId: string, points: number | undefined, keep: boolean): string {
    const hold = this.openHold(holdId);
    if (typeof hold === 'string') return hold;
    const stopped = this.stopped();
    if (stopped !== undefined) return stopped;
    const kept = sum(hold.parts.map((part) => part.points));
    const amount = points ?? kept;
    if (amount <= 0) return 'invalid_request';
    if (amount > kept) return 'exceeds_hold';
    const spent: Spent = { id, parts: [] };
    let left = amount;
    for (const part of hold.parts) {
      const used = Math.min(part.points, left);
      left -= used;
      if (used === 0) continue;
      part.points -= used;
      part.lot.left -= used;
      spent.parts.push({ lot: part.lot, points: used, back: 0 });
    }
    hold.parts = hold.parts.filter((part) => part.points > 0);
    if (hold.parts.length === 0) hold.state = 'captured';
    else if (!keep) hold.state = 'released';
    this.spent.push(spent);
    this.settle();
    return 'ok';
  }

  release(holdId: string): string {
    const hold = this.openHold(holdId);
    if (typeof hold === 'string') return hold;
    hold.state = 'released';
    this.settle();
    return 'ok';
  }

  redeem(id: string, points: number): string {
    const parts = this.spendable(points);
    if (typeof parts === 'string') return parts;
    for (const part of parts) part.lot.left -= part.points;
    this.spent.push({ id, parts: parts.map((part) => ({ ...part, back: 0 })) });
    return 'ok';
  }

  reverse(id: string, points: number | undefined, grace: number | undefined): string {
    const spent = this.spent.find((each) => each.id === id);
    if (spent === undefined) return 'unknown_redemption';
    const open = spent.parts.map((part) => part.points - part.back);
    const total = sum(open);
    const amount = points ?? total;
    if (points !== undefined && points <= 0) return 'invalid_request';
    if (total === 0 || amount > total) return 'exceeds_redemption';
    if (grace !== undefined && grace <= this.clock.now) return 'invalid_request';
    const shares = open.map((weight) => Math.floor((amount * weight) / total));
    const byRest = open
      .map((weight, index) => ({ index, rest: (amount * weight) % total }))
      .sort((a, b) => b.rest - a.rest || a.index - b.index);
    for (const { index } of byRest.slice(0, amount - sum(shares))) shares[index] = (shares[index] ?? 0) + 1;
    for (const [index, part] of spent.parts.entries()) {
      const share = shares[index] ?? 0;
      if (share === 0) continue;
      part.back += share;
      part.lot.left += share;
      if (grace !== undefined && part.lot.until <= this.clock.now)
        Object.assign(part.lot, { until: grace, extended: true });
    }
    this.settle();
    return 'ok';
  }

  adjust(id: string, points: number, from: number, until: number, debt: boolean): string {
    if (points === 0) return 'invalid_request';
    if (points > 0) {
      if (until <= this.clock.now) return 'already_expired';
      if (until <= from) return 'invalid_request';
      this.open(`adjust~${id}#0`, `adjust~${id}`, points, { from, until, earned: this.clock.now });
      this.settle();
      return 'ok';
    }
    const parts = this.pick(this.takeable(), -points);
    const left = -points - sum(parts.map((part) => part.points));
    if (left > 0 && !debt) return 'insufficient_points';
    for (const part of parts) part.lot.left -= part.points;
    this.debt += left;
    return 'ok';
  }

  import(id: string, points: number, earned: number, until: number): string {
    if (points <= 0 || earned > this.clock.now) return 'invalid_request';
    if (until <= this.clock.now) return 'already_expired';
    this.open(`import~${id}#0`, `import~${id}`, points, { from: this.clock.now, until, earned });
    this.settle();
    return 'ok';
  }

  extend(until: number): string {
    if (until <= this.clock.now) return 'already_expired';
    const lots = this.lots.filter((lot) => lot.left > 0 && lot.until < until && lot.until > this.clock.now);
    if (lots.length === 0) return 'nothing_to_change';
    for (const lot of lots) Object.assign(lot, { until, extended: true });
    return 'ok';
  }

  reinstate(points: number | undefined, until: number): string {
    if (until <= this.clock.now) return 'already_expired';
    if (points !== undefined && points <= 0) return 'invalid_request';
    const gone = this.lots.filter((lot) => lot.expired > 0).sort((a, b) => b.until - a.until || (a.id < b.id ? -1 : 1));
    const total = sum(gone.map((lot) => lot.expired));
    let left = points ?? total;
    if (total === 0 || left > total) return 'nothing_to_change';
    for (const lot of gone) {
      const part = Math.min(lot.expired, left);
      if (part === 0) break;
      left -= part;
      lot.expired -= part;
      lot.left += part;
      if (lot.until < until) Object.assign(lot, { until, extended: true });
    }
    this.settle();
    return 'ok';
  }

  transfer(id: string, to: string, points: number, most: number): string {
    if (to === this.name) return 'same_member';
    const stopped = this.stopped();
    if (stopped !== undefined) return stopped;
    if (points <= 0) return 'invalid_request';
    if (points > most) return 'transfer_limit';
    const parts = this.spendable(points);
    if (typeof parts === 'string') return parts;
    for (const part of parts) part.lot.left -= part.points;
    const lots = parts.map(({ lot, points: part }) => carried(lot, part));
    this.sent.push({ kind: 'transfer', from: this.name, to, id, first: true, parts: lots, holds: [], debt: 0 });
    return 'ok';
  }

  mergeInto(id: string, to: string): string {
    if (to === this.name) return 'same_member';
    const stopped = this.stopped();
    if (stopped !== undefined) return stopped;
    const holds = this.holds.filter(({ state }) => state === 'open');
    const parts = this.sorted(() => true).map((lot) => carried(lot, lot.left));
    this.sendAll({ kind: 'merge', from: this.name, to, merge: id, id, first: true, parts, holds, debt: this.debt });
    this.merged = { id, into: to };
    return 'ok';
  }

  unmerge(id: string, merge: string): string {
    const came = this.came.filter(({ parcel }) => parcel.merge === merge && parcel.kind === 'merge');
    const [first] = came;
    if (first === undefined) return 'not_merged';
    const stopped = this.stopped();
    if (stopped !== undefined) return stopped;
    const ids = came.flatMap(({ holds }) => holds);
    const holds = this.holds.filter((hold) => hold.state === 'open' && ids.includes(hold.id));
    const inHolds = (lot: RefLot): number =>
      sum(holds.flatMap(({ parts }) => parts.filter((part) => part.lot === lot).map(({ points }) => points)));
    const parts = came
      .flatMap(({ lots }) => lots)
      .map((lot) => carried(lot, this.free(lot) + inHolds(lot), lot.source))
      .filter(({ points }) => points > 0);
    const before = this.debtSentBack.get(merge) ?? 0;
    const debt = Math.min(this.debt, Math.max(0, sum(came.map(({ parcel }) => parcel.debt)) - before));
    this.debtSentBack.set(merge, before + debt);
    const to = first.parcel.from;
    this.sendAll({ kind: 'unmerge', from: this.name, to, merge, id, first: true, parts, holds, debt });
    return 'ok';
  }

  receive(parcel: Parcel, most: number): void {
    const total = sum(parcel.parts.map(({ points }) => points));
    const refusable = parcel.kind !== 'unmerge' && parcel.first;
    const clash = parcel.holds.some(({ id }) => this.holds.some((hold) => hold.id === id));
    const tooMuch = parcel.kind === 'transfer' ? total > most : clash;
    if (refusable && (this.merged !== undefined || tooMuch)) {
      parcel.refused = true;
      return;
    }
    const moved = new Map<RefLot, RefLot>();
    for (const [n, { lot, points, dates, home }] of parcel.parts.entries()) {
      const award = `${parcel.kind}~${parcel.from}~${parcel.id}`;
      const back = this.lots.find(({ id }) => id === home);
      if (back !== undefined) {
        back.left += points;
        const { until } = dates;
        if (until > back.until && Number.isFinite(until)) Object.assign(back, { until, extended: true });
        moved.set(lot, back);
      } else moved.set(lot, this.open(`${award}#${n}`, award, points, dates, lot.id));
    }
    this.debt += parcel.debt;
    this.reopen(parcel, (lot) => moved.get(lot) ?? lot);
    this.came.push({ parcel, lots: [...moved.values()], holds: parcel.holds.map(({ id }) => id) });
    if (parcel.kind === 'unmerge') this.merged = undefined;
    this.settle();
  }

  returned(parcel: Parcel): void {
    for (const { lot, points } of parcel.parts) lot.left += points;
    this.debt += parcel.debt;
    this.reopen(parcel, (lot) => lot);
    if (parcel.kind === 'merge' && this.merged?.id === parcel.id) this.merged = undefined;
    this.settle();
  }

  private reopen({ holds }: Parcel, own: (lot: RefLot) => RefLot): void {
    for (const { id, until, parts } of holds) {
      const mine: RefHold = { id, until, state: 'open', parts: parts.map((part) => ({ ...part, lot: own(part.lot) })) };
      const at = this.holds.findIndex((hold) => hold.id === id);
      if (at < 0) this.holds.push(mine);
      else this.holds[at] = mine;
    }
  }

  private sendAll(parcel: Parcel): void {
    const holds = parcel.holds.map((hold) => ({ ...hold, parts: hold.parts.map((part) => ({ ...part })) }));
    for (const hold of parcel.holds) hold.state = 'moved';
    for (const { lot, points } of parcel.parts) lot.left -= points;
    this.debt -= parcel.debt;
    this.sent.push({ ...parcel, holds });
  }

  settle(): void {
    this.tick();
    if (this.merged === undefined) return;
    const parts = this.sorted((lot) => this.free(lot) > 0).map((lot) => carried(lot, this.free(lot)));
    if (parts.length === 0 && this.debt === 0) return;
    const { id: merge, into: to } = this.merged;
    this.sendAll({
      kind: 'merge',
      from: this.name,
      to,
      merge,
      id: '',
      first: false,
      parts,
      holds: [],
      debt: this.debt,
    });
  }

  private stopped(): string | undefined {
    if (this.merged !== undefined) return 'member_merged';
    return this.frozen ? 'account_frozen' : undefined;
  }

  private spendable(points: number): Part[] | string {
    const stopped = this.stopped();
    if (stopped !== undefined) return stopped;
    if (points <= 0) return 'invalid_request';
    const parts = this.pick(this.usable(), points);
    return sum(parts.map((part) => part.points)) < points ? 'insufficient_points' : parts;
  }

  private openHold(id: string): RefHold | string {
    const hold = this.holds.find((each) => each.id === id);
    if (hold === undefined) return 'unknown_hold';
    if (hold.state === 'open') return hold;
    if (hold.state === 'lapsed') return 'hold_expired';
    return hold.state === 'moved' && this.merged !== undefined ? 'member_merged' : 'hold_closed';
  }
}
