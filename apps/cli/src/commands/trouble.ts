import { DEFINITIONS } from '@jifen/app-standalone';
import { openServices, type HostedService } from '@jifen/service-host';
import { EXIT_FAILED, EXIT_OK, optional, table, UsageError, type Command, type Invocation } from '../command.ts';

const PAGE = 200;
const MAX_SHOWN = 1_000;
const MAX_KEYS = 10_000;

const SERVICE_OPTION = { type: 'string', help: DEFINITIONS.map(({ name }) => name).join(', ') } as const;

async function withServices(invocation: Invocation, work: (services: readonly HostedService[]) => Promise<number>) {
  const name = optional(invocation, 'service');
  const definitions = DEFINITIONS.filter((definition) => name === undefined || definition.name === name);
  if (definitions.length === 0) throw new UsageError(`no such service: ${name}`);
  const databaseUrl = await invocation.databaseUrl();
  const open = await openServices(definitions, { databaseUrl, logLevel: 'error' });
  try {
    return await work(open.services);
  } finally {
    await open.close();
  }
}

/** All pages of a list, up to a limit. */
async function collect<T, C>(
  page: (after: C | undefined) => Promise<readonly T[]>,
  cursorOf: (last: T) => C,
  limit: number,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let after: C | undefined; all.length < limit;) {
    const rows = await page(after);
    all.push(...rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = cursorOf(last);
  }
  return all.slice(0, limit);
}

const deadLetters = async ({ definition, database }: HostedService) =>
  Promise.all(
    definition.logs.map(async (log) => {
      const store = database.store(log);
      const letters = await collect(
        (after: number | undefined) =>
          store.listDeadLetters({ limit: PAGE, ...(after === undefined ? {} : { after }) }),
        (letter) => letter.id,
        MAX_SHOWN,
      );
      return letters.map((letter) => ({ service: definition.name, log, ...letter }));
    }),
  );

const parkedKeys = async ({ definition, database }: HostedService) =>
  Promise.all(
    definition.logs.map(async (log) => {
      const store = database.store(log);
      const keys = await collect(
        (after: string | undefined) => store.listParked({ limit: PAGE, ...(after === undefined ? {} : { after }) }),
        (parked) => parked.key,
        MAX_KEYS,
      );
      return keys.map((parked) => ({ service: definition.name, log, ...parked }));
    }),
  );

const listDeadLetters: Command = {
  name: 'dead-letters list',
  summary: 'Messages that could not be applied, oldest first',
  usage: '[--service <name>]',
  options: { service: SERVICE_OPTION },
  run: (invocation) =>
    withServices(invocation, async (services) => {
      const letters = (await Promise.all(services.map(deadLetters))).flat(2);
      const rows = letters.map((letter) => [
        letter.service,
        String(letter.id),
        `${letter.topic} ${letter.partition}/${letter.offset}`,
        letter.key,
        letter.reason,
        letter.detail.slice(0, 80),
      ]);
      const value = letters.map((letter) => ({ ...letter, value: Buffer.from(letter.value).toString('utf8') }));
      invocation.answer(value, table(['SERVICE', 'ID', 'PLACE', 'KEY', 'REASON', 'DETAIL'], rows));
      return EXIT_OK;
    }),
};

const listParked: Command = {
  name: 'parked list',
  summary: 'Members whose messages wait for somebody to look',
  usage: '[--service <name>]',
  options: { service: SERVICE_OPTION },
  run: (invocation) =>
    withServices(invocation, async (services) => {
      const parked = (await Promise.all(services.map(parkedKeys))).flat(2);
      const rows = parked.map(({ service, key, reason, since, messages }) => [
        service,
        key,
        reason,
        since,
        String(messages),
      ]);
      invocation.answer(parked, table(['SERVICE', 'MEMBER', 'REASON', 'SINCE', 'MESSAGES'], rows));
      return EXIT_OK;
    }),
};

const redrive: Command = {
  name: 'parked redrive',
  summary: 'Apply what waits behind parked members again, in order',
  usage: '--service <name> [--member <program>/<member>] [--dry-run]',
  options: {
    service: SERVICE_OPTION,
    member: { type: 'string', help: 'only this member; all parked ones when left out' },
    'dry-run': { type: 'boolean', help: 'roll back what was applied' },
  },
  run: (invocation) => {
    if (optional(invocation, 'service') === undefined) throw new UsageError('--service is required');
    return withServices(invocation, async (services) => {
      const member = optional(invocation, 'member');
      const dryRun = invocation.values['dry-run'] === true;
      const parked = (await Promise.all(services.map(parkedKeys))).flat(2);
      const keys = [...new Set(parked.map(({ key }) => key))].filter((key) => member === undefined || key === member);
      const consumer = services.flatMap(({ parts }) => parts.consumers).find((one) => one.redrive !== undefined);
      const progress = invocation.progress('Redriving');
      const reports = [];
      for (const [index, key] of keys.entries()) {
        const report = await consumer?.redrive?.(key, { dryRun });
        if (report !== undefined) reports.push(report);
        progress(index + 1, keys.length);
      }
      const lines = reports.map(({ key, applied, deadLetters: letters, failure }) =>
        failure === undefined
          ? `  ✓ ${key}: ${applied} applied, ${letters} became dead letters`
          : `  ✗ ${key}: ${applied} applied, then ${failure.reason}: ${failure.detail}`,
      );
      const end = `${reports.length} members${dryRun ? ', nothing kept (dry run)' : ''}`;
      invocation.answer({ dryRun, members: reports }, [...lines, end]);
      return reports.some(({ failure }) => failure !== undefined) ? EXIT_FAILED : EXIT_OK;
    });
  },
};

export const TROUBLE_COMMANDS: readonly Command[] = [listDeadLetters, listParked, redrive];
