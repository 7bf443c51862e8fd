import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import type { HostRequest } from './request.ts';
import { traceOf } from './trace.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Every request gets a trace, a debug line and a place in the histogram. */
export function observeRequests(fastify: FastifyInstance, logger: Logger, metrics: Registry): void {
  const seconds = new Histogram({
    name: 'jifen_http_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [metrics],
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const header = request.headers['traceparent'];
    const target = request as HostRequest;
    target.trace = traceOf(typeof header === 'string' ? header : undefined);
    void reply.header('traceparent', target.trace.traceparent);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (logger.isLevelEnabled('debug')) {
      const { trace, principal, position } = request as HostRequest;
      logger.debug(
        {
          traceId: trace.traceId,
          method: request.method,
          path: request.url,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          ...(position === undefined ? {} : { position }),
          ...(principal === undefined ? {} : { program: principal.program, keyId: principal.keyId }),
        },
        'request',
      );
    }
    done();
  });
}
