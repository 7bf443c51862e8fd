import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone } from '@jifen/app-standalone';
import { createPool } from '@jifen/event-store-postgres';
import { createKey } from '@jifen/service-host';
import { ensureBuilt, startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { COMMANDS, run } from './index.ts';

const PROGRAM = {
  name: { en: 'Shop', zh: '商店' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  rules: [{ id: 'visit', when: { activity: 'check-in' }, earn: { form: 'fixed', points: 5 }, currency: 'points' }],
};

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('jifen', () => {
  let database: RunningPostgres;
  let admin: Pool;
  let folder: string;

  const jifen = async (...args: readonly string[]): Promise<Ran> => {
    const said = { out: '', err: '' };
    const code = await run(COMMANDS, [...args], {
      out: (text) => void (said.out += `${text}\n`),
      err: (text) => void (said.err += `${text}\n`),
    });
    return { code, ...said };
  };
  const onDatabase = (...args: readonly string[]): Promise<Ran> => jifen(...args, '--database-url', database.url);
  const json = async <T>(...args: readonly string[]): Promise<T> =>
    JSON.parse((await onDatabase(...args, '--json')).out) as T;

  beforeAll(async () => {
    await ensureBuilt();
    database = await startPostgres({ fsync: false });
    admin = createPool(database.url, { max: 1 });
    folder = await mkdtemp(join(tmpdir(), 'jifen-cli-'));
    const running = await startStandalone({
      dataDir: folder,
      databaseUrl: database.url,
      port: 0,
      logLevel: 'error',
      environment: {},
    });
    const { key } = await createKey(admin, { program: 'shop', name: 'cli' });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const send = async (method: string, path: string, body: unknown): Promise<{ position: string }> => {
      const response = await fetch(running.url + path, { method, headers, body: JSON.stringify(body) });
      expect(response.status).toBeLessThan(300);
      return (await response.json()) as { position: string };
    };
    await send('PUT', '/v1/program', PROGRAM);
    await send('POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    const visits = Array.from({ length: 20 }, (_, n) => ({
      source: 'app',
      id: `v-${n}`,
      type: 'check-in',
      member: `m-${n % 4}`,
      occurredAt: '2026-05-01T00:00:00Z',
    }));
    const { position } = await send('POST', '/v1/activities', visits);
    await fetch(`${running.url}/v1/members/m-1/balance?after=${position}`, { headers });
    await running.stop();
  }, 120_000);
  afterAll(async () => {
    await admin.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('explains itself, and every command', async () => {
    expect((await jifen('--help')).out).toContain('keys create');
    for (const { name, usage } of COMMANDS) {
      const { code, out } = await jifen(...name.split(' '), '--help');
      expect(code).toBe(0);
      expect(out).toContain(`jifen ${name} ${usage}`.trim());
    }
  });

  it('shows of a group its own commands', async () => {
    const { code, out } = await jifen('keys', '--help');
    expect(code).toBe(0);
    expect(out).toContain('keys revoke');
    expect(out).not.toContain('rebuild');
    const half = await jifen('parked');
    expect(half.code).toBe(2);
    expect(half.err).toContain('no such command: parked\n\nUsage');
    expect(half.err).toContain('parked redrive');
    expect(half.err).not.toContain('keys create');
  });

  it.each([
    [['nonsense'], 'no such command'],
    [['keys', 'create'], '--program is required'],
    [['keys', 'create', '--program', 'shop', '--scopes', 'everything'], 'no such scope: everything'],
    [['keys', 'revoke'], 'expected: keys revoke <id>'],
    [['verify', '--log', 'nothing'], 'no such log'],
    [['verify', '--log', 'ledger', '--partition', '99'], '--partition must be an integer from 0 to 15'],
    [['verify', '--log', 'ledger', '--member', 'm-1'], '<program>/<member>'],
    [['verify', '--log', 'ledger', '--workers', '0'], '--workers must be an integer from 1 to 64'],
    [['rebuild', 'balances', '--workers', 'all'], '--workers must be an integer from 1 to 64'],
    [['parked', 'redrive'], '--service is required'],
    [['parked', 'list', '--service', 'nobody'], 'no such service'],
    [['keys', 'list', '--colour'], 'colour'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, err } = await onDatabase(...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it('says what is missing when there is no database', async () => {
    await expect(jifen('keys', 'list', '--data-dir', join(folder, 'nowhere'))).rejects.toThrow('no database');
  });

  it('makes, lists and revokes keys, and never shows a text again', async () => {
    const made = await json<{ key: string; id: string }>(
      'keys',
      'create',
      '--program',
      'shop',
      '--name',
      'pos',
      '--scopes',
      'balance:read',
    );
    expect(made.key).toMatch(/^jf_/);
    const listed = await onDatabase('keys', 'list', '--program', 'shop');
    expect(listed.out).toContain(made.id);
    expect(listed.out).not.toContain(made.key.split('_')[2]);
    expect((await onDatabase('keys', 'revoke', made.id)).code).toBe(0);
    expect((await onDatabase('keys', 'revoke', made.id)).code).toBe(1);
    expect((await onDatabase('keys', 'list')).out).toContain('revoked');
  });

  it('rebuilds balances to what they are', async () => {
    const compared = await json<{ differing: number; swapped: boolean; events: number }>(
      'rebuild',
      'balances',
      '--verify-only',
    );
    expect(compared).toMatchObject({ differing: 0, swapped: false, events: 20 });
    await admin.query(
      'UPDATE ledger.account SET available = available - 1, pending = pending + 1 WHERE ctid = (SELECT ctid FROM ledger.account LIMIT 1)',
    );
    expect((await onDatabase('rebuild', 'balances', '--verify-only')).code).toBe(1);
    expect(await json('rebuild', 'balances')).toMatchObject({ swapped: true });
    expect((await onDatabase('rebuild', 'balances', '--verify-only')).code).toBe(0);
    const alone = await json('verify', '--log', 'ledger', '--workers', '1');
    expect(await json('verify', '--log', 'ledger', '--workers', '3')).toEqual(alone);
    expect(await json('rebuild', 'balances', '--workers', '3')).toMatchObject({
      differing: 0,
      events: 20,
      swapped: true,
    });
  });

  it('shows parked members and redrives them', async () => {
    await admin.query(
      "INSERT INTO ledger.parked (log, key, reason, since) VALUES ('ledger', 'shop/m-9', 'invariant', now())",
    );
    expect((await onDatabase('parked', 'list')).out).toContain('shop/m-9');
    const dry = await json<{ members: unknown[] }>('parked', 'redrive', '--service', 'ledger', '--dry-run');
    expect(dry.members).toMatchObject([{ key: 'shop/m-9', applied: 0 }]);
    expect((await onDatabase('parked', 'list')).out).toContain('shop/m-9');
    expect((await onDatabase('parked', 'redrive', '--service', 'ledger', '--member', 'shop/m-9')).code).toBe(0);
    expect((await onDatabase('parked', 'list')).out).not.toContain('shop/m-9');
    expect((await onDatabase('dead-letters', 'list')).code).toBe(0);
  });

  it('verifies every log, and names the row that somebody changed', async () => {
    const sound = await onDatabase('verify');
    expect(sound.out).toContain('Every row is as it was written.');
    expect(sound.code).toBe(0);
    await admin.query('ALTER TABLE ledger.event DISABLE TRIGGER ALL');
    const { rows } = await admin.query<{ partition: number }>(
      `UPDATE ledger.event SET data = replace(data, '5', '6') WHERE position = 2 RETURNING partition`,
    );
    const broken = await onDatabase('verify', '--log', 'ledger', '--partition', String(rows[0]?.partition));
    expect(broken.code).toBe(1);
    expect(broken.out).toContain(`partition ${rows[0]?.partition}, position 2`);
  });
});
