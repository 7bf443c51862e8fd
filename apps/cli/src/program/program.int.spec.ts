import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueKey, startStandalone, type RunningStandalone } from '@jifen/app-standalone';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import { COMMANDS, run } from '../index.ts';

const SPEND = `name: { en: Shop, zh: 商店 }
timeZone: Asia/Shanghai
moneyCurrency: CNY
currencies:
  - { code: points, decimals: 0 }
rules:
  - id: spend
    when: { order: paid }
    earn: { form: rate, points: '1', per: '1.00' }
    currency: points
`;
const CASES = `cases:
  - name: { en: One yuan is one point, zh: 一元一分 }
    at: 2026-11-01T00:00:00Z
    given:
      - order: { orderId: A-1, amount: '129.90' }
      - order: { orderId: A-1, lines: [{ amount: '129.90', refundedAmount: '29.90' }] }
    expect:
      m-1: { points: 100, rules: { spend: 100 } }
`;

const ORDER = (member: string, orderId: string, amount: string) => ({
  source: 'shop',
  orderId,
  revision: 1,
  member,
  status: 'paid',
  occurredAt: '2026-11-01T00:00:00Z',
  placedAt: '2026-11-01T00:00:00Z',
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount }],
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder: string;
const at = (name: string): string => join(folder, name);
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(at(name), text);
  return at(name);
};

