import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Principal, Scope } from '../principal.ts';
import type { HostRequest } from './request.ts';

export const REQUIRED_SCOPES = 'jifen:required-scopes';
export const PUBLIC_ROUTE = 'jifen:public';

/** The key must have every one of these scopes. A route without this and without `Public` answers nobody. */
export const RequireScope = (...scopes: readonly Scope[]): MethodDecorator & ClassDecorator =>
  SetMetadata(REQUIRED_SCOPES, scopes);

/** Answers without a key: health, metrics, documentation. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_ROUTE, true);

/** The body is not parsed: the handler gets the bytes from `@RawBody()` and answers for malformed ones itself. */
export const UnparsedBody = (): MethodDecorator => RouteConfig({ unparsedBody: true }) as MethodDecorator;

/** `application/yaml` is taken too: the handler reads its bytes from `request.rawBody`; the body is `undefined` then. */
export const YamlBody = (): MethodDecorator => RouteConfig({ yamlBody: true }) as MethodDecorator;

/** Parameter: the `Principal` that asks. */
export const PrincipalOf = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = context.switchToHttp().getRequest<HostRequest>().principal;
  if (principal === undefined) throw new Error('PrincipalOf on a public route');
  return principal;
});

/** Parameter: the request's W3C `traceparent`, the caller's own or a new one; what `EventMeta.traceparent` wants. */
export const TraceparentOf = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => context.switchToHttp().getRequest<HostRequest>().trace.traceparent,
);
