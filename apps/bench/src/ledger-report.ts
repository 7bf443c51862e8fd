import { CEILING_BATCH } from './ceiling.ts';
import { LEDGER_AIMS, OFFERED_SHARE, type Beside, type Costed, type LedgerResult } from './ledger-bench.ts';
import { table } from './table.ts';

export interface Aim {
  readonly aim: string;
  readonly reached: boolean;
}

export function aims({ distinct, beside, hot }: LedgerResult): Aim[] {
  const { p99Beside, besidePerSecond, distinctPerSecond, hotPerSecond } = LEDGER_AIMS;
  const wasThere = ({ perSecond, ordersPerSecond, ordersOffered }: Beside): boolean =>
    perSecond >= besidePerSecond * OFFERED_SHARE && ordersPerSecond >= ordersOffered * OFFERED_SHARE;
  return [
    ...beside.map((each) => ({
      aim: `p99 ≤ ${p99Beside} ms at ${besidePerSecond}/s beside ${each.ordersOffered} orders/s`,
      reached: wasThere(each) && each.p99 <= p99Beside,
    })),
    { aim: `≥ ${distinctPerSecond}/s on distinct accounts`, reached: distinct.perSecond >= distinctPerSecond },
    { aim: `≥ ${hotPerSecond}/s on one account`, reached: hot.perSecond >= hotPerSecond },
  ];
}

export function ledgerReport(result: LedgerResult): string {
  const { distinct, beside, hot, books } = result;
  const plural = (connections: number): string => `${connections} connection${connections > 1 ? 's' : ''}`;
  const cpu = ({ cpuEach }: Costed): string =>
    Object.entries(cpuEach)
      .map(([name, milliseconds]) => `${name} ${milliseconds}`)
      .join(', ');
  return [
    table(
      ['what', 'a second', 'unit', 'p50 ms', 'p99 ms'],
      [
        ...result.oneRow.map((each) => [
          `one-row transactions, ${plural(each.connections)}`,
          each.perSecond,
          'transactions',
          '',
          '',
        ]),
        ...result.fenced.map((each) => [
          `fenced append (batches of ${CEILING_BATCH}), ${plural(each.connections)}`,
          each.eventsPerSecond,
          'events',
          '',
          '',
        ]),
        ['distinct accounts, alone', distinct.perSecond, 'redemptions', distinct.p50, distinct.p99],
        ...beside.map((each) => [
          `beside ${each.ordersOffered} orders/s, ${each.ordersPerSecond} done`,
          each.perSecond,
          'redemptions',
          each.p50,
          each.p99,
        ]),
        ['one account', hot.perSecond, 'redemptions', hot.p50, hot.p99],
      ],
    ),
    '',
    `CPU ms a redemption: distinct accounts ${cpu(distinct)}; one account ${cpu(hot)}`,
    ...aims(result).map(({ aim, reached }) => `${reached ? 'reached' : 'not reached'}: ${aim}`),
    `books: ${books.checked} accounts checked, ${books.wrong.length} wrong`,
    ...books.wrong,
  ].join('\n');
}
