import { Body, Controller, Get, Inject, Module, Param, Post, RawBody } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsInt, IsString, Min } from 'class-validator';
import type { KeyVerifier } from '../access/verifier.ts';
import { createLogger, nestLogger } from '../run-state/logger.ts';
import { Registry } from 'prom-client';
import type { Principal } from '../principal.ts';
import { ProblemError } from '../problem-error.ts';
import { PrincipalOf, Public, RequireScope, TraceparentOf, UnparsedBody } from './decorators.ts';
import { createHttpApp } from './http-app.ts';
import { serveOpenApi } from './openapi.ts';

const GREETING = Symbol('GREETING');

const THING = { $ref: '#/components/schemas/ReadThing' };

class Thing {
  @IsString() name!: string;
  @IsInt() @Min(1) count!: number;
}

@Controller('v1')
class ThingController {
  constructor(@Inject(GREETING) private readonly greeting: string) {}

  @Get('things/:id')
  @RequireScope('balance:read')
  read(@Param('id') id: string, @PrincipalOf() principal: Principal, @TraceparentOf() traceparent: string): unknown {
    return { id, program: principal.program, greeting: this.greeting, traceparent };
  }

  @Post('things')
  @RequireScope('program:write')
  write(@Body() thing: Thing): unknown {
    return thing;
  }

  @Post('bytes')
  @RequireScope('activity:write')
  @UnparsedBody()
  bytes(@RawBody() raw: Buffer | undefined, @Body() body: unknown): unknown {
    return { length: raw?.length, parsed: body !== undefined };
  }

  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('unmarked')
  unmarked(): string {
    return 'nobody sees this';
  }

  @Get('refuses')
  @Public()
  refuses(): never {
    throw new ProblemError({ code: 'insufficient_points', detail: 'has 5, needs 9' });
  }

  @Get('breaks')
  @Public()
  breaks(): never {
    throw new Error('a secret detail of the database');
  }
}

@Module({})
class ThingModule {}

const principal: Principal = {
  keyId: 'k',
  keyName: 'key',
  program: 'shop',
  scopes: ['balance:read', 'program:write', 'activity:write'],
};
const keys = {
  verify: (text: string) => Promise.resolve(text === 'good' ? principal : undefined),
} as KeyVerifier;

