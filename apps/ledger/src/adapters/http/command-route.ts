import type { HostRequest, Scope } from '@jifen/service-host';
import { RequireScope } from '@jifen/service-host';
import { applyDecorators, createParamDecorator, HttpCode, Post, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Visit } from './command-door.ts';

const KEY_HEADER = {
  name: 'Idempotency-Key',
  required: true,
  description:
    'At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either.',
} as const;

export interface CommandDoc {
  readonly scope: Scope;
  readonly summary: string;
  /** Of the documentation, where it is not 201; the door answers with the command's own. */
  readonly status?: 200;
  readonly answers?: { readonly status: 201 | 202; readonly description: string };
}

/** A route whose body is a command: posted under an idempotency key. */
export const CommandRoute = (path: string, { scope, summary, status, answers }: CommandDoc): MethodDecorator =>
  applyDecorators(
    Post(path),
    ...(status === undefined ? [] : [HttpCode(status)]),
    RequireScope(scope),
    ApiHeader(KEY_HEADER),
    ApiOperation({ summary }),
    ...(answers === undefined ? [] : [ApiResponse(answers)]),
  );

/** Parameter: who asks, and where the answer goes. */
export const VisitOf = createParamDecorator((_: unknown, context: ExecutionContext): Visit => {
  const http = context.switchToHttp();
  const request = http.getRequest<HostRequest>();
  if (request.principal === undefined) throw new Error('VisitOf on a public route');
  return { request, reply: http.getResponse<FastifyReply>(), principal: request.principal };
});
