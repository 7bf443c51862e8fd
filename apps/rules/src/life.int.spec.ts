import { yamlText } from './adapters/document-text.ts';
import { bootRules, DEMO, type Answer, type RulesHost } from './testing/rules-host.ts';

const PAST = '2026-01-01T00:00:00Z';
const FUTURE = '2999-01-01T00:00:00.000Z';

describe('the life of a program', () => {
  let host: RulesHost;
  const keys: Record<string, string> = {};

  const call = (who: string, method: string, path: string, body?: unknown, more = {}): Promise<Answer> =>
    host.call(keys[who] ?? '', method, path, body, more);
  const publish = (who: string, body: object = {}, more = {}): Promise<Answer> =>
    call(who, 'POST', '/v1/program/publish', body, more);

  beforeAll(async () => {
    host = await bootRules();
    keys['reader'] = await host.keyOf('reader', ['program:read']);
    keys['writer'] = await host.keyOf('writer', ['program:read', 'program:write']);
    keys['publisher'] = await host.keyOf('publisher', ['program:read', 'program:publish']);
  }, 120_000);
  afterAll(() => host.stop());

  it('P09: is drafted, validated and published by keys that may do no more than that', async () => {
    const refused = [
      await call('reader', 'PUT', '/v1/program', DEMO),
      await publish('reader'),
      await call('publisher', 'PUT', '/v1/program', DEMO),
      await publish('writer'),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await call('writer', 'PUT', '/v1/program', DEMO)).toMatchObject({ status: 200, etag: '"1"' });
    expect(await publish('publisher', { effectiveFrom: PAST })).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('Q27: lists its versions with state, who and when', async () => {
    const doubled = { ...DEMO, rules: DEMO.rules.filter(({ id }) => id !== 'review') };
    expect(await call('writer', 'PUT', '/v1/program', doubled)).toMatchObject({ status: 200 });
    expect(await publish('publisher', { effectiveFrom: FUTURE })).toMatchObject({ body: { version: 2 } });
    const { body } = await call('reader', 'GET', '/v1/program/versions');
    expect(body['data']).toMatchObject([
      { version: 2, state: 'scheduled', effectiveFrom: FUTURE, publishedByName: 'publisher' },
      { version: 1, state: 'in-force', supersededAt: FUTURE, publishedByName: 'publisher' },
    ]);
    expect((await call('reader', 'GET', '/v1/program')).body).toMatchObject({ updatedByName: 'writer' });
  });

  it('Q27: tells what changed, by rule and as text', async () => {
    const diff = await call('reader', 'GET', '/v1/program/diff?from=1&to=2');
    expect(diff.body).toMatchObject({
      from: 'version 1',
      to: 'version 2',
      same: false,
      rules: { added: [], removed: ['review'], changed: [] },
      settings: [],
    });
    const text = await call('reader', 'GET', '/v1/program/diff?from=1&to=2', undefined, { accept: 'text/plain' });
    expect(text.type).toContain('text/plain');
    expect(text.text).toContain('-  - id: review\n');
    expect((await call('reader', 'GET', '/v1/program/diff?from=2&to=draft')).body).toMatchObject({
      same: true,
      text: '',
    });
    expect((await call('reader', 'GET', '/v1/program/diff?to=99')).status).toBe(404);
    expect((await call('reader', 'GET', '/v1/program/diff?to=yesterday')).status).toBe(400);
  });

  it('Q27: is rolled back by publishing an older version again', async () => {
    expect(await publish('publisher', { version: 1 })).toMatchObject({
      body: { version: 3, effectiveFrom: FUTURE, published: true },
    });
    const { body } = await call('reader', 'GET', '/v1/program/versions');
    expect(body['data']).toMatchObject([
      { version: 3, state: 'scheduled', copyOf: 1 },
      { version: 2, state: 'superseded' },
      { version: 1, state: 'in-force' },
    ]);
    expect((await call('reader', 'GET', '/v1/program/versions/3')).body).toMatchObject({ document: DEMO });
    expect(await publish('publisher', { version: 99 })).toMatchObject({ status: 404 });
  });

  it('Q27: lets one of two publishers at once through', async () => {
    const later = { ...DEMO, rules: DEMO.rules.slice(0, 2) };
    const { etag } = await call('writer', 'PUT', '/v1/program', later);
    const both = await Promise.all(
      ['3000-01-01T00:00:00Z', '3001-01-01T00:00:00Z'].map((effectiveFrom) =>
        publish('publisher', { effectiveFrom }, { 'if-match': etag ?? '' }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'version_conflict' });
    expect(await call('writer', 'PUT', '/v1/program', DEMO, { 'if-match': etag })).toMatchObject({ status: 409 });
    expect(await publish('publisher')).toMatchObject({ status: 200, body: { published: false } });
  });

  it('N14: is taken and given as YAML, and says on which line it is wrong', async () => {
    const yaml = { 'content-type': 'application/yaml' };
    const text = yamlText({ ...DEMO, timeZone: 'Nowhere/City' });
    const line = text.split('\n').findIndex((each) => each.startsWith('timeZone')) + 1;
    expect((await call('reader', 'POST', '/v1/program/validate', text, yaml)).body).toMatchObject({
      valid: false,
      violations: [{ pointer: '/timeZone', line, column: 1 }],
    });
    expect(await call('writer', 'PUT', '/v1/program', yamlText(DEMO), yaml)).toMatchObject({
      status: 200,
      body: { violations: [] },
    });
    expect((await call('reader', 'GET', '/v1/program')).body).toMatchObject({ document: DEMO });
    const back = await call('reader', 'GET', '/v1/program', undefined, { accept: 'application/yaml' });
    expect(back.type).toContain('application/yaml');
    expect(back.text).toBe(yamlText(DEMO));
    const version = await call('reader', 'GET', '/v1/program/versions/1', undefined, { accept: 'application/yaml' });
    expect(version.text).toBe(yamlText(DEMO));
    expect(await call('writer', 'PUT', '/v1/program', 'a: 1\na: 2\n', yaml)).toMatchObject({
      status: 422,
      body: { code: 'invalid_program', errors: [{ message: expect.stringContaining('line 2, column 1') }] },
    });
    expect(await publish('publisher', 'a: 1' as never, yaml)).toMatchObject({ status: 415 });
  });

  it('keeps what readers of jifen.program.v1 know: the key id publishes', async () => {
    const { rows } = await host.admin.query<{ data: string }>(
      "SELECT data FROM rules.event WHERE log = 'program' ORDER BY version",
    );
    const events = rows.map(({ data }) => JSON.parse(data) as Readonly<Record<string, unknown>>);
    for (const event of events) {
      expect(Object.keys(event)).toEqual(['program', 'version', 'effectiveFrom', 'publishedBy', 'document']);
      expect(event['publishedBy']).toMatch(/^[A-Za-z0-9]+$/);
    }
  });
});
