import { readFileSync } from 'node:fs';
import type { TransferMade } from '@jifen/contracts';
import { formatMoney, instant, parseMoney, points, present, type Instant } from '@jifen/kernel';
import { openAccount, type Account } from './account.ts';
import { balanceAt } from './balance.ts';
import type { LedgerCommand } from './commands.ts';
import { decided } from './decide.ts';
import { evolve } from './evolve.ts';
import { award } from './given.ts';
import { quoteRedemption, redemptionRules, type RedemptionPart, type RedemptionRule } from './redemption-policy.ts';

const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const examples = (text: string): string[] =>
  [...text.matchAll(/```worked-example\n([\s\S]*?)```/g)].map(([, body]) => present(body, 'an example'));

const DATES = new Set(['expiresAt', 'availableAt', 'earnedOn', 'graceUntil']);
const at = (day: string): Instant => instant(`${day}T00:00:00Z`);

/** The accounts of one example, and the legs between them. */
class Page {
  readonly accounts = new Map<string, Account>();
  readonly legs = new Map<string, TransferMade>();
  revision = 0;

  /** `2026-11-01 m-1 redeem id=R points=80 | available 20`: what is written after the bar, as it came out. */
  run(line: string): string {
    const [told = '', expected = ''] = line.split(' | ');
    const [day = '', member = '', kind = '', ...fields] = told.split(' ');
    const now = at(day);
    const account = this.accounts.get(member) ?? openAccount('demo', member, 'points');
    if (kind === 'look') return this.show(account, now, expected);
    const answer = decided(
      account,
      this.command(kind, Object.fromEntries(fields.map((field) => field.split('=')))),
      now,
    );
    if (!answer.ok) return `refused ${answer.refusal.code}`;
    const after = answer.value.events.reduce(evolve, account);
    this.accounts.set(member, after);
    for (const { type, entry } of answer.value.events) {
      const { transfer } = entry;
      if (type === 'points.transferred-out' && transfer !== undefined) this.legs.set(transfer.id, transfer);
    }
    return this.show(after, now, expected);
  }

  private command(kind: string, fields: Readonly<Record<string, string>>): LedgerCommand {
    const { order, transfer = '', from = '', received } = fields;
    if (kind === 'earn') {
      const { availableAt = '2026-11-01', expiresAt } = fields;
      const dates = { availableAt: at(availableAt), ...(expiresAt === undefined ? {} : { expiresAt: at(expiresAt) }) };
      return award(present(order, 'order'), ++this.revision, Number(fields['points']), dates);
    }
    if (kind === 'receive') return { kind: 'receive-transfer', from, leg: present(this.legs.get(transfer), transfer) };
    if (kind === 'settle') return { kind: 'settle-transfer', transfer, received: received === 'yes' };
    const values = Object.entries(fields).map(([name, value]) => [
      name,
      name === 'points' ? points(Number(value)) : DATES.has(name) ? at(value) : value,
    ]);
    return { kind, ...Object.fromEntries(values) } as LedgerCommand;
  }

  private show(account: Account, now: Instant, expected: string): string {
    const figures: Readonly<Record<string, unknown>> = { ...balanceAt(account, now), inFlight: account.inFlight };
    const names = expected.split(' ').filter((_, index) => index % 2 === 0);
    return names.map((name) => `${name} ${String(figures[name])}`).join(' ');
  }
}

/** `points order=129.90 available=5050 | …`: what is written after the bar, as the policy comes out. */
function quoted(rules: readonly RedemptionRule[], line: string): string {
  const [currency = '', ...fields] = (line.split(' | ')[0] ?? '').split(' ');
  const { order = '', available, tier } = Object.fromEntries(fields.map((field) => field.split('='))) as Fields;
  const rule = present(
    rules.find((one) => one.currency === currency),
    currency,
  );
  const amount = parseMoney(order, 'CNY');
  if (!amount.ok) throw new Error(order);
  const quote = quoteRedemption(rule, { order: amount.value, tier }, points(Number(available)));
  const [worth, stays] = [quote.money, quote.stays].map((money) => formatMoney(money, 'CNY'));
  return `${quote.points} are ${worth}, ${stays} stays, ${quote.limitedBy}`;
}

type Fields = Readonly<Record<'order' | 'available' | 'tier', string | undefined>>;
const policies = (text: string): readonly [document: string, lines: string] => {
  const [, document, lines] = /```json\n([^`]*)```[^`]*```worked-policy\n([^`]*)```/.exec(text) ?? [];
  return [present(document, 'a document'), present(lines, 'its examples').trim()];
};

describe('docs/ledger.md', () => {
  const found = examples(page('ledger.md'));

  it.each(found.map((body, n) => [n + 1, body]))('example %d comes out as written', (_n, body) => {
    const lines = String(body).trim().split('\n');
    const world = new Page();
    expect(lines.map((line) => `${line.split(' | ')[0]} | ${world.run(line)}`)).toEqual(lines);
  });

  it('has the same examples in both languages', () => {
    expect(found.length).toBeGreaterThan(7);
    expect(examples(page('ledger.zh-CN.md'))).toEqual(found);
  });

  it('B01, C04, Q11, U32: its policies come out as written, in both languages', () => {
    const [document, text] = policies(page('ledger.md'));
    expect(policies(page('ledger.zh-CN.md'))).toEqual([document, text]);
    const rules = redemptionRules({ ...(JSON.parse(document) as RedemptionPart), moneyCurrency: 'CNY' });
    const lines = text.split('\n');
    expect(lines.map((line) => `${line.split(' | ')[0]} | ${quoted(rules, line)}`)).toEqual(lines);
  });
});
