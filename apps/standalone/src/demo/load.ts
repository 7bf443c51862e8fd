import { readFile } from 'node:fs/promises';
import type { ServiceUrls } from '../definitions.ts';
import { DemoClient } from './client.ts';
import { DEMO_SOURCE, demoHistory } from './history.ts';

export const DEMO_PROGRAM = 'demo';
const BATCH = 100;
/** Before the oldest order: a rating uses the version in force when the order was placed. */
const EFFECTIVE_FROM = '2020-01-01T00:00:00Z';

export interface DemoOptions {
  readonly urls: ServiceUrls;
  readonly key: string;
  /** Last day of the three months. */
  readonly until: Date;
  readonly onProgress: (done: number, total: number) => void;
  /** Aborted when it shall leave off. */
  readonly stopping?: AbortSignal;
}

interface BulkAnswer {
  readonly position?: string;
  readonly rejected: readonly unknown[];
}

/**
 * The demo program with its members and orders, through the doors that everybody uses. Running it again for the same day
 * changes nothing: every record is a duplicate then.
 */
export async function loadDemo({ urls, key, until, onProgress, stopping }: DemoOptions): Promise<void> {
  const client = new DemoClient(urls, key, stopping);
  const { members, orders, refunds } = demoHistory(until);
  await publishProgram(client);
  const joined = new Date(until.getTime() - 120 * 86_400_000).toISOString();
  const registrations = members.map(({ id }) => ({
    source: DEMO_SOURCE,
    id: `join-${id}`,
    type: 'member.registered',
    member: id,
    occurredAt: joined,
  }));
  const total = members.length + registrations.length + orders.length + refunds.length;
  let done = 0;
  const advance = (count: number): void => {
    done += count;
    onProgress(done, total);
  };
  for (const { id, profile } of members) {
    await client.expect('ingestion', 'PUT', `/v1/members/${id}`, profile);
    advance(1);
  }
  const tokens: (string | undefined)[] = [];
  for (const [path, records] of [
    ['/v1/activities', registrations],
    ['/v1/orders', orders],
    ['/v1/order-refunds', refunds],
  ] as const) {
    for (let start = 0; start < records.length; start += BATCH) {
      const batch = records.slice(start, start + BATCH);
      const answer = await client.expect<BulkAnswer>('ingestion', 'POST', path, batch);
      if (answer.rejected.length > 0) throw new Error(`the demo was refused: ${JSON.stringify(answer.rejected[0])}`);
      tokens.push(answer.position);
      advance(batch.length);
    }
  }
  for (const token of tokens) {
    if (token !== undefined) await client.expect('ledger', 'GET', `/v1/members/member-01/balance?after=${token}`);
  }
}

/** Somebody began to load it, here or from another data directory. */
export async function hasDemo(client: DemoClient): Promise<boolean> {
  const versions = await client.call<{ readonly data?: readonly unknown[] }>('rules', 'GET', '/v1/program/versions');
  return versions.status === 200 && (versions.body.data?.length ?? 0) > 0;
}

async function publishProgram(client: DemoClient): Promise<void> {
  if (await hasDemo(client)) return;
  const document: unknown = JSON.parse(
    await readFile(new URL('../../../../programs/demo.json', import.meta.url), 'utf8'),
  );
  await client.expect('rules', 'PUT', '/v1/program', document);
  await client.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: EFFECTIVE_FROM });
}
