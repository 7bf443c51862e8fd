import { stopOnSignals } from '@jifen/service-host';
import { destination } from 'pino';
import type { Arguments } from './arguments.ts';
import { ensureDemo } from './demo/demo.ts';
import { demoProgress } from './progress.ts';
import { reportLines, type StartReport } from './report.ts';
import { startStandalone } from './standalone.ts';

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** `npm start`. */
export async function runStandalone(args: Arguments): Promise<void> {
  const running = await startStandalone({
    dataDir: args.dataDir,
    port: args.port,
    processes: args.processes,
    say,
    logLevel: process.env['LOG_LEVEL'] ?? 'warn',
    logDestination: destination({ dest: 2, sync: true }),
  });
  const stopping = stopOnSignals(
    async () => {
      await running.stop();
      if (!args.json) say(`Stopped. The data is in ${running.dataDir}.`);
    },
    () => {
      if (!args.json) say('\nStopping: finishing what was accepted …');
    },
  );
  void running.lost.then((text) => {
    say(text);
    stopping.end(1);
  });
  const demoKey = args.demo ? await ensureDemo(running, demoProgress(args), stopping.signal) : undefined;
  if (stopping.signal.aborted) return;
  const brokers = process.env['KAFKA_BROKERS'] ?? '';
  const report: StartReport = {
    url: running.url,
    docs: `${running.url}/docs`,
    health: `${running.url}/healthz`,
    metrics: `${running.url}/metrics`,
    dataDir: running.dataDir,
    database: running.embedded ? 'embedded' : 'DATABASE_URL',
    bus: brokers === '' ? 'embedded' : `Kafka (${brokers})`,
    ...(demoKey === undefined ? {} : { demoKey }),
  };
  process.stdout.write(`${args.json ? JSON.stringify(report) : reportLines(report).join('\n')}\n`);
}
