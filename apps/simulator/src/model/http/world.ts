import { formatToken, parseToken } from '@jifen/contracts';
import { present } from '@jifen/kernel';
import { sum } from '../reference-books.ts';
import type { Parcel } from '../reference-types.ts';
import { RefAccount } from '../reference.ts';
import { NEVER, type Op } from '../world.ts';
import { askedFor, importRow, instantAt, orderOf, type Asked, type Named } from './asked.ts';
import { until, type Figures, type Line, type Said } from './door.ts';
import type { Tenant } from './system.ts';

const MEMBERS = ['a', 'b', 'c', 'd'] as const;
const MAX_DELIVERIES = 1_000;
/** One command of so many is sent again at once. */
const REPEATED = 4;
const ANSWERED = ['points.transfer-settled', 'points.transfer-returned'] as const;

interface Flight {
  readonly parcel: Parcel;
  readonly stage: 'out' | 'answered';
}

type IdKind = 'hold' | 'redemption' | 'merge';

/** Some members of a running system and the reference side by side; every method rejects where they differ. */
export class HttpWorld {
  private readonly members: readonly RefAccount[];
  private readonly ids = new Map<string, string[]>();
  private readonly launched = new Map<RefAccount, number>();
  private count = 0;
  /** What was asked and answered, for whoever has to find out. */
  readonly told: string[] = [];
  readonly answers = new Map<string, number>();
  commands = 0;

  constructor(
    private readonly name: string,
    private readonly tenant: Tenant,
    private readonly clock: { readonly now: number },
  ) {
    this.members = MEMBERS.map((member) => new RefAccount(`${name}-${member}`, clock));
  }

  async step(op: Op): Promise<void> {
    this.count++;
    const own = this.member(op.member);
    if (op.kind === 'rate') return this.order(op, own);
    if (op.kind === 'import') return this.import(op, own);
    const asked = askedFor(op, own, this.clock.now, this.named(op, own));
    return asked === undefined ? this.look(own) : this.command(op, own, asked);
  }

  private member(index: number): RefAccount {
    return present(this.members[index % MEMBERS.length], 'a member');
  }

  /** What the system does by itself is waited for, and may not change what the clock says. */
  private async look(own: RefAccount): Promise<void> {
    own.tick();
    own.settle();
    await this.deliver();
    this.compare(own, await this.tenant.door.balance(own.name), `${own.name} look`);
  }

  private async command(op: Op, own: RefAccount, asked: Asked): Promise<void> {
    const { door } = this.tenant;
    const key = `${this.name}-${this.count}`;
    const said = await door.command(asked.path, asked.body, key);
    const what = this.tell(`${own.name} ${asked.path} ${JSON.stringify(asked.body)}`, said.code);
    if (op.hours % REPEATED === 0) this.same(said, await door.command(asked.path, asked.body, key), what);
    const id = idIn(op.kind, said);
    asked.of.tick();
    asked.of.settle();
    this.agree(said.code, asked.expected(id), what);
    if (said.code !== 'ok') return;
    asked.of.settle();
    this.remember(op, own, id);
    this.compare(asked.of, balanceIn(said), what);
    await this.deliver();
  }

  private same(said: Said, again: Said, what: string): void {
    const done = said.code === 'ok';
    if (said.code !== again.code || (done && (said.text !== again.text || !again.replayed)))
      throw new Error(`${what}, again: ${again.text} instead of ${said.text}`);
  }

  private async order(op: Op, own: RefAccount): Promise<void> {
    const { door } = this.tenant;
    const { order, rated } = orderOf(op, own.name, this.clock.now, this.count);
    const accepted = await door.submit('order', [order]);
    const what = this.tell(`${own.name} order ${JSON.stringify(order)}`, accepted.rejected[0]?.problem.code ?? 'ok');
    this.agree(accepted.rejected[0]?.problem.code ?? 'ok', 'ok', what);
    if (op.hours % REPEATED === 0 && (await door.submit('order', [order])).duplicates !== 1)
      throw new Error(`${what}, again: no duplicate`);
    own.tick();
    own.rate(rated);
    own.settle();
    const positions = present(parseToken(accepted.position ?? ''), 'the position').positions;
    this.compare(own, await door.balance(own.name, formatToken({ log: 'activity', positions })), what);
    await this.deliver();
  }

