import { line, order, program, rateOrder, reasonOf, SPEND, spendOn, spent } from '../examples.ts';

describe('refunds', () => {
  it('U01: buy, refund, repeat mints nothing', () => {
    const refunded = order([line('100.00', { refundedAmount: '100.00' })], { revision: 2 });
    expect([spent(SPEND, order([line('100.00')])), spent(SPEND, refunded)]).toEqual([100, 0]);
    expect(reasonOf(rateOrder(program([SPEND]), refunded), 'spend')).toBe('fully-refunded');
  });

  it('U03: refunded lines are out of the arithmetic, the others stay in it', () => {
    const lines = [
      line('100.00', { refundedAmount: '100.00' }),
      line('60.00'),
      line('40.00', { refundedAmount: '10.00' }),
    ];
    expect(spent(SPEND, order(lines))).toBe(90);
  });

  it.each([
    ['nothing', '0', 100],
    ['a part', '30.00', 70],
    ['all', '100.00', 0],
    ['more than all', '250.00', 0],
  ])('U04: a return of %s leaves %s', (_, refundedAmount, target) => {
    expect(spent(SPEND, order([line('100.00', { refundedAmount })]))).toBe(target);
  });

  it('U09: a returned quantity counts where no amount is given', () => {
    const returned = (refundedQuantity: number) => order([line('90.00', { quantity: 3, refundedQuantity })]);
    expect([0, 1, 2, 3].map((quantity) => spent(SPEND, returned(quantity)))).toEqual([90, 60, 30, 0]);
  });

  it('U09: nothing is left of shipping when everything came back', () => {
    const rule = spendOn({ shipping: 'include' });
    const all = order([line('90.00', { refundedAmount: '90.00' })], { shipping: '10.00' });
    const half = order([line('90.00', { refundedAmount: '45.00' })], { shipping: '10.00' });
    expect([spent(rule, { ...all, lines: [line('90.00')] }), spent(rule, half), spent(rule, all)]).toEqual([
      100, 50, 0,
    ]);
  });

  it('U09: a fixed reward of an order goes with its last line', () => {
    const rule = { ...SPEND, earn: { form: 'fixed' as const, points: 50 } };
    const some = order([line('10.00', { refundedAmount: '10.00' }), line('10.00')]);
    const all = order([line('10.00', { refundedAmount: '10.00' }), line('10.00', { refundedAmount: '10.00' })]);
    expect([spent(rule, some), spent(rule, all)]).toEqual([50, 0]);
  });

  it('a refund is in terms of what was paid, also where the basis is another', () => {
    const sale = line('100.00', { discount: '50.00', refundedAmount: '25.00' });
    expect(spent(spendOn({ discount: 'before' }), order([sale]))).toBe(50);
  });
});

describe('tax', () => {
  const onTop = order([line('100.00', { tax: '13.00' })], { pricesIncludeTax: false });
  const within = order([line('113.00', { tax: '13.00' })], { pricesIncludeTax: true });

  it.each([
    ['include', 113],
    ['exclude', 100],
  ] as const)('U37: %s is a switch, however prices are written', (tax, target) => {
    expect([spent(spendOn({ tax }), onTop), spent(spendOn({ tax }), within)]).toEqual([target, target]);
  });

  it('U37: a refund of what was paid, tax and all, leaves the same share', () => {
    const half = order([line('100.00', { tax: '13.00', refundedAmount: '56.50' })], { pricesIncludeTax: false });
    expect(spent(spendOn({ tax: 'exclude' }), half)).toBe(50);
  });
});

