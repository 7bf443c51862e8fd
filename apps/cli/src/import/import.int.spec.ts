import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issueKey, startStandalone, type RunningStandalone } from '@jifen/app-standalone';
import { createPool } from '@jifen/event-store-postgres';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { COMMANDS, run } from '../index.ts';

const PROGRAM = {
  name: { en: 'Shop', zh: '商店' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [
    { code: 'points', decimals: 0 },
    { code: 'stars', decimals: 0 },
  ],
  ladder: {
    currency: 'points',
    basis: 'lifetime-points',
    tiers: [
      { code: 'bronze', name: { en: 'Bronze', zh: '青铜' }, threshold: 0, multiplier: '1' },
      { code: 'gold', name: { en: 'Gold', zh: '黄金' }, threshold: 1000, multiplier: '1.5' },
    ],
  },
  redemption: [{ currency: 'points', points: 100, money: '1.00' }],
  rules: [{ id: 'visit', when: { activity: 'check-in' }, earn: { form: 'fixed', points: 5 }, currency: 'points' }],
};

describe('Q33, U49: jifen import balances', () => {
  let database: RunningPostgres;
  let pool: Pool;
  let running: RunningStandalone;
  let folder: string;
  let headers: Record<string, string>;
  const environment = { url: process.env['JIFEN_URL'], key: process.env['JIFEN_KEY'] };

  const jifen = async (...args: readonly string[]) => {
    const said = { out: '', err: '' };
    const code = await run(COMMANDS, [...args], {
      out: (text) => void (said.out += `${text}\n`),
      err: (text) => void (said.err += `${text}\n`),
    });
    return { code, ...said };
  };
  const json = async (...args: readonly string[]) => {
    const { out } = await jifen(...args, '--json');
    return JSON.parse(out) as Readonly<Record<string, unknown>>;
  };
  const get = async (path: string) =>
    (await (await fetch(running.url + path, { headers })).json()) as { readonly data: readonly object[] };
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    database = await startPostgres({ fsync: false });
    pool = createPool(database.url, { max: 1 });
    folder = await mkdtemp(join(tmpdir(), 'jifen-import-'));
    running = await startStandalone({
      dataDir: folder,
      databaseUrl: database.url,
      port: 0,
      logLevel: 'error',
      environment: {},
    });
    const key = await issueKey(database.url, { program: 'shop', name: 'import' });
    process.env['JIFEN_URL'] = running.url;
    process.env['JIFEN_KEY'] = key;
    headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const send = (method: string, path: string, body: unknown) =>
      fetch(running.url + path, { method, headers, body: JSON.stringify(body) });
    await send('PUT', '/v1/program', PROGRAM);
    const published = await send('POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    expect(published.status).toBeLessThan(300);
    // The ledger hears of programs by their topic.
    for (let tries = 0; tries < 200; tries++) {
      const probe = await send('POST', '/v1/imports/probe', {
        dryRun: true,
        rows: [{ row: '1', member: 'p', points: 1 }],
      });
      if (probe.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, 120_000);
  afterAll(async () => {
    process.env['JIFEN_URL'] = environment.url;
    process.env['JIFEN_KEY'] = environment.key;
    await running.stop();
    await pool.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const FILE =
    '会员,积分,获得日期,到期日期,原因,门店\n' +
    'm-1,1000,2025-06-18,2099-12-31,旧系统余额,北京\n' +
    'm-1,200,2025-07-01,,,上海\n' +
    'm-2,0,,,,\n' +
    'm-3,-5,,,,\n' +
    'm 4,70,,,,\n' +
    'm-5,70,2025-06-18,2025-07-01,,\n';

  it('checks without writing, imports once, and takes the errors back when they are corrected', async () => {
    await writeFile(at('old.csv'), FILE);
    const counts = { rows: 6, empty: 1, refused: 3 };
    const dry = await json('import', 'balances', at('old.csv'), '--dry-run');
    expect(dry).toMatchObject({ ...counts, dryRun: true, imported: 2, points: { imported: { points: '1200' } } });
    expect(await get('/v1/members/m-1/balance')).toMatchObject({ code: 'not_found' });
    const ofDry = await readFile(at('old.csv.errors.csv'), 'utf8');

    expect((await jifen('import', 'balances', at('old.csv'))).code).toBe(1);
    const again = await json('import', 'balances', at('old.csv'));
    expect(again).toMatchObject({ ...counts, imported: 0, already: 2, points: { already: { points: '1200' } } });
    expect(await get('/v1/members/m-1/balance')).toMatchObject({
      data: [{ currency: 'points', available: 1200, worth: { available: { amount: '12.00', currency: 'CNY' } } }],
    });
    expect(await get('/v1/members/m-1/lots')).toMatchObject({
      data: [
        { remaining: 1000, earnedAt: '2025-06-17T16:00:00.000Z', expiresAt: '2099-12-31T16:00:00.000Z' },
        { remaining: 200, expiresAt: null },
      ],
    });
    const statement = await get('/v1/members/m-1/statement?reason=import');
    expect(statement.data).toHaveLength(2);

    const errors = await readFile(at('old.csv.errors.csv'), 'utf8');
    expect(errors.split('\r\n').slice(0, 3)).toEqual([
      '\uFEFF会员,积分,获得日期,到期日期,原因,门店,import_id,import_row,error_code,error_message',
      expect.stringMatching(/^m-3,-5,,,,,csv-[0-9a-f]{16},5,invalid_request,points are below 0/),
      expect.stringMatching(/^m 4,70,.*,6,invalid_request,/),
    ]);
    expect(errors).toContain('already_expired');
    // A dry run and two imports: what is corrected in the file of one is not lost to the next.
    expect(again['errors']).toBe(at('old.csv.errors-3.csv'));
    expect(errors).toBe(ofDry);
    await writeFile(
      at('fixed.csv'),
      errors.replace('m-3,-5', 'm-3,5').replace('m 4', 'm-4').replace('2025-07-01', '2099-07-01'),
    );
    expect(await json('import', 'balances', at('fixed.csv'))).toMatchObject({ rows: 3, imported: 3, refused: 0 });
    expect(await json('import', 'balances', at('fixed.csv'))).toMatchObject({ rows: 3, already: 3 });
  }, 60_000);

  it('refuses a row that was imported with other points under the same name', async () => {
    await writeFile(at('a.csv'), 'member,points,import_row\nm-9,10,1\n');
    expect(await json('import', 'balances', at('a.csv'), '--id', 'one')).toMatchObject({ imported: 1 });
    await writeFile(at('a.csv'), 'member,points,import_row\nm-9,11,1\n');
    expect(await json('import', 'balances', at('a.csv'), '--id', 'one')).toMatchObject({ imported: 0, refused: 1 });
    expect(await get('/v1/members/m-9/balance')).toMatchObject({ data: [{ available: 10 }] });
  });

  it('Q36: refuses rows of members that take no part, each with its reason, and takes them when they are back', async () => {
    await writeFile(at('left.csv'), 'member,points\nleft-1,10\nleft-2,20\nstays,30\n');
    const put = (member: string, standing: string) =>
      fetch(`${running.url}/v1/members/${member}/standing`, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ standing, reason: 'request', actor: 'li.wei' }),
      });
    const refusedRows = async (wanted: number) => {
      for (let tries = 0; ; tries++) {
        const report = await json('import', 'balances', at('left.csv'), '--dry-run');
        if (report['refused'] === wanted || tries === 200) return report;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await put('left-1', 'removed');
    await put('left-2', 'deactivated');
    expect(await refusedRows(2)).toMatchObject({ imported: 1, refused: 2 });
    const done = await json('import', 'balances', at('left.csv'));
    expect(done).toMatchObject({ imported: 1, refused: 2 });
    const lines = (await readFile(String(done['errors']), 'utf8')).trim().split('\r\n');
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^left-1,10,csv-[0-9a-f]{16},2,member_inactive,the member is removed$/),
      expect.stringMatching(/^left-2,20,csv-[0-9a-f]{16},3,member_inactive,the member is deactivated$/),
    ]);
    expect(await get('/v1/members/left-1/balance')).toMatchObject({ code: 'not_found' });
    await writeFile(at('later.csv'), lines.join('\r\n'));
    await put('left-2', 'active');
    expect(await refusedRows(1)).toMatchObject({ imported: 1, already: 1 });
    const again = await json('import', 'balances', at('later.csv'));
    expect(again).toMatchObject({ rows: 2, imported: 1, refused: 1 });
    expect(await get('/v1/members/left-2/balance')).toMatchObject({ data: [{ available: 20 }] });
  }, 60_000);

  it('takes the example of the programs', async () => {
    const example = fileURLToPath(new URL('../../../../programs/opening-balances.csv', import.meta.url));
    const errors = at('example.errors.csv');
    expect(await json('import', 'balances', example, '--dry-run', '--errors', errors)).toMatchObject({
      rows: 4,
      imported: 3,
      empty: 1,
      refused: 0,
      points: { imported: { points: '1780' } },
    });
  });

  it('P11: converts old points by an exact rate', async () => {
    await writeFile(at('rate.csv'), 'member,points,currency\nr-1,1239,stars\nr-2,9,stars\n');
    const converted = await json('import', 'balances', at('rate.csv'), '--rate', '0.1');
    expect(converted).toMatchObject({ imported: 1, empty: 1, points: { imported: { stars: '123' } } });
  });

  it('Q34: exports where everybody stands, as of a moment', async () => {
    const gift = { tier: 'gold', until: '2099-01-01T00:00:00Z', reason: 'goodwill' };
    const options = { method: 'PUT', headers, body: JSON.stringify(gift) };
    expect((await fetch(`${running.url}/v1/members/m-2/tier`, options)).status).toBe(200);
    const answer = await json('export', 'tiers', at('tiers.csv'));
    const [header, ...lines] = (await readFile(at('tiers.csv'), 'utf8')).trim().split('\r\n');
    expect(answer).toMatchObject({ members: lines.length, programVersion: 1 });
    expect(header).toMatch(/^member,tier,since,until,given,/);
    const [since, end] = ['[^,]+', '2099-01-01T00:00:00.000Z'];
    const line = `^m-2,gold,${since},${end},gold,${since},${end},0,points,lifetime-points,0,,,,,,,,,bronze,1,`;
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`${line}${String(answer['asOf'])}$`)));
    await json('export', 'tiers', at('then.csv'), '--as-of', '2026-01-01T00:00:00Z');
    expect((await readFile(at('then.csv'), 'utf8')).trim().split('\r\n')).toHaveLength(1);
    await expect(jifen('export', 'tiers', at('then.csv'), '--as-of', 'yesterday')).rejects.toThrow('/asOf');
  });

  it('Q34: and exports what everybody has, as of a moment', async () => {
    const { code } = await jifen('export', 'balances', at('out.csv'));
    expect(code).toBe(0);
    const lines = (await readFile(at('out.csv'), 'utf8')).split('\r\n');
    expect(lines[0]).toMatch(/^member,currency,available,/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^m-1,points,1200,0,0,0,1200,0,0,2099-12-31T16:00:00.000Z,1000,12.00,CNY,/),
    );
    await jifen(
      'export',
      'balances',
      at('then.csv'),
      '--as-of',
      '2026-01-01T00:00:00Z',
      '--known-at',
      '2026-01-01T00:00:00Z',
    );
    expect((await readFile(at('then.csv'), 'utf8')).trim().split('\r\n')).toHaveLength(1);
  });

  it('Q34: and every posting, of one program, in the order of the log, between two instants', async () => {
    const on = ['--database-url', database.url, '--program', 'shop'];
    expect((await jifen('export', 'postings', at('postings.csv'), ...on)).code).toBe(0);
    const lines = (await readFile(at('postings.csv'), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toMatch(/^posting,member,currency,type,reason,points,moved,available,/);
    const places = lines.slice(1).map((line) => (line.split(',')[0] ?? '').split('-').slice(1).map(Number));
    const { rows } = await pool.query<{ place: string }>(
      "SELECT partition || '-' || position AS place FROM ledger.event WHERE key LIKE 'shop/%' ORDER BY partition, position",
    );
    expect(places.map((place) => place.join('-'))).toEqual(rows.map(({ place }) => place));
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^ledger-\d+-\d+,m-1,points,points\.adjusted,import,1000,0,1000,0,0,0,,,,,,key:\w+,2\d{3}-/,
      ),
    );
    const { postings } = await json('export', 'postings', at('none.csv'), ...on, '--to', '2020-01-01T00:00:00Z');
    expect(postings).toBe(0);
    const other = await json('export', 'postings', at('none.csv'), ...on.slice(0, 2), '--program', 'sho');
    expect(other['postings']).toBe(0);
    const wrong = await jifen('export', 'postings', at('none.csv'), ...on, '--from', 'yesterday');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--from must be an instant')]);
  });

  it.each([
    [['--rate', 'much'], '--rate must be'],
    [['--rounding', 'floor'], '--rounding goes with --rate'],
    [['--encoding', 'latin1'], '--encoding must be'],
    [['--errors', 'SAME'], '--errors names the file'],
  ])('is called wrongly with %j', async (options, why) => {
    await writeFile(at('b.csv'), 'member,points\nm-1,1\n');
    const { code, err } = await jifen(
      'import',
      'balances',
      at('b.csv'),
      ...options.map((one) => (one === 'SAME' ? at('b.csv') : one)),
    );
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });
});
