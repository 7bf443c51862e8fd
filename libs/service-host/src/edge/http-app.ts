import type { DynamicModule, LoggerService } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { KeyVerifier } from '../access/verifier.ts';
import { AllowedMethods } from './allowed-methods.ts';
import { ApiKeyGuard, askForKeysBeforeBodies } from './api-key.guard.ts';
import { answerClientError } from './client-error.ts';
import { BODY_LIMIT, useJsonBodies } from './body.ts';
import { observeRequests } from './observe.ts';
import { ProblemFilter, renderProblem, send } from './problem.filter.ts';
import { traceOf } from './trace.ts';
import { createValidationPipe } from './validation.ts';

const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 72_000;
const MAX_PARAM_LENGTH = 512;

export interface HttpAppOptions {
  readonly root: DynamicModule;
  readonly keys: KeyVerifier;
  readonly logger: Logger;
  readonly nestLogger: LoggerService;
  readonly metrics: Registry;
  /** The one service that answers here; several when left out. */
  readonly service?: string | undefined;
}

/** Nest on Fastify with everything a request meets before its handler. */
export async function createHttpApp(options: HttpAppOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    clientErrorHandler: answerClientError,
    // Before the router there are no hooks and no filter: the path itself is broken.
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => {
      const problem = { code: 'invalid_request', detail: error.message } as const;
      send(reply, renderProblem(problem, traceOf(undefined).traceId));
    },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  });
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  const allowed = new AllowedMethods();
  allowed.collect(fastify);
  observeRequests(fastify, options.logger, options.metrics);
  askForKeysBeforeBodies(fastify, options.keys);
  const app = await NestFactory.create<NestFastifyApplication>(options.root, adapter, {
    logger: options.nestLogger,
    abortOnError: false,
  });
  useJsonBodies(app);
  app.useGlobalGuards(new ApiKeyGuard(new Reflector(), options.keys));
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter(options.logger, allowed, options.service));
  return app;
}
