import type { TransferMade } from '@jifen/contracts';
import { instantFromMillis, points, present, type Instant } from '@jifen/kernel';
import {
  balanceAt,
  decided,
  evolve,
  openAccount,
  transferKey,
  type Account,
  type Decided,
  type LedgerCommand,
} from '@jifen/ledger';
import type { Parcel } from './reference-types.ts';
import { RefAccount } from './reference.ts';

/** When the clock of a world begins; it goes by hours. */
export const START = Date.UTC(2026, 0, 1);
export const HOUR = 3_600_000;
export const MEMBERS = ['a', 'b', 'c', 'd'] as const;
export type Member = (typeof MEMBERS)[number];
/** What a transfer may carry, out and in. */
const MOST_OUT = 120;
const MOST_IN = 90;
export const SMALL = 40;

/** What the generator draws. Ids and instants are worked out from the world, so that most commands make sense. */
export interface Op {
  readonly kind:
    | 'wait'
    | 'rate'
    | 'hold'
    | 'capture'
    | 'release'
    | 'redeem'
    | 'reverse'
    | 'adjust'
    | 'import'
    | 'extend'
    | 'reinstate'
    | 'freeze'
    | 'transfer'
    | 'deliver'
    | 'merge'
    | 'unmerge'
    | 'due';
  readonly member: number;
  readonly other: number;
  readonly points: number;
  readonly hours: number;
  readonly pick: number;
  readonly flag: boolean;
  readonly part: boolean;
}

interface Flight {
  readonly leg: TransferMade;
  readonly parcel: Parcel;
  stage: 'out' | 'answered';
}

const POLICIES = ['allow-debt', 'allow-debt', 'within-balance', 'award-only'] as const;
export const NEVER = Number.POSITIVE_INFINITY;

/** The deciders and the reference side by side; `step` throws where they differ. */
export class LedgerWorld {
  readonly clock = { now: 0 };
  private readonly accounts = new Map<string, Account>();
  private readonly references = new Map<string, RefAccount>();
  private readonly flights: Flight[] = [];
  /** Ids that were given out, by what they name and where it should be. */
  private readonly ids = new Map<string, string[]>();
  private count = 0;
  /** How often each answer was given. */
  readonly answers = new Map<string, number>();

  constructor() {
    for (const member of MEMBERS) {
      this.accounts.set(member, openAccount('p', member, 'points'));
      this.references.set(member, new RefAccount(member, this.clock));
    }
  }

