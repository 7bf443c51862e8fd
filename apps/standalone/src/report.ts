import { resolve } from 'node:path';
import { DEFAULT_DATA_DIR } from './arguments.ts';
import type { ServiceUrls } from './definitions.ts';

/** What a start tells: also the JSON form, key by key. */
export interface StartReport {
  readonly url: string;
  readonly docs: string;
  readonly health: string;
  readonly metrics: string;
  readonly dataDir: string;
  readonly database: 'embedded' | 'DATABASE_URL';
  readonly bus: string;
  readonly demoKey?: string;
}

const LABEL = 9;

export const aligned = (label: string, value: string, width = LABEL): string => `  ${label.padEnd(width)}${value}`;

/** At most 15 lines. */
export function reportLines(report: StartReport): readonly string[] {
  const { url, demoKey } = report;
  return [
    '',
    `Jifen is running${demoKey === undefined ? '' : ' with the demo program "demo"'}. Ctrl-C stops it.`,
    aligned('API', `${url}/v1`),
    aligned('Docs', report.docs),
    aligned('Health', `${report.health}   Metrics  ${report.metrics}`),
    ...(demoKey === undefined
      ? [aligned('Key', `make one: npx jifen keys create --program <id>${dataDirOption(report)}`)]
      : [aligned('Demo key', demoKey)]),
    aligned(
      'Data',
      `${report.dataDir} (${report.database === 'embedded' ? 'embedded PostgreSQL' : 'database of DATABASE_URL'})`,
    ),
    aligned('Bus', report.bus),
    ...(demoKey === undefined ? [] : tryLines({ ingestion: url, ledger: url, rules: url }, demoKey)),
  ];
}

/** The command line finds the default directory and `DATABASE_URL` by itself. */
const dataDirOption = ({ dataDir, database }: StartReport): string =>
  database === 'DATABASE_URL' || dataDir === resolve(DEFAULT_DATA_DIR) ? '' : ` --data-dir ${dataDir}`;

/** To be copied as they are: the token of the answer goes into the second, the award's id into the third. */
export function tryLines(
  { ingestion, ledger, rules }: Pick<ServiceUrls, 'ingestion' | 'ledger' | 'rules'>,
  key: string,
): readonly string[] {
  const now = new Date().toISOString();
  const id = `TRY-${now.replaceAll(/\D/g, '').slice(0, 14)}`;
  const order = {
    source: 'demo-shop',
    orderId: id,
    revision: 1,
    member: 'member-01',
    status: 'paid',
    occurredAt: now,
    placedAt: now,
    paidAt: now,
    currency: 'CNY',
    lines: [{ lineId: '1', sku: 'TEA-100', quantity: 2, amount: '136.00' }],
  };
  return [
    '',
    'A paid order, the balance right after it, and why:',
    `  K='Authorization: Bearer ${key}'`,
    `  A=$(curl -sS ${ingestion}/v1/orders -H "$K" -H 'Content-Type: application/json' -d '${JSON.stringify(order)}'); echo "$A"`,
    `  T=$(echo "$A" | sed 's/.*"position":"\\([^"]*\\)".*/\\1/')`,
    `  curl -sS "${ledger}/v1/members/member-01/balance?after=$T" -H "$K"; echo`,
    `  curl -sS "${rules}/v1/awards/member-01~spend~demo-shop~${id}?after=$T" -H "$K"; echo`,
  ];
}