  private async import(op: Op, own: RefAccount): Promise<void> {
    const row = String(this.count);
    const { row: body, expected } = importRow(op, own, this.clock.now, row);
    const send = async (): Promise<string> => {
      const { body: answer } = await this.tenant.door.command(`/v1/imports/${this.name}`, { rows: [body] }, '-');
      const [result] = answer['results'] as readonly { outcome: string; problem?: { code: string } }[];
      return result?.problem?.code ?? result?.outcome ?? 'nothing';
    };
    const said = await send();
    const what = this.tell(`${own.name} import ${JSON.stringify(body)}`, said);
    if (op.hours % REPEATED === 0) this.agree(await send(), said === 'imported' ? 'already' : said, `${what}, again`);
    own.tick();
    own.settle();
    this.agree(said === 'imported' ? 'ok' : said, expected(`imp:${this.name}:${row}`), what);
    own.settle();
    await this.deliver();
    this.compare(own, await this.tenant.door.balance(own.name), what);
  }

  /** Everything that was sent arrives, and its answer, before anything else is asked. */
  private async deliver(): Promise<void> {
    const flights: Flight[] = await this.sent();
    if (flights.length === 0) return;
    for (let done = 0; flights.length > 0; done++) {
      if (done > MAX_DELIVERIES) throw new Error('transfers do not come to an end');
      const { parcel, stage } = present(flights.shift(), 'a flight');
      const end = this.called(stage === 'out' ? parcel.to : parcel.from);
      end.tick();
      end.settle();
      if (stage === 'out') {
        end.receive(parcel, NEVER);
        flights.push({ parcel, stage: 'answered' });
      } else if (parcel.refused === true) end.returned(parcel);
      end.settle();
      flights.push(...(await this.sent()));
    }
    for (const member of this.members) {
      const { name, sent } = member;
      if (sent.length === 0) continue;
      const read = () => this.tenant.door.statement(name, ANSWERED);
      await until(`transfers of ${name}`, read, (lines) => lines.length >= sent.length);
    }
  }

  /** What left since it was asked last. What a merged member sends on has a name that only the system knows: from the place of its line. */
  private async sent(): Promise<Flight[]> {
    const flights: Flight[] = [];
    for (const member of this.members) {
      const before = this.launched.get(member) ?? 0;
      for (const [index, parcel] of member.sent.slice(before).entries()) {
        const id = parcel.id === '' ? await this.nameOf(member, parcel, before + index) : parcel.id;
        flights.push({ parcel: { ...parcel, id }, stage: 'out' });
      }
      this.launched.set(member, member.sent.length);
    }
    return flights;
  }

  private async nameOf({ name }: RefAccount, { merge = '' }: Parcel, index: number): Promise<string> {
    const outs = (lines: readonly Line[]): number[] =>
      lines.toReversed().flatMap(({ type }, n) => (type === 'points.transferred-out' ? [n + 1] : []));
    const lines = await until(
      `what ${name} sends on`,
      () => this.tenant.door.statement(name),
      (found) => outs(found).length > index,
    );
    return `${merge}.${present(outs(lines)[index], 'the line')}`;
  }

  private called(name: string): RefAccount {
    return present(
      this.members.find((member) => member.name === name),
      name,
    );
  }

  /** At the end: every figure, every open lot with its dates, and the totals of every statement. */
  async finish(): Promise<void> {
    const { door } = this.tenant;
    for (const member of this.members) {
      member.tick();
      member.settle();
      await this.deliver();
      const { name } = member;
      // Nothing waits for the scheduler to be right; but what it books is part of the statement.
      const booked = await until(
        `${name} is booked`,
        () => door.balance(name),
        ({ lapsed }) => lapsed === 0,
      );
      this.compare(member, booked, `${name} at the end`);
      this.equal(await door.openLots(name).then((lots) => lots.map(lotText).sort()), openLots(member), name);
      this.equal(totalsOf(await door.statement(name)), totals(member), name);
    }
  }

  private named({ pick, other }: Op, own: RefAccount): Named {
    const [hold, redemption, merge] = (['hold', 'redemption', 'merge'] as const).map((kind) =>
      this.some(kind, own, pick),
    ) as [string, string, string];
    const holders = this.members.filter(({ holds }) => holds.some(({ id }) => id === hold));
    const here = holders.find(({ holds }) => holds.some(({ id, state }) => id === hold && state !== 'moved'));
    return {
      hold,
      holder: here ?? holders[0] ?? own,
      redemption,
      redeemer: this.members.find(({ spent }) => spent.some(({ id }) => id === redemption)) ?? own,
      merge,
      other: this.member(other),
      graceDays: this.tenant.graceDays,
    };
  }

