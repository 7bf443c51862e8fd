import type { PointValue, ProgramDocument, RedemptionPolicy, TransferPolicy, Violation } from '@jifen/contracts';
import { parseDecimal, parseMoney } from '@jifen/kernel';
import { violation } from './violation.ts';

/** What the schema cannot say of the policies for spending, holding, giving and valuing points. */
export function policyViolations(document: ProgramDocument): readonly Violation[] {
  return [
    ...perCurrency(document, document.redemption ?? [], '/redemption'),
    ...(document.redemption ?? []).flatMap((policy, index) => redemption(document, policy, `/redemption/${index}`)),
    ...holds(document),
    ...perCurrency(document, document.debtLimits ?? [], '/debtLimits'),
    ...(document.debtLimits ?? []).flatMap((limit, index) => tiers(document, limit, `/debtLimits/${index}`, 'limit')),
    ...(document.transfers === undefined ? [] : transfers(document, document.transfers)),
    ...perCurrency(document, document.pointValue ?? [], '/pointValue'),
    ...(document.pointValue ?? []).flatMap((value, index) => worth(value, `/pointValue/${index}`)),
  ];
}

function perCurrency(
  document: ProgramDocument,
  policies: readonly { readonly currency: string }[],
  pointer: string,
): readonly Violation[] {
  const codes = policies.map(({ currency }) => currency);
  return codes.flatMap((code, index) => [
    ...known(document, code, `${pointer}/${index}/currency`),
    ...(codes.indexOf(code) === index
      ? []
      : [violation(`${pointer}/${index}/currency`, `"${code}" has an entry already; each must be unique`)]),
  ]);
}

const known = (document: ProgramDocument, code: string, pointer: string): readonly Violation[] => {
  const codes = document.currencies.map((currency) => currency.code);
  return codes.includes(code) ? [] : [violation(pointer, `must be one of the currencies: ${codes.join(', ')}`)];
};

function redemption(document: ProgramDocument, policy: RedemptionPolicy, pointer: string): readonly Violation[] {
  const { moneyCurrency } = document;
  const amounts = [
    ['money', policy.money],
    ['step', policy.step],
    ['minimumOrder', policy.minimumOrder],
    ['maximumMoney', policy.maximumMoney],
    ...(policy.tiers ?? []).map((tier, index) => [`tiers/${index}/maximumMoney`, tier.maximumMoney] as const),
  ] as const;
  const wrong = amounts.flatMap(([field, text]) => {
    if (text === undefined) return [];
    const parsed = parseMoney(text, moneyCurrency);
    const positive = field === 'money' || field === 'step';
    if (parsed.ok && (!positive || parsed.value > 0)) return [];
    const bound = positive ? 'an amount greater than 0' : 'an amount';
    return [violation(`${pointer}/${field}`, `must be ${bound} with no more decimals than ${moneyCurrency} has`)];
  });
  return [
    ...wrong,
    ...(wrong.length === 0 ? steps(policy, moneyCurrency, pointer) : []),
    ...tiers(document, policy, pointer, 'cap'),
  ];
}

/** A step must be worth a whole number of points, or something of every order would be lost in rounding. */
function steps(policy: RedemptionPolicy, moneyCurrency: string, pointer: string): readonly Violation[] {
  if (policy.step === undefined) return [];
  const minor = (text: string): bigint => {
    const parsed = parseMoney(text, moneyCurrency);
    return BigInt(parsed.ok ? parsed.value : 0);
  };
  const exact = (minor(policy.step) * BigInt(policy.points)) % minor(policy.money) === 0n;
  return exact ? [] : [violation(`${pointer}/step`, 'must be worth a whole number of points')];
}

function tiers(
  document: ProgramDocument,
  policy: { readonly tiers?: readonly { readonly tier: string }[] },
  pointer: string,
  what: 'cap' | 'limit',
): readonly Violation[] {
  const codes = document.ladder?.tiers.map(({ code }) => code) ?? [];
  const capped = policy.tiers ?? [];
  return capped.flatMap(({ tier }, index) => {
    if (!codes.includes(tier))
      return [violation(`${pointer}/tiers/${index}/tier`, `"${tier}" is no tier of the ladder`)];
    const first = capped.findIndex((other) => other.tier === tier) === index;
    return first ? [] : [violation(`${pointer}/tiers/${index}/tier`, `"${tier}" has a ${what} already`)];
  });
}

/** As the ledger takes them where the program is silent. */
const HOLD_DEFAULTS = { defaultSeconds: 900, minimumSeconds: 1, maximumSeconds: 604_800 };

function holds(document: ProgramDocument): readonly Violation[] {
  const { defaultSeconds, minimumSeconds, maximumSeconds } = { ...HOLD_DEFAULTS, ...document.holds };
  return minimumSeconds <= defaultSeconds && defaultSeconds <= maximumSeconds
    ? []
    : [
        violation(
          '/holds',
          `must have ${minimumSeconds} ≤ ${defaultSeconds} ≤ ${maximumSeconds}: least, default, most`,
        ),
      ];
}

function transfers(document: ProgramDocument, policy: TransferPolicy): readonly Violation[] {
  const { currencies, minimumPoints = 1, maximumPoints, perDay, perMonth } = policy;
  const most = [
    ['maximumPoints', maximumPoints],
    ['perDay/points', perDay?.points],
    ['perMonth/points', perMonth?.points],
  ] as const;
  return [
    ...currencies.flatMap((code, index) => known(document, code, `/transfers/currencies/${index}`)),
    ...most.flatMap(([field, bound]) =>
      bound === undefined || bound >= minimumPoints
        ? []
        : [violation(`/transfers/${field}`, `must be at least minimumPoints, ${minimumPoints}`)],
    ),
  ];
}

function worth({ money }: PointValue, pointer: string): readonly Violation[] {
  return money === undefined || parseDecimal(money) !== undefined
    ? []
    : [violation(`${pointer}/money`, 'must be a decimal number')];
}
