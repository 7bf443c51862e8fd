import type { FastifyRequest } from 'fastify';
import type { Principal } from '../principal.ts';
import type { Trace } from './trace.ts';

/** A request as the host leaves it: with its trace, the bytes of a JSON body and, behind the guard, who asks. */
export type HostRequest = FastifyRequest & {
  trace: Trace;
  rawBody?: Buffer;
  principal?: Principal;
};
