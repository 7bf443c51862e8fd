import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../client.ts';
import { startSystem } from '../faults/system.ts';
import { persist, sleep } from '../parallel.ts';
import { PROOF_PROGRAM } from '../program.ts';
import { createRandom } from '../random.ts';
import { startTraffic } from '../traffic.ts';
import { STANDARD_WORKLOAD, workload } from '../workload.ts';
import { finish, follow } from './example.ts';

export interface DownstreamOptions {
  readonly kills: number;
  readonly seed: number;
  readonly members: number;
  readonly say: (line: string) => void;
}

export interface DownstreamReport {
  readonly kills: number;
  readonly orders: number;
  readonly accounts: number;
  readonly different: number;
}

const SETTLE_MS = 240_000;
const CONSUMER = 'rebuild-balances/consumer.mjs';

/**
 * A consumer as we publish it, started from an empty disk while orders come in, killed with SIGKILL at random moments and
 * started again; at the end every balance that it rebuilt is compared with the API's.
 */
export async function runDownstream(options: DownstreamOptions): Promise<DownstreamReport> {
  const { kills, seed, members, say } = options;
  const random = createRandom(seed);
  const system = await startSystem({ shape: 'services', program: 'proof' });
  const folder = await mkdtemp(join(tmpdir(), 'jifen-downstream-'));
  const environment = {
    KAFKA_BROKERS: system.brokers.join(','),
    GROUP: `downstream-${seed}`,
    FILE: join(folder, 'balances.sqlite'),
    JIFEN_URL: system.targets.ledger,
    JIFEN_KEY: system.key,
  };
  let consumer = follow(CONSUMER, environment);
  try {
    const client = createClient(system.targets, system.key);
    await client.publishProgram(PROOF_PROGRAM);
    const source = workload({ ...STANDARD_WORKLOAD, seed, members, prefix: `D${seed}` }, 10_000_000);
    const traffic = startTraffic(client, random, source);
    for (let done = 1; done <= kills; done++) {
      await Promise.race([sleep(random.between(50, 2_000)), traffic.done]);
      if (consumer.code() !== undefined) throw new Error(`the consumer ended by itself: ${consumer.output()}`);
      await consumer.end('SIGKILL');
      consumer = follow(CONSUMER, environment);
      if (done % 5 === 0 || done === kills) say(`${done}/${kills} kills, ${traffic.accepted.length} orders`);
    }
    await traffic.stop();
    const output = await persist('the rebuilt balances', SETTLE_MS, async () => {
      if (consumer.code() !== undefined) throw new Error(`the consumer ended by itself: ${consumer.output()}`);
      const compared = await finish('rebuild-balances/compare.mjs', environment);
      if (compared.code !== 0) throw new Error(compared.output);
      return compared.output;
    });
    const [, accounts = '0', different = '0'] = /(\d+) accounts compared, (\d+) different/.exec(output) ?? [];
    return { kills, orders: traffic.accepted.length, accounts: Number(accounts), different: Number(different) };
  } finally {
    await consumer.end('SIGTERM');
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