const jifen = async (...args: readonly string[]): Promise<Ran> => {
  const said = { out: '', err: '' };
  const code = await run(COMMANDS, ['program', ...args], {
    out: (text) => void (said.out += `${text}\n`),
    err: (text) => void (said.err += `${text}\n`),
  });
  return { code, ...said };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jifen-program-'));
  await file('spend.yaml', SPEND);
  await file('spend.program-test.yaml', CASES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('N14: a program as files', () => {
  it('is valid, or wrong at a line and column', async () => {
    expect(await jifen('validate', at('spend.yaml'))).toMatchObject({ code: 0 });
    const wrong = await file('wrong.yaml', SPEND.replace("points: '1'", 'points: 1').replace('CNY', 'yuan'));
    const { code, out } = await jifen('validate', at('spend.yaml'), wrong);
    expect(code).toBe(1);
    expect(out).toContain(`${wrong}:3:1: /moneyCurrency must match pattern`);
    expect(out).toContain(`${wrong}:9:25: /rules/0/earn/points must be string`);
    const broken = await file('broken.yaml', 'a: 1\na: 2\n');
    const json = JSON.parse((await jifen('validate', broken, '--json')).out) as object;
    expect(json).toMatchObject({ valid: false, faults: [{ file: broken, line: 2, column: 1 }] });
  });

  it('is tested by its cases, and tells what was expected, what is, and why', async () => {
    expect(await jifen('test', folder)).toMatchObject({ code: 0, out: expect.stringContaining('1 of 1 cases pass') });
    const wrong = await file('wrong.program-test.yaml', `program: spend.yaml\n${CASES.replaceAll('100', '130')}`);
    const { code, out } = await jifen('test', wrong);
    expect(code).toBe(1);
    expect(out).toContain(
      '  ✗ One yuan is one point\n      m-1 points points:\n        - expected 130\n        + is 100\n',
    );
    expect(out).toContain('A-1: Rule spend gives 100 points.');
    expect((await jifen('test', wrong, '--language', 'zh')).out).toContain('        - 期望 130\n        + 实际 100\n');
    expect(JSON.parse((await jifen('test', wrong, '--json')).out)).toMatchObject({
      passed: false,
      files: [{ cases: [{ mismatches: [{ expected: 130, actual: 100 }, { of: 'spend' }] }] }],
    });
    await rm(wrong);
  });

  it('points into test files that are wrong', async () => {
    const wrong = await file('steps.program-test.yaml', `program: spend.yaml\n${CASES.replace('129.90', '129.999')}`);
    const { code, out } = await jifen('test', wrong);
    expect(code).toBe(1);
    expect(out).toContain(`${wrong}:6:9: /cases/0/given/0/order`);
    await rm(wrong);
  });

  it('is compared with another', async () => {
    const two = await file('two.json', JSON.stringify({ rules: [{ id: 'spend', earn: { points: '2' } }] }));
    const { code, out } = await jifen('diff', at('spend.yaml'), two);
    expect(code).toBe(1);
    expect(out).toContain('rule spend: ');
    expect(out).toContain(`+++ ${two}`);
    expect(await jifen('diff', at('spend.yaml'), at('spend.yaml'))).toMatchObject({ code: 0, out: 'No difference.\n' });
  });

  it('is simulated on files alone: what changes by rule and by member, and what it costs', async () => {
    const double = await file('twice.yaml', SPEND.replace("points: '1'", "points: '2'"));
    const steps = await file(
      'steps.yaml',
      `- order: { orderId: A-1, amount: '100.00', occurredAt: 2026-11-01T00:00:00Z }
- { member: m-2, order: { orderId: A-2, amount: '50.00', occurredAt: 2026-11-02T00:00:00Z } }
`,
    );
    const args = ['simulate', double, '--activities', steps, '--baseline', at('spend.yaml')];
    const { code, out } = await jifen(...args);
    expect(code).toBe(0);
    expect(out).toContain('points: 300 instead of 150 (+150), worth 3.00 instead of 1.50 CNY');
    expect(out).toContain('cost 3.00 of revenue 150.00 CNY = 2.00 %, limit 3.00 %: within');
    expect(out).toMatch(/m-2 +points +100 +50 +\+50\n/);
    expect(JSON.parse((await jifen(...args, '--json')).out)).toMatchObject({
      members: 2,
      rules: [{ rule: 'spend', candidate: 300, baseline: 150, change: 150 }],
    });
    const dear = await file('dear.yaml', SPEND.replace("points: '1'", "points: '4'"));
    expect(await jifen('simulate', dear, '--activities', steps)).toMatchObject({ code: 0 });
    expect(await jifen('simulate', dear, '--activities', steps, '--gate')).toMatchObject({ code: 1 });
    const wrong = await file('wrong-steps.yaml', `- order: { orderId: A-1, amount: '1.001' }\n`);
    const refused = await jifen('simulate', double, '--activities', wrong);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining(`${wrong}:1:`)]);
    expect(await jifen('simulate', '--help')).toMatchObject({ code: 0, out: expect.stringContaining('--gate') });
  });

  it.each([
    [['validate'], 'expected: program validate'],
    [['validate', 'nothing.yaml'], 'no such file'],
    [['test', 'nothing'], 'no such file or folder'],
    [['test', '.', '--language', 'fr'], '--language is en or zh'],
    [['diff', 'draft', 'in-force'], '--url is required'],
    [['publish', 'spend.yaml'], '--url is required'],
    [['simulate', 'spend.yaml'], 'give one of --order'],
    [['simulate', 'spend.yaml', '--history'], '--url is required'],
    [['simulate', 'draft', '--activities', 'steps.yaml'], 'works on program files'],
    [['export', '--url', 'http://localhost:1'], 'JIFEN_KEY'],
  ])('refuses %j with exit code 2', async (args, message) => {
    delete process.env['JIFEN_KEY'];
    const { code, err } = await jifen(...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});

describe('N14: a program from git to a server', () => {
  let database: RunningPostgres;
  let system: RunningStandalone;
  const there = (...args: readonly string[]): Promise<Ran> => jifen(...args, '--url', system.url);

  beforeAll(async () => {
    database = await startPostgres({ fsync: false });
    system = await startStandalone({
      dataDir: at('data'),
      databaseUrl: database.url,
      port: 0,
      logLevel: 'error',
      environment: {},
    });
    process.env['JIFEN_KEY'] = await issueKey(database.url, { program: 'git', name: 'pipeline' });
  }, 120_000);
  afterAll(async () => {
    delete process.env['JIFEN_KEY'];
    await system.stop();
    await database.stop();
  });

  it('is published once, and again only when it changed', async () => {
    expect(await there('publish', at('spend.yaml'), '--dry-run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('+  - id: spend'),
    });
    const first = await there('publish', at('spend.yaml'), '--at', '2026-01-01T00:00:00Z');
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('Published version 1') });
    expect((await there('publish', at('spend.yaml'))).out).toContain('nothing to publish');
    expect(await there('diff', 'in-force', at('spend.yaml'))).toMatchObject({ code: 0 });
    const double = await file('double.yaml', SPEND.replace("points: '1'", "points: '2'"));
    expect((await there('publish', double, '--json')).out).toContain('"version":2');
    expect((await there('diff', '1', 'in-force')).out).toContain('rule spend: /earn/points');
  });

  it('is exported as it can be published, and rolled back', async () => {
    const out = at('exported.yaml');
    expect(await there('export', '1', '--out', out)).toMatchObject({ code: 0 });
    expect(await jifen('diff', at('spend.yaml'), out)).toMatchObject({ code: 0 });
    expect((await there('export')).out).toContain('points: "2"');
    expect(await there('export', 'draft', '--out', at('draft.json'))).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(at('draft.json'), 'utf8'))).toMatchObject({ moneyCurrency: 'CNY' });
    expect((await there('publish', '--rollback', '1')).out).toContain('Published version 3');
    expect(await there('diff', '1', 'in-force')).toMatchObject({ code: 0 });
  });

  it('is simulated by a server: an order, a member, history', async () => {
    const sent = await fetch(`${system.url}/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${process.env['JIFEN_KEY']}`, 'content-type': 'application/json' },
      body: JSON.stringify([ORDER('m-1', 'A-1', '100.00'), ORDER('m-2', 'A-2', '30.00')]),
    });
    expect(sent.status).toBe(202);
    const { member: _, ...order } = ORDER('m-1', 'A-9', '100.00');
    const typed = await there(
      'simulate',
      at('double.yaml'),
      '--order',
      await file('order.json', JSON.stringify(order)),
    );
    expect(typed).toMatchObject({ code: 0, out: expect.stringContaining('Rule spend gives 200 points.') });
    expect(typed.out).toContain('points: 200 instead of 100 (+100), worth 2.00 instead of 1.00 CNY');
    const version = await there('simulate', '2', '--order', at('order.json'), '--json');
    expect(JSON.parse(version.out)).toMatchObject({ programVersion: 2, totals: { points: 200 } });
    const history = await there('simulate', at('double.yaml'), '--history', '--days', '3650');
    expect(history).toMatchObject({ code: 0, out: expect.stringContaining('points: 260 instead of 130 (+130)') });
    const member = await there('simulate', '2', '--member', 'm-2', '--json');
    expect(JSON.parse(member.out)).toMatchObject({ state: 'done', report: { member: 'm-2', members: 1, causes: 1 } });
    await expect(there('simulate', '99', '--history')).rejects.toThrow('404 not_found: there is no version 99');
  }, 60_000);

  it('is refused with the words of the server, or of the file', async () => {
    await expect(there('publish', '--rollback', '99')).rejects.toThrow('404 not_found: there is no version 99');
    expect(await there('publish', at('broken.yaml'))).toMatchObject({ code: 1 });
    await expect(jifen('export', '--url', 'http://127.0.0.1:1')).rejects.toThrow('does not answer');
  });
});

describe('N14: a simulation that runs for long', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // It was told that it runs: now somebody presses Ctrl-C.
    if (request.method === 'GET') setImmediate(() => process.emit('SIGINT'));
    const state = request.method === 'DELETE' ? 'cancelled' : 'running';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'j-1', state, done: 10, total: 100 }));
  });

  beforeAll(async () => {
    process.env['JIFEN_KEY'] = 'jf_test';
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    delete process.env['JIFEN_KEY'];
    await new Promise((resolve) => server.close(resolve));
  });

  it('is cancelled on the server with Ctrl-C, and ends with 1', async () => {
    const { port } = server.address() as AddressInfo;
    const before = process.listenerCount('SIGINT');
    const ran = await jifen('simulate', 'draft', '--history', '--json', '--url', `http://127.0.0.1:${port}`);
    expect([ran.code, JSON.parse(ran.out)]).toEqual([1, expect.objectContaining({ state: 'cancelled' })]);
    expect(asked).toEqual([
      'POST /v1/program/simulations',
      'GET /v1/program/simulations/j-1',
      'DELETE /v1/program/simulations/j-1',
    ]);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
