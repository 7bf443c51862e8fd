import type { FastifyRequest } from 'fastify';
import type { Principal } from '../principal.ts';
import type { Trace } from './trace.ts';

/**
 * A request as the host leaves it: with its trace, the bytes of a JSON body and, behind the guard, who asks. Who writes what
 * others go on with says where in its log, for the line in the log of the process.
 */
export type HostRequest = FastifyRequest & {
  trace: Trace;
  rawBody?: Buffer;
  principal?: Principal;
  position?: string;
};