describe('the HTTP edge', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const logger = createLogger('silent');
    app = await createHttpApp({
      root: {
        module: ThingModule,
        controllers: [ThingController],
        providers: [{ provide: GREETING, useValue: 'hello' }],
      },
      keys,
      logger,
      nestLogger: nestLogger(logger),
      metrics: new Registry(),
      service: 'ledger',
    });
    const answers = {
      operations: { ThingController_read: { 'application/json': { schema: THING } } },
      schemas: { ReadThing: { type: 'object' } },
    };
    serveOpenApi(app, { title: 'Things', version: '1', answers: [answers] });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const auth = { authorization: 'Bearer good' };
  const json = { ...auth, 'content-type': 'application/json' };

  it('answers who has the key and the scope', async () => {
    const answer = await app.inject({ url: '/v1/things/7', headers: auth });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ id: '7', program: 'shop', greeting: 'hello' });
  });

  it('leads who opens it in a browser to its pages', async () => {
    const answer = await app.inject({ url: '/' });
    expect([answer.statusCode, answer.headers['location']]).toEqual([302, 'docs']);
  });

  it('goes on with the trace of the caller', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { ...auth, traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const answer = await app.inject({ url: '/v1/things/7', headers });
    expect(answer.headers['traceparent']).toContain(traceId);
    expect(answer.json<{ traceparent: string }>().traceparent).toContain(traceId);
  });

  it.each([
    ['no key', { url: '/v1/things/7' }, 401, 'unauthenticated'],
    ['an unknown key', { url: '/v1/things/7', headers: { authorization: 'Bearer bad' } }, 401, 'unauthenticated'],
    [
      'a body without a key, whatever it is',
      { url: '/v1/things', method: 'POST' as const, headers: { 'content-type': 'application/json' }, payload: '{' },
      401,
      'unauthenticated',
    ],
    [
      'a body without a key on no route at all',
      { url: '/v1/nothing', method: 'POST' as const, headers: { 'content-type': 'text/xml' }, payload: '<a/>' },
      401,
      'unauthenticated',
    ],
    ['a route without a scope', { url: '/v1/unmarked', headers: auth }, 403, 'forbidden'],
    ['an unknown path', { url: '/v1/nothing' }, 404, 'not_found'],
    ['a broken path', { url: '/v1/things/%zz', headers: auth }, 400, 'invalid_request'],
    ['a method the path has not', { url: '/v1/things', method: 'DELETE' as const }, 405, 'invalid_request'],
    ['a refusal', { url: '/v1/refuses' }, 409, 'insufficient_points'],
    ['a fault', { url: '/v1/breaks' }, 500, 'internal'],
    [
      'a form',
      {
        url: '/v1/things',
        method: 'POST' as const,
        headers: { ...auth, 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'name=a',
      },
      415,
      'unsupported_media_type',
    ],
    [
      'text',
      { url: '/v1/things', method: 'POST' as const, headers: { ...auth, 'content-type': 'text/plain' }, payload: 'a' },
      415,
      'unsupported_media_type',
    ],
    [
      'half a JSON',
      { url: '/v1/things', method: 'POST' as const, headers: json, payload: '{"name":' },
      400,
      'malformed_json',
    ],
    [
      'a prototype',
      { url: '/v1/things', method: 'POST' as const, headers: json, payload: '{"__proto__":{}}' },
      400,
      'malformed_json',
    ],
    [
      'an escaped prototype',
      { url: '/v1/things', method: 'POST' as const, headers: json, payload: '{"name":{"\\u005f_proto__":{}}}' },
      400,
      'malformed_json',
    ],
    [
      'a body that would exhaust the stack',
      {
        url: '/v1/things',
        method: 'POST' as const,
        headers: json,
        payload: `{"a":`.repeat(501) + '1' + '}'.repeat(501),
      },
      400,
      'malformed_json',
    ],
    [
      'a body over 5 MB',
      { url: '/v1/things', method: 'POST' as const, headers: json, payload: `"${'x'.repeat(5_000_000)}"` },
      413,
      'payload_too_large',
    ],
  ])('answers %s with a problem', async (_, request, status, code) => {
    const answer = await app.inject(request);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code, type: `https://jifen.dev/problems/${code}` });
    expect(answer.json<{ traceId: string }>().traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).not.toContain('database');
  });

  it('points at the fields that are wrong, and refuses unknown ones', async () => {
    const answer = await app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: json,
      payload: '{"count":0,"extra":1}',
    });
    const pointers = answer.json<{ errors: { pointer: string }[] }>().errors.map((error) => error.pointer);
    expect(answer.statusCode).toBe(400);
    expect(new Set(pointers)).toEqual(new Set(['/name', '/count', '/extra']));
  });

  it.each([
    ['a NUL', String.raw`"a\u0000b"`],
    ['half a surrogate pair', String.raw`"\ud800"`],
  ])('refuses %s, which no database keeps', async (_, name) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      payload: `{"name":${name},"count":1}`,
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/name' }] });
  });

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 'send application/json'],
    ['a text', { 'content-type': 'text/plain' }, '{}', 'send application/json'],
    ['no type', {}, '{}', 'send application/json'],
    ['more than is read', { 'content-type': 'application/json' }, 'x'.repeat(5_000_001), 'at most 5 MB a request'],
  ])('tells of %s what would be taken', async (_, headers, payload, detail) => {
    const answer = await app.inject({ url: '/v1/things', method: 'POST', headers: { ...auth, ...headers }, payload });
    expect(answer.json()).toMatchObject({ detail });
  });

  it('says on the port of one service that others have their own', async () => {
    const answer = await app.inject({ url: '/v1/orders?limit=1', headers: auth });
    const detail = 'GET /v1/orders is no route of ledger, other services have ports of their own: /docs lists them';
    expect(answer.json()).toMatchObject({ status: 404, detail });
  });

  it('refuses a packed body instead of reading it as it stands', async () => {
    const headers = { ...json, 'content-encoding': 'gzip' };
    const answer = await app.inject({ url: '/v1/bytes', method: 'POST', headers, payload: '{}' });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('leaves the body alone where the route parses it', async () => {
    const answer = await app.inject({ url: '/v1/bytes', method: 'POST', headers: json, payload: '{"half":' });
    expect(answer.json()).toEqual({ length: 8, parsed: false });
  });

  it('needs no key for what is public, documentation included', async () => {
    expect((await app.inject('/v1/open')).body).toBe('open');
    const document = await app.inject('/openapi.json');
    expect(document.json()).toMatchObject({
      paths: {
        '/v1/things/{id}': { get: { responses: { default: { content: { 'application/problem+json': {} } } } } },
      },
    });
    expect(document.json()).toMatchObject({
      paths: {
        '/v1/things/{id}': { get: { responses: { '200': { content: { 'application/json': { schema: THING } } } } } },
      },
      components: {
        schemas: {
          // Said by the rules of the validation alone.
          Thing: {
            required: ['name', 'count'],
            properties: { name: { type: 'string' }, count: { type: 'integer', minimum: 1 } },
          },
          ReadThing: { type: 'object' },
        },
      },
    });
    const page = await app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/src="https?:/);
  });
});
