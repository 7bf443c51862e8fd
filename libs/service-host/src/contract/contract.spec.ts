import { CHANNELS, PROBLEM_HELP, PROBLEMS, WEBHOOK_MESSAGES } from '@jifen/contracts';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import type { KeyVerifier } from '../access/verifier.ts';
import { createHttpApp } from '../edge/http-app.ts';
import { createLogger, nestLogger } from '../run-state/logger.ts';
import { VERSION } from '../run-state/operations.controller.ts';
import { ContractController } from './contract.controller.ts';

@Module({})
class ContractModule {}

const nobody = { verify: (_: string) => Promise.resolve(undefined) } as KeyVerifier;

describe('the contract, from the running system, without a key', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const logger = createLogger('silent');
    app = await createHttpApp({
      root: {
        module: ContractModule,
        controllers: [ContractController],
        providers: [{ provide: VERSION, useValue: { partitions: 3 } }],
      },
      keys: nobody,
      logger,
      nestLogger: nestLogger(logger),
      metrics: new Registry(),
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  it('has the topics as AsyncAPI, with the partitions of this deployment', async () => {
    const document = (await app.inject('/asyncapi.json')).json<{ channels: Record<string, unknown> }>();
    expect(Object.keys(document.channels)).toEqual([...CHANNELS.map(({ topic }) => topic), 'webhook']);
    expect(document.channels['jifen.ledger.v1']).toMatchObject({ bindings: { kafka: { partitions: 3 } } });
  });

  it('has them as a page that fetches nothing from elsewhere and carries no live markup of examples', async () => {
    const answer = await app.inject('/events');
    expect(answer.headers['content-type']).toMatch('text/html');
    for (const { messages } of [...CHANNELS, WEBHOOK_MESSAGES])
      for (const { type } of messages) expect(answer.body).toContain(`<code>${type}<`);
    expect(answer.body).not.toMatch(/(src|href)="https?:/);
  });

  it('has a page for every problem code, and one with all', async () => {
    const all = (await app.inject('/problems')).body;
    for (const code of Object.keys(PROBLEMS)) {
      expect(all).toContain(`problems/${code}`);
      expect((await app.inject(`/problems/${code}`)).statusCode).toBe(200);
    }
    expect((await app.inject('/problems/no_such')).statusCode).toBe(404);
  });

  it.each(Object.entries(PROBLEM_HELP))('explains %s in English and Chinese', (_, { en, zh }) => {
    expect(en).toMatch(/^[\x20-\x7e…]{20,}$/);
    expect(zh).toMatch(/[\u4e00-\u9fff].*[。！]$/);
  });

  it('has each schema under its name', async () => {
    expect((await app.inject('/schemas/ledger-entry.json')).json()).toMatchObject({ title: 'LedgerEntry' });
    expect((await app.inject('/schemas/__proto__')).statusCode).toBe(404);
  });
});
