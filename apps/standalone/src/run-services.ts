import { join } from 'node:path';
import { stopOnSignals } from '@jifen/service-host';
import { startBroker, type Broker } from '@jifen/testing';
import type { Arguments } from './arguments.ts';
import { occupy, openDataDirectory } from './data-directory.ts';
import { ensureDemo } from './demo/demo.ts';
import { diskWarning } from './doctor/disk.ts';
import { keepRunning, type Kept } from './keep-running.ts';
import { keepDatabase } from './kept-database.ts';
import { demoProgress } from './progress.ts';
import { aligned, tryLines } from './report.ts';
import { startServices } from './services.ts';
import type { ServiceProcess } from './service-process.ts';

/** Of the longest label, `notifications`. */
const WIDTH = 15;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** `npm run start:services`: five processes on Kafka and PostgreSQL, of one's own or started here. */
export async function runServices(args: Arguments): Promise<void> {
  const directory = await openDataDirectory(args.dataDir);
  const leave = await occupy(directory);
  const ends = [leave];
  /** What was started before something that does not start is stopped again, the last first. */
  const undo = async (error: unknown): Promise<never> => {
    for (const end of ends.toReversed()) await end();
    throw error;
  };
  const little = await diskWarning(args.dataDir);
  if (little !== undefined) say(little);
  say('Looking for a Kafka broker: KAFKA_BROKERS, Docker, or the jars of Apache Kafka …');
  const broker: Broker = await startBroker({ dataDir: join(directory.path, 'kafka') }).catch(undo);
  ends.push(() => broker.stop());
  const given = process.env['DATABASE_URL'] ?? '';
  const database = await keepDatabase(directory, { given, say }).catch(undo);
  ends.push(() => database.stop());
  const services = await startServices({
    databaseUrl: database.url,
    kafkaBrokers: broker.brokers,
    secretKey: process.env['JIFEN_SECRET_KEY'] ?? directory.secretKey,
    basePort: args.port === 0 ? 0 : args.port + 1,
    ledgers: args.ledgers,
    environment: { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info' },
    onLine: (label, line) => {
      if (process.env['LOG_LEVEL'] !== undefined || !line.includes('"level":"info"')) say(`${label}: ${line}`);
    },
  }).catch(undo);
  const kept: Promise<unknown>[] = [];
  const stopping = stopOnSignals(
    async () => {
      database.letGo();
      await services.stop();
      await broker.stop();
      await Promise.all(kept);
      await database.stop();
      await leave();
      say(`Stopped. The data is in ${directory.path}.`);
    },
    () => say('\nStopping: finishing what was accepted …'),
  );
  const keptService = (service: ServiceProcess): Kept => ({
    label: `${service.label} (process ${service.pid})`,
    ended: service.exited.then((end) => `ended with ${end}`),
    again: async () => keptService(await services.replace(service, stopping.signal)),
  });
  const keptBroker = (): Kept => ({
    label: 'The Kafka broker',
    ended: broker.exited().then(() => 'ended'),
    again: async () => {
      await broker.restart();
      if (stopping.signal.aborted) await broker.stop();
      return keptBroker();
    },
  });
  for (const each of [...services.processes().map(keptService), ...(broker.canKill ? [keptBroker()] : [])]) {
    kept.push(keepRunning(each, { say, stopping: stopping.signal }));
  }
  void database.lost.then((text) => {
    say(text);
    stopping.end(1);
  });
  const running = {
    url: services.urls.ingestion,
    urls: services.urls,
    databaseUrl: database.url,
    embedded: given === '',
    dataDir: directory.path,
    lost: database.lost,
    stop: () => services.stop(),
  };
  const demoKey = args.demo ? await ensureDemo(running, demoProgress(args), stopping.signal) : undefined;
  if (stopping.signal.aborted) return;
  const report = {
    services: services.processes().map(({ label, url, pid }) => ({ label, url, pid })),
    kafka: broker.brokers,
    dataDir: directory.path,
    ...(demoKey === undefined ? {} : { demoKey }),
  };
  const lines = [
    '',
    'Jifen is running as five services on Kafka. Ctrl-C stops all of it.',
    ...report.services.map(({ label, url, pid }) => aligned(label, `${url}   process ${pid}`, WIDTH)),
    aligned('Kafka', broker.brokers.join(', '), WIDTH),
    aligned('Data', directory.path, WIDTH),
    ...(demoKey === undefined ? [] : [aligned('Demo key', demoKey, WIDTH), ...tryLines(services.urls, demoKey)]),
  ];
  process.stdout.write(`${args.json ? JSON.stringify(report) : lines.join('\n')}\n`);
}
