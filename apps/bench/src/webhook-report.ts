import { OFFERED_SHARE } from './ledger-bench.ts';
import type { Aim } from './ledger-report.ts';
import { table } from './table.ts';
import type { WebhookResult } from './webhook-bench.ts';

const WEBHOOK_AIMS = { p99: 1_000, eventsPerSecond: 500 };

export function webhookAims({ awardsPerSecond, heard }: WebhookResult): Aim[] {
  const healthy = heard.find(({ manner }) => manner === 'healthy');
  const offered = awardsPerSecond >= WEBHOOK_AIMS.eventsPerSecond * OFFERED_SHARE;
  return [
    {
      aim: `healthy endpoints: p99 ≤ ${WEBHOOK_AIMS.p99} ms from award to delivery at ${WEBHOOK_AIMS.eventsPerSecond} events/s`,
      reached: offered && healthy !== undefined && healthy.p99 <= WEBHOOK_AIMS.p99,
    },
    {
      aim: 'healthy endpoints have everything',
      reached: healthy !== undefined && healthy.expected > 0 && healthy.received === healthy.expected,
    },
    { aim: 'order per member kept, at every endpoint', reached: heard.every(({ outOfOrder }) => outOfOrder === 0) },
  ];
}

export function webhookReport(result: WebhookResult): string {
  const cpu = Object.entries(result.cpuPer1000).map(([name, seconds]) => `${name} ${seconds}`);
  return [
    `${result.awardsPerSecond} awards/s, ${result.deliveriesPerSecond} deliveries/s; CPU seconds per 1,000 awards, orders included: ${cpu.join(', ')}`,
    '',
    table(
      ['endpoints', 'how many', 'expected', 'received', 'repeated', 'p50 ms', 'p99 ms', 'worst ms', 'out of order'],
      result.heard.map((each) => [
        each.manner,
        each.endpoints,
        each.expected,
        each.received,
        each.repeated,
        each.p50,
        each.p99,
        each.worst,
        each.outOfOrder,
      ]),
    ),
    '',
    ...webhookAims(result).map(({ aim, reached }) => `${reached ? 'reached' : 'not reached'}: ${aim}`),
  ].join('\n');
}