  step(op: Op): void {
    this.count++;
    const member = present(MEMBERS[op.member % MEMBERS.length], 'a member');
    const reference = present(this.references.get(member), member);
    const now = this.clock.now;
    const id = `i${this.count}`;
    const later = now + op.hours - 3;
    // Spending is drawn small, so that it mostly succeeds and leaves something to go on with.
    const small = op.points % SMALL;
    const part = op.part ? small : undefined;
    const named = part === undefined ? {} : { points: points(part) };
    const tell = (command: LedgerCommand, expected: () => string): void => this.tell(member, command, expected);
    switch (op.kind) {
      case 'wait':
        this.clock.now += op.hours;
        return undefined;
      case 'deliver':
        return this.deliver(op);
      case 'due':
        return tell({ kind: 'book-due' }, () => 'ok');
      case 'rate': {
        const n = op.pick % 4;
        const award = `${member}~base~shop~o${n}`;
        const from = op.flag ? now + (op.hours % 9) : n * 20;
        const until = n === 0 ? NEVER : from + 1 + (op.part ? op.hours * 2 : n * 30);
        const policy = present(POLICIES[op.other % POLICIES.length], 'a policy');
        const limit = op.part ? NEVER : 40;
        const target = op.pick % 5 === 0 ? 0 : op.points;
        const rated = { award, revision: this.count, target, from, until, earned: from, policy, limit };
        const command: LedgerCommand = {
          kind: 'post-award',
          award: {
            currency: 'points',
            awardId: award,
            revision: this.count,
            target,
            ruleId: 'base',
            ruleVersion: 1,
            availableAt: this.at(from),
            ...this.until(until),
            clawback: policy,
            ...(limit === NEVER ? {} : { debtLimit: limit }),
          },
          cause: { source: 'shop', id: `o${n}`, revision: this.count },
          origin: { partition: 0, position: this.count },
          earnedAt: this.at(from),
        };
        return tell(command, () => {
          reference.rate(rated);
          return 'ok';
        });
      }
      case 'hold':
        return tell({ kind: 'hold', id, points: points(small), expiresAt: this.at(Math.max(0, later)) }, () =>
          reference.hold(id, small, Math.max(0, later)),
        );
      case 'capture': {
        const hold = this.some('hold', member, op.pick);
        const rest = op.flag ? 'keep' : 'release';
        return tell({ kind: 'capture', id, hold, rest, ...named }, () => reference.capture(id, hold, part, op.flag));
      }
      case 'release': {
        const hold = this.some('hold', member, op.pick);
        return tell({ kind: 'release', id, hold }, () => reference.release(hold));
      }
      case 'redeem':
        return tell({ kind: 'redeem', id, points: points(small) }, () => reference.redeem(id, small));
      case 'reverse': {
        const redemption = this.some('redemption', member, op.pick);
        const grace = op.flag ? Math.max(0, later) : undefined;
        const graceUntil = grace === undefined ? {} : { graceUntil: this.at(grace) };
        return tell({ kind: 'reverse-redemption', id, redemption, ...named, ...graceUntil }, () =>
          reference.reverse(redemption, part, grace),
        );
      }
      case 'adjust': {
        const change = op.flag ? op.points : -op.points;
        const from = now + (op.pick % 5);
        const until = op.part ? NEVER : Math.max(0, later);
        const beyond = op.part ? { beyond: 'debt' as const } : {};
        const what = { points: points(change), availableAt: this.at(from), ...this.until(until), ...beyond };
        return tell({ kind: 'adjust', id, reason: 'correction', actor: 'ops', ...what }, () =>
          reference.adjust(id, change, from, until, op.part),
        );
      }
      case 'import': {
        const earned = Math.max(0, now - op.pick + 1);
        const until = op.part ? NEVER : Math.max(0, later);
        const what = { points: points(op.points), earnedOn: this.at(earned), ...this.until(until) };
        return tell({ kind: 'import', id, actor: 'ops', ...what }, () =>
          reference.import(id, op.points, earned, until),
        );
      }
      case 'extend':
        return tell({ kind: 'extend-expiry', id, expiresAt: this.at(Math.max(0, later)), actor: 'ops' }, () =>
          reference.extend(Math.max(0, later)),
        );
      case 'reinstate':
        return tell({ kind: 'reinstate', id, expiresAt: this.at(Math.max(0, later)), actor: 'ops', ...named }, () =>
          reference.reinstate(part, Math.max(0, later)),
        );
      case 'freeze': {
        const kind = op.flag && op.part ? 'freeze' : 'unfreeze';
        return tell({ kind, id, reason: 'audit', actor: 'ops' }, () => {
          reference.frozen = kind === 'freeze';
          return 'ok';
        });
      }
      case 'transfer': {
        const to = present(MEMBERS[op.other % MEMBERS.length], 'a member');
        const limits = { maximum: points(MOST_OUT) };
        return tell({ kind: 'transfer-out', id, to, points: points(op.points), limits }, () =>
          reference.transfer(id, to, op.points, MOST_OUT),
        );
      }
      case 'merge': {
        const into = present(MEMBERS[op.other % MEMBERS.length], 'a member');
        return tell({ kind: 'merge-out', id, into, actor: 'ops' }, () => reference.mergeInto(id, into));
      }
      case 'unmerge': {
        const merge = this.some('merge', member, op.pick);
        return tell({ kind: 'unmerge-out', id, merge, actor: 'ops' }, () => reference.unmerge(id, merge));
      }
    }
  }

  /** Everything lands and falls due; then every lot, hold and figure must be the same, and no point is lost between accounts. */
  finish(): void {
    for (let round = 0; this.flights.length > 0; round++) {
      if (round > 1_000) throw new Error('transfers do not come to an end');
      this.deliver({ pick: 0 });
    }
    for (const member of MEMBERS) this.tell(member, { kind: 'book-due' }, () => 'ok');
  }

  private at(hours: number): Instant {
    return instantFromMillis(START + hours * HOUR);
  }

  private until(hours: number): { readonly expiresAt?: Instant } {
    return hours === NEVER ? {} : { expiresAt: this.at(hours) };
  }

  private remember(member: string, command: LedgerCommand): void {
    if (command.kind === 'hold') this.name('hold', member, command.id);
    if (command.kind === 'capture' || command.kind === 'redeem') this.name('redemption', member, command.id);
    if (command.kind === 'merge-out') this.name('merge', command.into, command.id);
  }

  private name(what: string, member: string, id: string): void {
    const key = `${what} ${member}`;
    this.ids.set(key, [...(this.ids.get(key) ?? []), id]);
  }

  /** One of the last that were given out there. */
  private some(what: string, member: string, pick: number): string {
    const known = this.ids.get(`${what} ${member}`) ?? [];
    return pick % 13 === 0 ? 'unknown' : (known[known.length - 1 - (pick % Math.min(5, known.length))] ?? 'unknown');
  }

