import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

const REDACTED = ['authorization', 'password', 'secret', 'secretKey', 'apiKey', 'databaseUrl'];

/** JSON lines; whatever is called a secret is cut out, one level deep too. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          ...REDACTED,
          ...REDACTED.map((name) => `*.${name}`),
          'headers.authorization',
          'req.headers.authorization',
        ],
        censor: '[redacted]',
      },
    },
    destination ?? pino.destination({ dest: 1, sync: false }),
  );

/** What the framework says about itself is worth a debug line; its warnings and errors keep their level. */
export function nestLogger(logger: Logger): LoggerService {
  const bindings = (rest: readonly unknown[]): { readonly context?: string } => {
    const context = rest.at(-1);
    return typeof context === 'string' ? { context } : {};
  };
  const text = (message: unknown): string =>
    message instanceof Error ? (message.stack ?? message.message) : String(message);
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.debug(bindings(rest), text(message)),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(bindings(rest), text(message)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.trace(bindings(rest), text(message)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(bindings(rest), text(message)),
    error: (message: unknown, ...rest: unknown[]) => logger.error(bindings(rest), text(message)),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(bindings(rest), text(message)),
  };
}