  private remember({ kind, other }: Op, own: RefAccount, id: string): void {
    if (kind === 'hold') this.note('hold', own, id);
    if (kind === 'capture' || kind === 'redeem') this.note('redemption', own, id);
    if (kind === 'merge') this.note('merge', this.member(other), id);
  }

  private note(kind: IdKind, { name }: RefAccount, id: string): void {
    const key = `${kind} ${name}`;
    this.ids.set(key, [...(this.ids.get(key) ?? []), id]);
  }

  /** One of the last that were given out there. */
  private some(kind: IdKind, { name }: RefAccount, pick: number): string {
    const known = this.ids.get(`${kind} ${name}`) ?? [];
    return pick % 13 === 0 ? 'unknown' : (known[known.length - 1 - (pick % Math.min(5, known.length))] ?? 'unknown');
  }

  private tell(asked: string, code: string): string {
    this.commands++;
    this.answers.set(code, (this.answers.get(code) ?? 0) + 1);
    const line = `${instantAt(this.clock.now)} ${asked}: ${code}`;
    this.told.push(line);
    return line;
  }

  private agree(found: string, wanted: string, what: string): void {
    if (found !== wanted) throw new Error(`${what}, instead of ${wanted}`);
  }

  private compare(member: RefAccount, { available, pending, held, debt, net }: Figures, what: string): void {
    const wanted = member.summary();
    const whole = wanted.available + wanted.pending + wanted.held - wanted.debt;
    const texts = [JSON.stringify({ available, pending, held, debt }), JSON.stringify({ ...wanted, gone: undefined })];
    if (texts[0] !== texts[1] || net !== whole) throw new Error(`${what}: ${texts[0]}, instead of ${texts[1]}`);
  }

  private equal(found: unknown, wanted: unknown, what: string): void {
    const texts = [found, wanted].map((value) => JSON.stringify(value, undefined, 1));
    if (texts[0] !== texts[1]) throw new Error(`${what} at the end: ${texts[0]}, instead of ${texts[1]}`);
  }
}

function idIn(kind: Op['kind'], { body }: Said): string {
  const where: Readonly<Partial<Record<Op['kind'], string>>> = {
    hold: 'hold',
    capture: 'redemption',
    redeem: 'redemption',
    transfer: 'transfer',
  };
  const made = where[kind] === undefined ? body : body[where[kind]];
  return typeof made === 'object' && made !== null && 'id' in made ? String(made.id) : '';
}

const balanceIn = ({ body }: Said): Figures =>
  (body['balance'] ?? (body['balances'] as readonly unknown[])[0]) as Figures;

const lotText = (lot: {
  lot: string;
  remaining: number;
  earnedAt: string;
  availableAt: string;
  expiresAt: string | null;
}) => `${lot.lot}: ${lot.remaining}, ${lot.earnedAt}, ${lot.availableAt}–${lot.expiresAt ?? ''}`;

const openLots = ({ lots }: RefAccount): string[] =>
  lots
    .filter(({ left }) => left > 0)
    .map(({ id, left, from, until: end, earned }) =>
      lotText({
        lot: id,
        remaining: left,
        earnedAt: instantAt(earned),
        availableAt: instantAt(from),
        expiresAt: end === NEVER ? null : instantAt(end),
      }),
    )
    .sort();

const parcelWeight = ({ parts, debt }: Pick<Parcel, 'parts' | 'debt'>): number =>
  sum(parts.map(({ points }) => points)) - debt;

function totals(member: RefAccount) {
  const { available, pending, held, debt } = member.summary();
  const shares = member.spent.flatMap(({ parts }) => parts);
  return {
    net: available + pending + held - debt,
    spent: -sum(shares.map(({ points }) => points)),
    returned: sum(shares.map(({ back }) => back)),
    sent: -sum(member.sent.map(parcelWeight)),
    came: sum(member.came.map(({ parcel }) => parcelWeight(parcel))),
  };
}

function totalsOf(lines: readonly Line[]): ReturnType<typeof totals> {
  const of = (...types: readonly string[]): number =>
    sum(lines.filter(({ type }) => types.includes(type)).map(({ points }) => points));
  return {
    net: sum(lines.map(({ points }) => points)),
    spent: of('points.redeemed', 'points.hold-captured'),
    returned: of('points.redemption-reversed'),
    sent: of('points.transferred-out'),
    came: of('points.transferred-in'),
  };
}
