import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { workspaceRoot } from './workspace-root.ts';

const run = promisify(execFile);

const KAFKA_VERSION = '4.3.1';
const MIN_JAVA = 17;
const DOWNLOAD_TIMEOUT_MS = 300_000;
const LOCK_POLL_MS = 250;
const PROBE_TIMEOUT_MS = 15_000;

/** kafka-tools holds StorageTool; everything that it would drag in besides is on the class path already. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>jifen</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${KAFKA_VERSION}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
`;

export type Jars = { readonly ok: true; readonly classPath: string } | { readonly ok: false; readonly reason: string };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Why the system's Java cannot run a broker, or undefined when it can. */
async function javaProblem(): Promise<string | undefined> {
  try {
    const { stderr } = await run('java', ['-version'], { timeout: PROBE_TIMEOUT_MS });
    const major = Number(/version "(\d+)/.exec(stderr)?.[1]);
    if (major >= MIN_JAVA) return undefined;
    return `Java ${MIN_JAVA} or later is needed, found ${stderr.split('\n')[0] ?? 'an unknown one'}`;
  } catch {
    return `no Java ${MIN_JAVA} on the PATH`;
  }
}

async function download(folder: string, jars: string): Promise<void> {
  const pom = join(folder, 'pom.xml');
  const unfinished = join(folder, `unfinished-${process.pid}`);
  await writeFile(pom, POM);
  try {
    await run('mvn', ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`], {
      timeout: DOWNLOAD_TIMEOUT_MS,
      maxBuffer: 1 << 24,
    });
    const count = (await readdir(unfinished)).length;
    if (count === 0) throw new Error('Maven copied no jars');
    await rename(unfinished, jars);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** One process downloads, the others wait for it; a lock whose process is gone is broken. */
async function withLock(lock: string, done: () => boolean, work: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + DOWNLOAD_TIMEOUT_MS;
  while (!done()) {
    const handle = await open(lock, 'wx').catch(() => undefined);
    if (handle !== undefined) {
      try {
        await handle.writeFile(String(process.pid));
        if (!done()) await work();
        return;
      } finally {
        await handle.close();
        await rm(lock, { force: true });
      }
    }
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
    if (Date.now() > deadline) throw new Error(`another process has held ${lock} for ${DOWNLOAD_TIMEOUT_MS / 1000} s`);
    await sleep(LOCK_POLL_MS);
  }
}

/** Apache Kafka's own jars in the workspace's cache, fetched from Maven Central the first time. */
export async function kafkaJars(): Promise<Jars> {
  const java = await javaProblem();
  if (java !== undefined) return { ok: false, reason: java };
  const folder = join(workspaceRoot(), '.cache', 'kafka', KAFKA_VERSION);
  const jars = join(folder, 'jars');
  const ready = (): boolean => existsSync(jars);
  if (!ready()) {
    try {
      await run('mvn', ['-v'], { timeout: PROBE_TIMEOUT_MS });
    } catch {
      return { ok: false, reason: "no mvn on the PATH to fetch Apache Kafka's jars with" };
    }
    try {
      await mkdir(folder, { recursive: true });
      await withLock(join(folder, 'lock'), ready, () => download(folder, jars));
    } catch (error) {
      return { ok: false, reason: `Apache Kafka's jars could not be fetched: ${messageOf(error).slice(0, 400)}` };
    }
  }
  return { ok: true, classPath: join(jars, '*') };
}
