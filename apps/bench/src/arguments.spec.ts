import { HELP, readArguments, UsageError } from './arguments.ts';

describe('the arguments of bench', () => {
  it('name what is measured, orders when nothing is named', () => {
    expect(readArguments([])).toMatchObject({
      bench: 'orders',
      orders: 60_000,
      shapes: ['standalone', 'processes', 'services'],
      share: 1,
    });
    expect(readArguments(['sweep', '--lots', '5000', '--quick'])).toMatchObject({
      bench: 'sweep',
      lots: 5_000,
      share: 0.1,
    });
    expect(readArguments(['rebuild'])).toMatchObject({ bench: 'rebuild', events: 1_000_000 });
    expect(readArguments(['webhooks'])).toMatchObject({ bench: 'webhooks', eventsPerSecond: 500 });
    expect(readArguments(['--growth']).bench).toBe('growth');
    expect(readArguments(['--rules', '--memory'])).toMatchObject({ bench: 'rules', memory: true });
    expect(readArguments(['--shapes', 'none']).shapes).toEqual([]);
  });

  it.each([
    [['redemptions'], "'redemptions' is not one of orders, growth, rules"],
    [['ledger', 'rules'], "'ledger rules' is not one of"],
    [['--orders', 'many'], "--orders must be a whole number above 0, not 'many'"],
    [['rebuild', '--events', '0'], "--events must be a whole number above 0, not '0'"],
    [['--members', '0'], "--members must be a whole number above 0, not '0'"],
    [['--shapes', 'one'], "--shapes: 'one' is not one of standalone, processes, services, none"],
    [['--fast'], '--fast'],
  ])('refuse %j', (args, why) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(why);
  });

  it('are explained, all of them', () => {
    const own = ['growth', 'rules', 'ledger', 'webhooks', 'folds', 'review', 'sweep', 'rebuild', '--lots', '--events'];
    for (const name of own) expect(HELP).toContain(`  ${name} `);
  });
});
