import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { KeyVerifier } from '../access/verifier.ts';
import type { Principal, Scope } from '../principal.ts';
import { ProblemError } from '../problem-error.ts';
import { PUBLIC_ROUTE, REQUIRED_SCOPES } from './decorators.ts';
import type { HostRequest } from './request.ts';

const BEARER = /^Bearer +(\S+) *$/i;

async function authenticate(keys: KeyVerifier, { authorization }: HostRequest['headers']): Promise<Principal> {
  const text = BEARER.exec(authorization ?? '')?.[1];
  const principal = text === undefined ? undefined : await keys.verify(text);
  if (principal !== undefined) return principal;
  throw new ProblemError({
    code: 'unauthenticated',
    detail: 'send `Authorization: Bearer <api key>` with a key in force',
  });
}

/** Who sends a body shows a key before anything of it is kept or parsed, whatever the route. */
export function askForKeysBeforeBodies(fastify: FastifyInstance, keys: KeyVerifier): void {
  fastify.addHook('onRequest', async (request) => {
    const { headers } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (hasBody) (request as HostRequest).principal = await authenticate(keys, headers);
  });
}

/** Every route but those marked `Public` needs an API key with the route's scopes. */
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: KeyVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, targets) === true) return true;
    const request = context.switchToHttp().getRequest<HostRequest>();
    const principal = request.principal ?? (await authenticate(this.keys, request.headers));
    const scopes = this.reflector.getAllAndOverride<readonly Scope[] | undefined>(REQUIRED_SCOPES, targets);
    if (scopes === undefined) throw new ProblemError({ code: 'forbidden', detail: 'this route is open to no key' });
    const missing = scopes.filter((scope) => !principal.scopes.includes(scope));
    if (missing.length > 0) {
      throw new ProblemError({ code: 'forbidden', detail: `the key lacks the scope ${missing.join(', ')}` });
    }
    request.principal = principal;
    return true;
  }
}
