import { createPool } from '@jifen/event-store-postgres';
import { createKey, isScope, listKeys, migrateAccess, revokeKey, SCOPES } from '@jifen/service-host';
import type { Pool } from 'pg';
import {
  EXIT_FAILED,
  EXIT_OK,
  optional,
  required,
  table,
  UsageError,
  type Command,
  type Invocation,
} from '../command.ts';

async function withAccess<T>(invocation: Invocation, work: (admin: Pool) => Promise<T>): Promise<T> {
  const admin = createPool(await invocation.databaseUrl(), { max: 1, applicationName: 'jifen-cli' });
  try {
    await migrateAccess(admin, []);
    return await work(admin);
  } finally {
    await admin.end();
  }
}

const create: Command = {
  name: 'keys create',
  summary: 'Make an API key; its text is shown once',
  usage: '--program <id> [--name <text>] [--scopes a,b]',
  options: {
    program: { type: 'string', help: 'the program that the key belongs to' },
    name: { type: 'string', help: 'what it is for' },
    scopes: { type: 'string', help: `all when left out: ${SCOPES.join(', ')}` },
  },
  run: (invocation) =>
    withAccess(invocation, async (admin) => {
      const texts = optional(invocation, 'scopes')?.split(',');
      const scopes = texts?.map((text) => {
        if (isScope(text)) return text;
        throw new UsageError(`no such scope: ${text}`);
      });
      const request = { program: required(invocation, 'program'), name: optional(invocation, 'name') ?? 'cli' };
      const { key, info } = await createKey(admin, scopes === undefined ? request : { ...request, scopes });
      invocation.answer({ key, ...info }, [key]);
      return EXIT_OK;
    }),
};

const list: Command = {
  name: 'keys list',
  summary: 'List API keys, without their texts',
  usage: '[--program <id>]',
  options: { program: { type: 'string', help: 'only of this program' } },
  run: (invocation) =>
    withAccess(invocation, async (admin) => {
      const keys = await listKeys(admin, optional(invocation, 'program'));
      const rows = keys.map((key) => [
        key.id,
        key.program,
        key.name,
        key.createdAt,
        key.lastUsedAt ?? 'never',
        key.revokedAt === undefined ? 'in force' : `revoked ${key.revokedAt}`,
        key.scopes.length === SCOPES.length ? 'all' : key.scopes.join(','),
      ]);
      invocation.answer(keys, table(['ID', 'PROGRAM', 'NAME', 'CREATED', 'LAST USED', 'STATE', 'SCOPES'], rows));
      return EXIT_OK;
    }),
};

const revoke: Command = {
  name: 'keys revoke',
  summary: 'Revoke an API key; it stops working within five seconds',
  usage: '<id>',
  options: {},
  positionals: 1,
  run: (invocation) =>
    withAccess(invocation, async (admin) => {
      const [text = ''] = invocation.positionals;
      const id = /^jf_([a-z0-9]+)_/.exec(text)?.[1] ?? text;
      const revoked = await revokeKey(admin, id);
      invocation.answer({ id, revoked }, [revoked ? `${id} is revoked` : `${id} is no key in force`]);
      return revoked ? EXIT_OK : EXIT_FAILED;
    }),
};

export const KEY_COMMANDS: readonly Command[] = [create, list, revoke];