  private tell(member: string, command: LedgerCommand, expected: () => string): void {
    const reference = present(this.references.get(member), member);
    reference.tick();
    if (command.kind !== 'post-award') reference.settle();
    const before = reference.sent.length;
    const answer = this.decide(member, command);
    const wanted = expected();
    const code = answer.ok ? 'ok' : answer.refusal.code;
    this.answers.set(code, (this.answers.get(code) ?? 0) + 1);
    if (code !== wanted) throw new Error(`${member} ${JSON.stringify(command)}: ${code} instead of ${wanted}`);
    if (answer.ok) {
      reference.settle();
      this.remember(member, command);
    }
    this.launch(answer.ok ? answer.value : undefined, reference, before);
    this.compare(member, JSON.stringify(command), answer.ok);
  }

  /** Decides, folds the postings, and asks again: the same command must write nothing. */
  private decide(member: string, command: LedgerCommand) {
    const account = present(this.accounts.get(member), member);
    const now = this.at(this.clock.now);
    const answer = decided(account, command, now);
    if (!answer.ok) return answer;
    const folded = answer.value.events.reduce(evolve, account);
    this.accounts.set(member, folded);
    const again = decided(folded, command, now);
    if (!again.ok || (again.value.events.length > 0 && again.value.events.some(({ type }) => !isDue(type))))
      throw new Error(`${JSON.stringify(command)} again: ${JSON.stringify(again)}`);
    return answer;
  }

  /** The legs that left, in the order in which both say that they did. */
  private launch(answer: Decided | undefined, reference: RefAccount, before: number): void {
    const legs = (answer?.events ?? []).filter(({ type }) => type === 'points.transferred-out');
    const parcels = reference.sent.slice(before);
    if (legs.length !== parcels.length) throw new Error(`${legs.length} legs, the reference sent ${parcels.length}`);
    for (const [index, { entry }] of legs.entries()) {
      const leg = present(entry.transfer, 'the transfer');
      const parcel = { ...present(parcels[index], 'a parcel'), id: leg.id };
      this.flights.push({ leg, parcel, stage: 'out' });
    }
  }

  private deliver({ pick }: Pick<Op, 'pick'>): void {
    if (this.flights.length === 0) return;
    const index = pick % this.flights.length;
    const flight = present(this.flights[index], 'a flight');
    const { leg, parcel } = flight;
    if (flight.stage === 'out') {
      flight.stage = 'answered';
      const limits = { maximum: points(MOST_IN) };
      this.tell(parcel.to, { kind: 'receive-transfer', from: parcel.from, leg, limits }, () => {
        present(this.references.get(parcel.to), parcel.to).receive(parcel, MOST_IN);
        return 'ok';
      });
      const state = this.accounts.get(parcel.to)?.transfers.get(transferKey('in', parcel.from, leg.id))?.state;
      if ((state === 'refused') !== (parcel.refused === true)) throw new Error(`transfer ${leg.id} is ${state}`);
      return;
    }
    this.flights.splice(index, 1);
    const received = parcel.refused !== true;
    this.tell(parcel.from, { kind: 'settle-transfer', transfer: leg.id, received }, () => {
      if (!received) present(this.references.get(parcel.from), parcel.from).returned(parcel);
      return 'ok';
    });
  }

  /** The figures by the clock; lot by lot only where what fell due has been booked, as a refused command books nothing. */
  private compare(member: string, what: string, booked: boolean): void {
    const account = present(this.accounts.get(member), member);
    const reference = present(this.references.get(member), member);
    const { available, pending, held, debt, lapsed } = balanceAt(account, this.at(this.clock.now));
    const found = JSON.stringify({ available, pending, held, debt, gone: lapsed + account.expired });
    const wanted = JSON.stringify(reference.summary());
    if (found !== wanted) throw new Error(`${member} after ${what}: ${found} instead of ${wanted}`);
    for (const lot of booked ? reference.lots : []) {
      const known = account.lots.get(lot.id);
      const total = lot.left + lot.expired;
      if (known === undefined || known.remaining + known.expired !== total)
        throw new Error(`${lot.id} after ${what}: ${JSON.stringify(known)} instead of ${total}`);
    }
    const net = [...this.accounts.values()].reduce((sum, each) => sum + each.inFlight, 0);
    const weight = ({ parcel }: Flight) => parcel.parts.reduce((sum, each) => sum + each.points, -parcel.debt);
    const expected = this.flights.reduce((sum, each) => sum + weight(each), 0);
    if (net !== expected) throw new Error(`${net} points in flight instead of ${expected} after ${what}`);
  }
}

const isDue = (type: string): boolean => type === 'points.expired' || type === 'points.activated';