describe('goods', () => {
  it('U38: gift cards that are bought can be kept out, by category, tag or sku', () => {
    const cards = order([line('100.00', { sku: 'CARD-100', category: 'gift-card', tags: ['voucher'] }), line('20.00')]);
    const without = [
      spendOn({ except: { categories: ['gift-card'] } }),
      spendOn({ except: { tags: ['voucher'] } }),
      spendOn({ except: { skus: ['CARD-100'] } }),
    ];
    expect(without.map((rule) => spent(rule, cards))).toEqual([20, 20, 20]);
    expect(spent(spendOn({ only: { categories: ['gift-card'] } }), cards)).toBe(100);
  });

  it('U38: what is paid with points or a gift card earns nothing, unless the rule says so', () => {
    const paid = (kind: 'points' | 'gift-card') =>
      order([line('100.00')], {
        payments: [
          { kind, amount: '40.00' },
          { kind: 'cash', amount: '60.00' },
        ],
      });
    expect([spent(SPEND, paid('points')), spent(SPEND, paid('gift-card'))]).toEqual([60, 60]);
    expect(spent(spendOn({ giftCardPaid: 'gross' }), paid('gift-card'))).toBe(100);
  });

  it('gift lines earn nothing and carry no discount', () => {
    const lines = [line('30.00', { isGift: true }), line('100.00')];
    expect(spent(SPEND, order(lines, { orderDiscount: '10.00' }))).toBe(90);
  });
});

describe('payments', () => {
  const partly = order([line('80.00'), line('20.00')], {
    payments: [
      { kind: 'points', amount: '30.00' },
      { kind: 'cash', amount: '70.00' },
    ],
  });

  it.each([
    ['none', 0],
    ['net', 70],
    ['gross', 100],
  ] as const)('U39: an order partly paid with points earns %s: %d', (pointsPaid, target) => {
    expect(spent(spendOn({ pointsPaid }), partly)).toBe(target);
  });

  it('U39: a refund lowers what was paid in cash in proportion, and never below nothing', () => {
    const half = { ...partly, lines: [line('80.00', { refundedAmount: '50.00' }), line('20.00')] };
    expect(spent(spendOn({ pointsPaid: 'net' }), half)).toBe(35);
  });

  it('U39: paid with points alone earns nothing', () => {
    const only = order([line('50.00')], { payments: [{ kind: 'points', amount: '50.00' }] });
    expect(spent(SPEND, only)).toBe(0);
  });

  it('store credit is money', () => {
    expect(spent(SPEND, order([line('50.00')], { payments: [{ kind: 'store-credit', amount: '50.00' }] }))).toBe(50);
  });
});

describe('discounts', () => {
  it('U40: a discount only takes: 6.00 less 1.00 earns 5', () => {
    expect(spent(SPEND, order([line('6.00', { discount: '1.00' })]))).toBe(5);
    expect(spent(SPEND, order([line('6.00')], { orderDiscount: '1.00' }))).toBe(5);
    expect(spent(SPEND, order([line('6.00')], { orderDiscount: '9.00' }))).toBe(0);
  });

  it('U40: a rule can earn on the price before discounts, but not on more', () => {
    const sale = order([line('6.00', { discount: '1.00' })], { orderDiscount: '1.00' });
    expect(spent(spendOn({ discount: 'before' }), sale)).toBe(6);
  });

  it('U41: a cart split into several orders earns what the cart would', () => {
    const cart = [line('60.00'), line('40.00')];
    const whole = spent(SPEND, order(cart, { orderDiscount: '10.00', shipping: '8.00' }));
    const parts = cart.map((own, index) =>
      spent(SPEND, order([own], { orderId: `A-${index}`, orderDiscount: index === 0 ? '6.00' : '4.00' })),
    );
    expect([whole, parts]).toEqual([90, [54, 36]]);
  });

  it('spreads an order discount over the lines to the last cent', () => {
    const lines = [
      line('10.00', { category: 'a' }),
      line('10.00', { category: 'b' }),
      line('10.00', { category: 'c' }),
    ];
    const cents = (category: string): number =>
      spent(
        {
          ...spendOn({}),
          earn: { form: 'rate', points: '1', per: '0.01', basis: { only: { categories: [category] } } },
        },
        order(lines, { orderDiscount: '1.00' }),
      );
    expect(['a', 'b', 'c'].map(cents)).toEqual([966, 967, 967]);
  });
});
