import { UnknownOutcomeError } from '@jifen/event-store';
import { PROBLEMS, type Problem, type ProblemCode } from '@jifen/contracts';
import {
  Catch,
  HttpException,
  MethodNotAllowedException,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { ProblemError } from '../problem-error.ts';
import { BODY_LIMIT } from './body.ts';
import type { AllowedMethods } from './allowed-methods.ts';
import type { HostRequest } from './request.ts';

const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Statuses that the closed list has no code for keep their own status under the nearest code. */
const EXTRA_STATUSES: ReadonlySet<number> = new Set([405, 406, 408, 414, 431]);

const PROBLEM_BASE = 'https://jifen.dev/problems/';

export interface RenderedProblem {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export function renderProblem(problem: Problem, traceId: string, status?: number): RenderedProblem {
  const known = PROBLEMS[problem.code];
  const answered = status ?? known.status;
  return {
    status: answered,
    body: {
      ...problem.figures,
      type: PROBLEM_BASE + problem.code,
      title: known.title,
      status: answered,
      code: problem.code,
      detail: problem.detail,
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
      traceId,
    },
  };
}

/** SQLSTATE classes 08, 53 and 57, and sockets that were refused or lost: the database is away, not broken. */
const AWAY_CODE = /^(08|53|57|ECONN|ETIMEDOUT|EPIPE)/;
const AWAY_MESSAGE =
  /timeout exceeded when trying to connect|connection terminated|is not queryable|cannot use a pool after/i;
const MAX_CAUSES = 5;

/** Whether this error, or what caused it, is a database that cannot be reached or a commit nobody knows the end of. */
function isAway(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < MAX_CAUSES; cause = cause.cause, depth++) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    if (AWAY_CODE.test(code) || AWAY_MESSAGE.test(cause.message) || cause instanceof UnknownOutcomeError) return true;
  }
  return false;
}

/** The one place that turns whatever was thrown into a problem; never throws itself. */
export function classify(error: unknown): { readonly problem: Problem; readonly status?: number } {
  if (error instanceof ProblemError) return { problem: error.problem };
  if (error instanceof SyntaxError) return { problem: { code: 'malformed_json', detail: error.message } };
  if (error instanceof HttpException && error.getStatus() < 500) {
    const status = error.getStatus();
    const code = CODE_OF_STATUS[status] ?? 'invalid_request';
    const detail = status === 413 ? `at most ${BODY_LIMIT / 1_000_000} MB a request` : error.message;
    return { problem: { code, detail }, ...(EXTRA_STATUSES.has(status) ? { status } : {}) };
  }
  if (error instanceof HttpException && error.getStatus() === 503) {
    return { problem: { code: 'unavailable', detail: error.message } };
  }
  if (isAway(error)) {
    return { problem: { code: 'unavailable', detail: 'the database cannot be reached now: send it again' } };
  }
  return { problem: { code: 'internal', detail: 'the error is in the log under the trace id' } };
}

export function send(reply: FastifyReply, { status, body }: RenderedProblem): void {
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  if (status === 503 || status === 504) void reply.header('retry-after', '1');
  // Bytes, because a text would get a charset, which problem+json has not.
  void reply
    .status(status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(body)));
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly allowed: AllowedMethods,
    /** The one service that answers here; several when left out. */
    private readonly service?: string,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HostRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { problem, status } = classify(error instanceof NotFoundException ? this.#noRoute(request, reply) : error);
    const traceId = request.trace.traceId;
    const rendered = renderProblem(problem, traceId, status);
    if (rendered.status >= 500 && !(error instanceof ProblemError))
      this.logger.error({ err: error, traceId, path: request.url }, problem.detail);
    if (reply.sent) return;
    send(reply, rendered);
  }

  #noRoute({ method, url }: HostRequest, reply: FastifyReply): HttpException {
    const path = url.split('?', 1)[0] ?? '';
    const methods = this.allowed.of(path);
    if (methods.length === 0) {
      const ofWhom = this.service === undefined ? '' : ` of ${this.service}, other services have ports of their own`;
      return new NotFoundException(`${method} ${path} is no route${ofWhom}: /docs lists them`);
    }
    void reply.header('allow', methods.join(', '));
    return new MethodNotAllowedException(`${method} is not one of ${methods.join(', ')}`);
  }
}
