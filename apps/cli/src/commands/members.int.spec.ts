import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueKey, startStandalone, type RunningStandalone } from '@jifen/app-standalone';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import { COMMANDS, run } from '../index.ts';

describe('Q36: jifen members', () => {
  let database: RunningPostgres;
  let running: RunningStandalone;
  let folder: string;
  const environment = { url: process.env['JIFEN_URL'], key: process.env['JIFEN_KEY'] };
  const by = ['--reason', 'legal', '--actor', 'li.wei'];

  const jifen = async (...args: readonly string[]) => {
    const said = { out: '', err: '' };
    const code = await run(COMMANDS, ['members', ...args], {
      out: (text) => void (said.out += `${text}\n`),
      err: (text) => void (said.err += `${text}\n`),
    });
    return { code, ...said };
  };
  const standingsOf = async (...members: readonly string[]) =>
    (JSON.parse((await jifen('show', ...members, '--json')).out) as Record<string, string>[]).map(
      ({ standing }) => standing,
    );

  beforeAll(async () => {
    database = await startPostgres({ fsync: false });
    folder = await mkdtemp(join(tmpdir(), 'jifen-members-'));
    const options = { port: 0, logLevel: 'error', environment: {} } as const;
    running = await startStandalone({ dataDir: folder, databaseUrl: database.url, ...options });
    process.env['JIFEN_URL'] = running.url;
    process.env['JIFEN_KEY'] = await issueKey(database.url, { program: 'shop', name: 'members' });
  }, 120_000);
  afterAll(async () => {
    process.env['JIFEN_URL'] = environment.url;
    process.env['JIFEN_KEY'] = environment.key;
    await running.stop();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('deactivates and brings back, with who decided it and why', async () => {
    const done = await jifen('deactivate', 'd-1', '会员-2', '--reason', 'dormant', '--actor', 'li.wei');
    expect(done).toEqual({
      code: 0,
      err: '',
      out: '  ✓ d-1 deactivated\n  ✓ 会员-2 deactivated\n2 of 2 members deactivated\n',
    });
    const { out } = await jifen('show', 'd-1');
    expect(out).toMatch(/^MEMBER +STANDING +REASON +ACTOR +SINCE\nd-1 +deactivated +dormant +li\.wei +20\d\d-/);
    expect((await jifen('reactivate', 'd-1', ...by)).code).toBe(0);
    expect(await standingsOf('d-1', '会员-2', 'nobody')).toEqual(['active', 'deactivated', 'active']);
  });

  it('anonymises and removes, says what was dropped, and names those that it may not change', async () => {
    expect((await jifen('anonymise', 'a-1', ...by, '--yes')).out).toMatch(
      /✓ a-1 anonymised, dropped: 0 identities, 0 records, 0 dead letters\n/,
    );
    const removed = await jifen('remove', 'a-1', 'r-1', ...by, '--yes', '--json');
    expect(removed.code).toBe(0);
    expect(JSON.parse(removed.out)).toMatchObject([
      { member: 'a-1', standing: 'removed' },
      { member: 'r-1', standing: 'removed', position: expect.stringMatching(/^member:/) },
    ]);
    const refused = await jifen('deactivate', 'r-1', 'x-1', 'no member', ...by);
    expect(refused).toMatchObject({ code: 1, err: '' });
    expect(refused.out.split('\n').slice(0, 4)).toEqual([
      '  ✗ r-1 member_inactive: the member is removed',
      '  ✓ x-1 deactivated',
      expect.stringMatching(/^ {2}✗ no member invalid_request: /),
      '1 of 3 members deactivated',
    ]);
    expect(await standingsOf('a-1', 'r-1', 'x-1')).toEqual(['removed', 'removed', 'deactivated']);
  });

  it.each([
    [['remove', 'm-1', ...by], 'there is no way back: add --yes'],
    [['anonymise', 'm-1', ...by], 'there is no way back: add --yes'],
    [['remove', 'm-1', '--actor', 'li', '--yes'], '--reason is required'],
    [['remove', 'm-1', '--reason', 'fun', '--actor', 'li', '--yes'], '--reason must be one of request, legal'],
    [['deactivate', 'm-1', '--reason', 'legal'], '--actor is required'],
    [['deactivate', ...by], 'expected: members deactivate <member>…'],
  ])('is called wrongly with %j', async (args, why) => {
    expect(await jifen(...args)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
    expect(await standingsOf('m-1')).toEqual(['active']);
  });

  it.each(['show', 'deactivate', 'reactivate', 'anonymise', 'remove'])('explains %s', async (verb) => {
    const { code, out } = await jifen(verb, '--help');
    expect([code, out]).toEqual([0, expect.stringContaining(`Usage: jifen members ${verb} <member>…`)]);
  });
});
