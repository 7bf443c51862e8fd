import { parseArgs } from 'node:util';

export interface Arguments {
  readonly mode: 'standalone' | 'services' | 'doctor' | 'help';
  readonly port: number;
  readonly dataDir: string;
  readonly demo: boolean;
  readonly json: boolean;
  /** Processes of the standalone shape, on one port. */
  readonly processes: number;
  /** Ledger processes of `--services`. */
  readonly ledgers: number;
}

export const DEFAULT_DATA_DIR = '.jifen';

export const HELP = `Usage: npm start -- [options]

Runs Jifen: all five services in one process, on an embedded PostgreSQL with an embedded bus.

  --port <n>       port to listen on (default 3000, or PORT); a busy one moves on to the next free one
  --data-dir <p>   where the data lives (default ${DEFAULT_DATA_DIR})
  --processes <n>  processes that share the port and the work (default 1): about one for each core that the database leaves
  --no-demo        without the demo program, its members and orders
  --services       five processes on Kafka instead (npm run start:services), on ports from --port + 1;
                   one that ends is started again, as is the broker that was started here
  --ledger <n>     ledger processes with --services (default 1)
  --json           one JSON object on standard output instead of text (npm start -s leaves out npm's own lines)
  --doctor         check this machine (npm run doctor)
  --help           this text

Environment: DATABASE_URL  a PostgreSQL of your own     KAFKA_BROKERS  host:port,… of your own Kafka
             LOG_LEVEL     default warn (logs go to standard error)`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  'no-demo': { type: 'boolean' },
  services: { type: 'boolean' },
  processes: { type: 'string' },
  ledger: { type: 'string' },
  json: { type: 'boolean' },
  doctor: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${name} must be an integer from ${min} to ${max}, not '${text}'`);
}

function values(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function readArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Arguments {
  const given = values(args);
  const fromEnvironment =
    environment['PORT'] === undefined || environment['PORT'] === '' ? '3000' : environment['PORT'];
  return {
    mode: given.help ? 'help' : given.doctor ? 'doctor' : given.services ? 'services' : 'standalone',
    port: integer('--port', given.port ?? fromEnvironment, 0, 65_535),
    dataDir: given['data-dir'] ?? DEFAULT_DATA_DIR,
    demo: given['no-demo'] !== true,
    json: given.json === true,
    processes: integer('--processes', given.processes ?? '1', 1, 16),
    ledgers: integer('--ledger', given.ledger ?? '1', 1, 16),
  };
}
