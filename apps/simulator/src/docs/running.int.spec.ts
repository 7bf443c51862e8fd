import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { issueKey, startStandalone, type RunningStandalone } from '@jifen/app-standalone';
import { createPool } from '@jifen/event-store-postgres';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import { parse } from 'yaml';
import { blocksOf, GUIDES, leads, readText } from './pages.ts';
import { labelsIn, metricsIn, queriesOf, seriesOf } from './queries.ts';
import { routesIn, routeExists } from './routes.ts';

const PROGRAM = 'docs';
/** The examples have dates; the system that they are sent to lives two days later. */
const TODAY = Date.parse('2026-11-22T12:00:00Z');
const run = promisify(execFile);

let database: RunningPostgres;
let admin: ReturnType<typeof createPool>;
let folder: string;
let system: RunningStandalone;
let key: string;

const call = async (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(system.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** Runs a block of a page as its reader would, and answers each line of output as JSON. */
async function shell(text: string, position = ''): Promise<readonly Record<string, unknown>[]> {
  const env = { ...process.env, JIFEN_URL: system.url, JIFEN_KEY: key, POSITION: position };
  const { stdout } = await run('sh', ['-e', '-c', text.replaceAll(/^curl /gm, "curl -w '\\n' ")], { env });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function inOrder(texts: readonly string[], position?: string): Promise<readonly Record<string, unknown>[]> {
  const answers: Record<string, unknown>[] = [];
  for (const text of texts) answers.push(...(await shell(text, position)));
  return answers;
}

const requestsOf = (page: string): readonly string[] =>
  blocksOf(readText(page))
    .filter(({ language, text }) => language === 'sh' && text.startsWith('curl '))
    .map(({ text }) => text);

const statementsOf = (page: string): readonly string[] =>
  blocksOf(readText(page))
    .filter(({ language }) => language === 'sql')
    .map(({ text }) => text);

beforeAll(async () => {
  const started = Date.now();
  database = await startPostgres({ fsync: false });
  admin = createPool(database.url, { max: 1 });
  folder = await mkdtemp(join(tmpdir(), 'jifen-docs-'));
  system = await startStandalone({
    dataDir: folder,
    databaseUrl: database.url,
    environment: { JIFEN_WEBHOOK_ALLOW_PRIVATE: '1' },
    port: 0,
    logLevel: 'error',
    clock: () => TODAY + Date.now() - started,
  });
  key = await issueKey(database.url, { program: PROGRAM, name: 'docs' });
  const program: unknown = JSON.parse(readText('programs/demo.json'));
  expect((await call('PUT', '/v1/program', program)).status).toBe(200);
  const published = await call('POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
  expect(published.status).toBe(200);
}, 120_000);

afterAll(async () => {
  await system.stop();
  await admin.end();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['README.md', 'm-readme', 'README-1'],
  ['README.zh-CN.md', 'm-readme-zh', 'README-ZH-1'],
])('the requests of %s', (page, member, orderId) => {
  const [post = '', ...reads] = requestsOf(page);

  it('earn the 129 points that the page promises, once', async () => {
    expect(reads).toHaveLength(2);
    const [accepted] = await shell(post);
    expect(accepted).toMatchObject({ accepted: 1, duplicates: 0, rejected: [] });
    const position = String(accepted?.['position']);
    const answers = await inOrder(reads, position);
    expect(answers).toHaveLength(3);
    const [balance, statement, award] = answers;
    expect(balance).toMatchObject({ member, data: [{ available: 129, net: 129 }] });
    expect(statement).toMatchObject({ data: [{ points: 129, cause: { id: orderId } }] });
    expect(award).toMatchObject({ member, target: 129, recomputed: { equal: true } });

    const [again] = await shell(post);
    expect(again).toMatchObject({ accepted: 0, duplicates: 1, rejected: [] });
    const [after] = await shell(reads[0] ?? '', String(again?.['position']));
    expect(after).toMatchObject({ data: [{ available: 129 }] });
  });
});

/**
 * Messages are put into words when they are sent: the pages of notifications have to wait for theirs before they go on. Those of
 * programs publish some: a system of their own runs their steps, in the tests of the command line.
 */
const ELSEWHERE = /notifications|programs/;

describe.each(
  GUIDES.filter((page) => page.startsWith('docs/') && !ELSEWHERE.test(page) && requestsOf(page).length > 0),
)('%s', (page) => {
  it('has requests that are answered', async () => {
    const answers = await inOrder(requestsOf(page));
    expect(answers.filter((answer) => 'traceId' in answer)).toEqual([]);
  });
});

describe.each(['docs/rules.md', 'docs/rules.zh-CN.md'])('the cart of %s', (page) => {
  it('Q26: earns what the page promises, and leaves nothing behind', async () => {
    const [preview] = await inOrder(requestsOf(page));
    expect(preview).toMatchObject({ member: 'm-cart', tier: { code: 'bronze' }, totals: { points: 129 }, missing: [] });
    expect(JSON.stringify(preview?.['rules'])).toContain('Rule spend gives 129 points.');
    expect(await (await call('GET', '/v1/members/m-cart/ratings')).json()).toEqual({ data: [] });
  });
});

describe.each(['docs/ledger.md', 'docs/ledger.zh-CN.md'])('the spending of %s', (page) => {
  it('comes to what the page says, however often it is sent', async () => {
    const texts = requestsOf(page);
    await inOrder(texts);
    const [given, quote, redeemed, held, sent, balance, statement] = await inOrder(texts);
    expect(given).toMatchObject({ balance: { available: 5_000 } });
    expect(quote).toMatchObject({ moneyCurrency: 'CNY', limitedBy: 'balance' });
    expect(redeemed).toMatchObject({ redemption: { points: 1_000, money: '10.00', toPay: '10.00' } });
    expect(held).toMatchObject({ hold: { points: 500, state: 'open' } });
    expect(sent).toMatchObject({ transfer: { points: 300 }, balance: { available: 3_200 } });
    expect(balance).toMatchObject({ data: [{ available: 3_200, held: 500, debt: 0 }] });
    expect(statement).toMatchObject({ data: [{ type: 'points.redeemed', points: -1_000 }] });
  });
});

describe.each([
  ['docs/notifications.md', 'm-told', '129 Points credited!'],
  ['docs/notifications.zh-CN.md', 'm-told-zh', '积分到账！'],
])('%s', (page, member, title) => {
  it('tells the member of its order, and has further requests that are answered', async () => {
    const [settings = '', order = '', ...others] = requestsOf(page);
    const first = await inOrder([settings, order]);
    const inbox = async (): Promise<readonly { readonly title: string }[]> =>
      ((await (await call('GET', `/v1/members/${member}/inbox`)).json()) as { data: readonly { title: string }[] })
        .data;
    const until = Date.now() + 20_000;
    while (!(await inbox()).some((each) => each.title === title) && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await inbox()).map((each) => each.title)).toContain(title);
    const answers = [...first, ...(await inOrder(others))];
    expect(answers.filter((answer) => 'traceId' in answer)).toEqual([]);
  }, 60_000);
});

describe.each(GUIDES.filter((page) => statementsOf(page).length > 0))('%s', (page) => {
  it.each(statementsOf(page))('has a statement that runs (%#)', async (statement) => {
    const client = await admin.connect();
    try {
      await client.query('BEGIN');
      await client.query(statement);
      await client.query('ROLLBACK');
    } finally {
      client.release();
    }
  });
});

describe('what the guides name', () => {
  let paths: readonly string[];

  beforeAll(async () => {
    const document = (await (await fetch(`${system.url}/openapi.json`)).json()) as { paths: Record<string, unknown> };
    paths = Object.keys(document.paths);
  });

  it.each(GUIDES)('%s: routes that the system has', (page) => {
    expect(routesIn(readText(page)).filter((route) => !routeExists(paths, route))).toEqual([]);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/version', '/docs', '/openapi.json'])('%s answers', async (path) => {
    expect((await fetch(system.url + path)).status).toBe(200);
  });
});

interface Alerts {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

describe('alerts and dashboard', () => {
  const alerts = (parse(readText('deploy/observability/alerts.yaml')) as Alerts).groups.flatMap(({ rules }) => rules);
  const dashboard: unknown = JSON.parse(readText('deploy/observability/dashboard.json'));
  let series: ReadonlyMap<string, ReadonlySet<string>>;

  beforeAll(async () => {
    await call('POST', '/v1/orders', { source: 'shop', orderId: 'no order' });
    await call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:1/closed' });
    const earned = await call('POST', '/v1/activities', {
      source: 'shop',
      id: 'join-1',
      type: 'member.registered',
      member: 'm-metrics',
      occurredAt: '2026-11-20T02:00:00Z',
    });
    expect(earned.status).toBe(202);
    const deadline = Date.now() + 15_000;
    do {
      await new Promise((resolve) => setTimeout(resolve, 100));
      series = seriesOf(await (await fetch(`${system.url}/metrics`)).text());
    } while (series.get('jifen_webhook_attempts_total')?.size === 0 && Date.now() < deadline);
  }, 30_000);

  it('use metrics and labels that a running system shows', () => {
    const queries = [...alerts.map(({ expr }) => ({ query: expr, legend: '' })), ...queriesOf(dashboard)];
    expect(queries.length).toBeGreaterThan(30);
    for (const { query, legend } of queries) {
      const metrics = metricsIn(query);
      expect([query, metrics.filter((name) => !series.has(name))]).toEqual([query, []]);
      const shown = metrics.map((name) => series.get(name) ?? new Set<string>()).filter((labels) => labels.size > 0);
      if (shown.length < metrics.length) continue;
      const known = new Set(['job', 'instance', ...shown.flatMap((labels) => [...labels])]);
      expect([query, labelsIn(query, legend).filter((label) => !known.has(label))]).toEqual([query, []]);
    }
  });

  it.each(alerts.map(({ alert, annotations }) => [alert, annotations] as const))(
    '%s has a runbook and says so in two languages',
    (_, { runbook_url: runbook = '', summary, summary_zh: chinese }) => {
      expect(runbook).toMatch(/^docs\/operations\.md#/);
      expect(leads('README.md', runbook)).toBe(true);
      expect(summary).toMatch(/\w/);
      expect(chinese).toMatch(/\p{Script=Han}/u);
    },
  );
});
