import { formatToken } from '@jifen/contracts';
import { createCalendar, instantFromMillis, pointsFromBigInt, present, type Instant } from '@jifen/kernel';
import {
  AGE_MONTHS,
  apportion,
  formatMinor,
  liabilityRates,
  liabilityTable,
  type LiabilitySum,
  type Rate,
} from '@jifen/ledger';
import type { MoneyView, PolicyReads, ReadPolicies } from './worth.ts';

export interface LiabilitySums {
  /** Partition → position of the ledger log that the sums include. */
  readonly positions: ReadonlyMap<number, number>;
  readonly cells: readonly (LiabilitySum & { readonly currency: string })[];
  readonly partitions: readonly {
    readonly currency: string;
    readonly partition: number;
    readonly points: bigint;
    readonly debt: bigint;
  }[];
}

export interface LiabilityReads {
  liabilityOf(program: string): Promise<LiabilitySums>;
}

/** Points with what they are worth: all of them, and those that are expected to be redeemed. Null without a program. */
export interface Owed {
  readonly points: number;
  readonly faceValue: MoneyView | null;
  readonly liability: MoneyView | null;
}

export interface CurrencyLiability {
  readonly currency: string;
  /** Money a point, and the share expected to be redeemed, as the program in force states them. */
  readonly perPoint: string | null;
  readonly expectedRedemption: string | null;
  /** Not expired: pending, available and held. */
  readonly outstanding: Owed;
  /** What members owe; it is not netted. */
  readonly debt: number;
  /** Past their expiry, which is not posted yet: not outstanding. */
  readonly lapsed: number;
  /** By full months since they were earned; the parts add up to `outstanding`. */
  readonly byAge: readonly (Owed & { readonly fromMonths: number; readonly toMonths: number | null })[];
  /** By the month in which they are usable last; null: never expiring. The parts add up to `outstanding`. */
  readonly byExpiry: readonly (Owed & { readonly month: string | null })[];
  /** The sums that it was made of, lapsed points included. */
  readonly partitions: readonly { readonly partition: number; readonly points: number; readonly debt: number }[];
}

export interface Liability {
  readonly program: string;
  readonly asOf: Instant;
  /** Token of the ledger log: all postings up to it are in, none after. */
  readonly asOfPosition: string;
  /** In which months and ages are counted. */
  readonly timeZone: string;
  readonly data: readonly CurrencyLiability[];
}

/** Where no program was published yet. */
const UTC = present(createCalendar('UTC'), 'UTC');

/** V07, N13: what the program owes its members, from sums that are kept with the postings: no lot is looked at. */
export async function readLiability(
  reads: LiabilityReads & PolicyReads,
  program: string,
  millis: number,
): Promise<Liability> {
  const now = instantFromMillis(millis);
  const policies = await reads.policiesOf(program, now);
  const { positions, cells, partitions } = await reads.liabilityOf(program);
  const currencies = [...new Set(partitions.map(({ currency }) => currency))].sort();
  return {
    program,
    asOf: now,
    asOfPosition: formatToken({ log: 'ledger', positions }),
    timeZone: (policies?.calendar ?? UTC).timeZone,
    data: currencies.map((currency) => ({
      ...currencyLiability(
        currency,
        cells.filter((cell) => cell.currency === currency),
        policies,
        now,
      ),
      partitions: partitions
        .filter((one) => one.currency === currency)
        .map(({ partition, points, debt }) => ({
          partition,
          points: pointsFromBigInt(points),
          debt: pointsFromBigInt(debt),
        })),
    })),
  };
}

function currencyLiability(
  currency: string,
  sums: readonly LiabilitySum[],
  policies: ReadPolicies | undefined,
  now: Instant,
): Omit<CurrencyLiability, 'partitions'> {
  const { outstanding, debt, lapsed, byAge, byExpiry } = liabilityTable(sums, policies?.calendar ?? UTC, now);
  const rates = policies === undefined ? undefined : liabilityRates(policies, currency);
  const owed = (parts: readonly bigint[]): readonly Owed[] => {
    const face = moneyOf(parts, rates?.face);
    const expected = moneyOf(parts, rates?.expected);
    return parts.map((part, index) => ({
      points: pointsFromBigInt(part),
      faceValue: face[index] ?? null,
      liability: expected[index] ?? null,
    }));
  };
  const ages = owed(byAge);
  const months = owed(byExpiry.map(({ points }) => points));
  return {
    currency,
    perPoint: rates?.perPoint ?? null,
    expectedRedemption: rates?.expectedRedemption ?? null,
    outstanding: present(owed([outstanding])[0], 'the total'),
    debt: pointsFromBigInt(debt),
    lapsed: pointsFromBigInt(lapsed),
    byAge: AGE_MONTHS.map((fromMonths, index) => ({
      fromMonths,
      toMonths: AGE_MONTHS[index + 1] ?? null,
      ...present(ages[index], 'an age'),
    })),
    byExpiry: byExpiry.map(({ month }, index) => ({ month: month ?? null, ...present(months[index], 'a month') })),
  };
}

function moneyOf(parts: readonly bigint[], rate: Rate | undefined): readonly MoneyView[] {
  if (rate === undefined) return [];
  const currency = rate.moneyCurrency;
  return apportion(parts, rate).parts.map((minor) => ({ amount: formatMinor(minor, currency), currency }));
}

const CSV_HEADER =
  'as_of,position,currency,kind,bucket,points,face_value,liability,money_currency,per_point,expected_redemption';

/** The same as a table: one line for the total, each age and each month. No cell needs quoting. */
export function liabilityCsv({ asOf, asOfPosition, data }: Liability): string {
  const lines = data.flatMap((of) => {
    const line = (kind: string, bucket: string, { points, faceValue, liability }: Owed): string =>
      [
        asOf,
        asOfPosition.replaceAll(',', ' '),
        of.currency,
        kind,
        bucket,
        points,
        faceValue?.amount ?? '',
        liability?.amount ?? '',
        liability?.currency ?? '',
        of.perPoint ?? '',
        of.expectedRedemption ?? '',
      ].join(',');
    return [
      line('total', '', of.outstanding),
      ...of.byAge.map((age) => line('age-months', `${age.fromMonths}-${age.toMonths ?? ''}`, age)),
      ...of.byExpiry.map((month) => line('expiry-month', month.month ?? 'never', month)),
    ];
  });
  return `${[CSV_HEADER, ...lines].join('\r\n')}\r\n`;
}
