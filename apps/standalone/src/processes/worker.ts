import { runHost } from '@jifen/service-host';
import { destination } from 'pino';
import { DEFINITIONS } from '../definitions.ts';
import { peersThrough, type Pipe } from './peers.ts';

/** One of several processes on one port, made by the supervisor. */
const pipe: Pipe = {
  // A supervisor that is gone hears nothing, and Node ends this process.
  send: (message) => process.send?.(message),
  onMessage: (hear) => process.on('message', hear),
};

await runHost(DEFINITIONS, {
  peers: peersThrough(pipe, process.env['JIFEN_PROCESS'] ?? ''),
  logDestination: destination({ dest: 2, sync: true }),
});
