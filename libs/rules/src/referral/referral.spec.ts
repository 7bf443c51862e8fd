import type { ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { activityInput, document, line, order, orderInput, program, SPEND } from '../examples.ts';
import { explain } from '../explain/explain.ts';
import { rate } from '../rate.ts';
import { validateProgram } from '../validate-program.ts';
import { decide, isEarlier, refusedReferrer, verdictOf, type Registration, type Verdict } from './referral.ts';

const REGISTERED = '2026-11-01T04:00:00.000Z';
const BEFORE = '2026-10-31T04:00:00.000Z';
const AFTER = '2026-11-02T04:00:00.000Z';

const registration: Registration = { at: instant(REGISTERED), source: 'app', id: 'R', referrer: 'm-1', version: 1 };
const terms = (referral: ProgramDocument['referral']) => program([SPEND], referral === undefined ? {} : { referral });
const bought = (paidAt: string, amount: string, more: Partial<RecordedOrder> = {}) =>
  orderInput(order([line(amount)], { paidAt, placedAt: paidAt, occurredAt: paidAt, ...more }));

function verdict(referral: ProgramDocument['referral'], input: ReturnType<typeof orderInput>): Verdict | undefined {
  if (input.kind !== 'order' && input.kind !== 'activity') throw new Error('no cause of a referee');
  return verdictOf(terms(referral), registration, input);
}

describe('whether a cause qualifies a referee', () => {
  const first: ProgramDocument['referral'] = { qualifyBy: [{ order: 'paid' }] };
  const large: ProgramDocument['referral'] = {
    qualifyBy: [{ order: 'completed', minAmount: '100.00' }],
    withinDays: 30,
  };
  const fresh: ProgramDocument['referral'] = { qualifyBy: [{ order: 'paid' }], newCustomersOnly: true };
  const phone: ProgramDocument['referral'] = { qualifyBy: [{ activity: 'phone.verified' }, { order: 'paid' }] };
  const refunded = [line('100.00', { refundedAmount: '0.01' })];

  it.each<[string, ProgramDocument['referral'], ReturnType<typeof orderInput>, Verdict | undefined]>([
    ['C07 the first order that was paid', first, bought(AFTER, '0.01'), 'qualified'],
    ['in the very moment of the registration', first, bought(REGISTERED, '1.00'), 'qualified'],
    ['an order before the registration', first, bought(BEFORE, '1.00'), undefined],
    ['E15 no new customer', fresh, bought(BEFORE, '1.00'), 'not-new'],
    ['E15 an older order that was cancelled', fresh, bought(BEFORE, '1.00', { status: 'cancelled' }), undefined],
    ['only placed', first, bought(AFTER, '1.00', { status: 'placed' }), undefined],
    ['exactly the minimum, completed', large, bought(AFTER, '100.00', { status: 'completed' }), 'qualified'],
    ['a cent less', large, bought(AFTER, '99.99', { status: 'completed' }), undefined],
    ['a cent less after a return', large, bought(AFTER, '100.00', { status: 'completed', lines: refunded }), undefined],
    ['paid and not completed', large, bought(AFTER, '100.00'), undefined],
    ['the last moment', large, bought('2026-12-01T03:59:59.999Z', '100.00', { status: 'completed' }), 'qualified'],
    [
      'the first moment that is too late',
      large,
      bought('2026-12-01T04:00:00Z', '100.00', { status: 'completed' }),
      undefined,
    ],
    ['a minimum in other money', large, bought(AFTER, '500.00', { status: 'completed', currency: 'USD' }), undefined],
    ['any other money without a minimum', first, bought(AFTER, '5.00', { currency: 'USD' }), 'qualified'],
    [
      'U51: paid with points',
      first,
      bought(AFTER, '5.00', { payments: [{ kind: 'points', amount: '5.00' }] }),
      undefined,
    ],
    ['U51: a gift', first, orderInput(order([line('5.00', { isGift: true })], { paidAt: AFTER })), undefined],
    ['C07 a verified phone', phone, activityInput('phone.verified', 'V', AFTER), 'qualified'],
    ['another activity', phone, activityInput('login', 'L', AFTER), undefined],
    ['a phone that was verified before', phone, activityInput('phone.verified', 'V', BEFORE), undefined],
    ['a program without referrals', undefined, bought(AFTER, '5.00'), undefined],
  ])('%s', (_, referral, input, expected) => {
    expect(verdict(referral, input)).toBe(expected);
  });
});

describe('which cause decides', () => {
  const place = (id: string, at: string) => ({ at: instant(at), source: 'shop', kind: 'order' as const, id });
  const A = place('A', REGISTERED);
  const B = place('B', AFTER);
  const decided = (at: typeof A) => ({ ...at, verdict: 'qualified' as const });

  it.each([
    ['the first that says something', undefined, B, 'qualified', decided(B)],
    ['nothing says nothing', undefined, B, undefined, undefined],
    ['an earlier one comes first', decided(B), A, 'qualified', decided(A)],
    ['a later one changes nothing', decided(A), B, 'qualified', decided(A)],
    ['another that says nothing changes nothing', decided(A), B, undefined, decided(A)],
    ['the one that decided says nothing any more', decided(A), A, undefined, 'look-again'],
    ['the one that decided is later now', decided(A), { ...A, at: B.at }, 'qualified', 'look-again'],
    ['the one that decided is earlier now', decided(B), { ...B, at: A.at }, 'qualified', decided({ ...B, at: A.at })],
  ] as const)('%s', (_, before, at, says, after) => {
    expect(decide(before, at, says)).toEqual(after);
  });

  it('the earliest registration, by its id where the instant is the same', () => {
    expect(isEarlier(registration, undefined)).toBe(true);
    expect(isEarlier(registration, registration)).toBe(false);
    expect(isEarlier({ ...registration, id: 'Q' }, registration)).toBe(true);
    expect(isEarlier({ ...registration, id: 'A', at: instant(AFTER) }, registration)).toBe(false);
  });

  it('U51: nobody refers itself, or what is no member', () => {
    expect(refusedReferrer('m-1', 'm-1')).toBe('self-referral');
    expect(refusedReferrer('two words', 'm-1')).toBe('no-member-id');
    expect(refusedReferrer('m-2', 'm-1')).toBeUndefined();
  });
});

describe('a referral in a program', () => {
  const bonus = {
    id: 'referral',
    when: { activity: 'referral.qualified' },
    earn: { form: 'fixed', points: 500 },
    currency: 'points',
  } as const;
  const data = { referrer: 'm-1', referee: 'm-2', kind: 'order', source: 'shop', id: 'A-1' };

  it('is told in both languages: who, and by which order', () => {
    const { trace } = rate(program([bonus]), { ...activityInput('referral.qualified', 'referral:m-2', AFTER), data });
    expect(explain(trace, 'en').rules[0]?.sentences).toEqual([
      'Member m-1 referred member m-2, who qualified by the order shop/A-1.',
      'A fixed 500 points.',
      'Rule referral gives 500 points.',
    ]);
    expect(explain(trace, 'zh').rules[0]?.sentences[0]).toBe('会员 m-1 推荐的会员 m-2 已达标，依据订单 shop/A-1。');
  });

  it('that an upstream system judged itself is paid without a word about how', () => {
    const { trace } = rate(program([bonus]), activityInput('referral.qualified', 'theirs', AFTER));
    expect(explain(trace, 'en').rules[0]?.sentences).toEqual([
      'A fixed 500 points.',
      'Rule referral gives 500 points.',
    ]);
  });

  it.each<[string, Partial<ProgramDocument>, string]>([
    [
      'more decimals than the money has',
      { referral: { qualifyBy: [{ order: 'paid', minAmount: '1.005' }] } },
      '/referral/qualifyBy/0/minAmount',
    ],
    [
      'a referral that proves itself',
      { referral: { qualifyBy: [{ activity: 'referral.registered' }] } },
      '/referral/qualifyBy/0/activity',
    ],
    [
      'once, which a withdrawn referral would use up',
      {
        referral: { qualifyBy: [{ order: 'paid' }] },
        rules: [{ ...bonus, earn: { form: 'fixed', points: 500, once: true } }],
      },
      '/rules/0/earn/once',
    ],
    ['nothing to qualify by', { referral: { qualifyBy: [] } }, '/referral/qualifyBy'],
  ])('cannot have %s', (_, more, pointer) => {
    const validation = validateProgram({ ...document([SPEND]), ...more });
    expect(validation.ok ? [] : validation.violations.map((each) => each.pointer)).toContain(pointer);
  });
});
