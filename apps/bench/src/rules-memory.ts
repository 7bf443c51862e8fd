import { publishProgram, rulesService, rulesTables } from '@jifen/app-rules';
import { STANDARD_WORKLOAD, workload } from '@jifen/app-simulator';
import type { ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { TOPIC_OF_LOG, type Message } from '@jifen/messaging';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bareService, claimed } from './bare-service.ts';
import { residentMiB } from './machine.ts';
import { benchProgram } from './rule-bench.ts';
import { recorded, type Recorded } from './steps.ts';

export interface RulesMemoryOptions {
  readonly databaseUrl: string;
  readonly members: number;
  readonly batch: number;
  readonly say: (line: string) => void;
}

/** After so many members of whom each has one order. */
export interface RulesMemory {
  readonly members: number;
  readonly perSecond: number;
  /** In use after a full collection: what is held on to. */
  readonly heapMiB: number;
  /** Of this process, load generator included. */
  readonly residentMiB: number;
}

const PROGRAM = 'memory';
const SAMPLE = 2_000;
const STEPS = 10;

/** 30 rules, and a limit, so that every order is entered among its member's others. */
const DOCUMENT: ProgramDocument = {
  ...benchProgram(30),
  limits: [{ id: 'day', per: 'day', currency: 'points', points: 1_000_000 }],
};

/** The rules service alone with PostgreSQL, rating one order of each of so many members: what it remembers must not grow with them. */
export async function measureRulesMemory(options: RulesMemoryOptions): Promise<readonly RulesMemory[]> {
  const { databaseUrl, members, batch, say } = options;
  const collect = collector();
  const rules = await bareService(rulesService, databaseUrl);
  try {
    const published = await publishProgram(
      { store: rules.store('program'), tables: rulesTables },
      { program: PROGRAM, by: 'bench', document: DOCUMENT, effectiveFrom: instant('2020-01-01T00:00:00Z') },
    );
    if (!published.ok) throw new Error(published.refusal.detail);
    const handle = await claimed(rules.consumer(TOPIC_OF_LOG.activity));
    const orders = recorded(PROGRAM, ordersOf(members));
    const step = Math.ceil(members / STEPS);
    const course: RulesMemory[] = [];
    for (let done = 0; done < members;) {
      const started = performance.now();
      const until = Math.min(members, done + step);
      const from = done;
      while (done < until) {
        const messages = Array.from({ length: Math.min(batch, until - done) }, () => next(orders));
        await handle(messages);
        done += messages.length;
      }
      const perSecond = Math.round((done - from) / ((performance.now() - started) / 1_000));
      collect();
      const heapMiB = Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10;
      course.push({ members: done, perSecond, heapMiB, residentMiB: residentMiB(process.pid) });
      say(`${done} members: ${heapMiB} MiB of heap, ${course.at(-1)?.residentMiB} MiB resident, ${perSecond} orders/s`);
    }
    return course;
  } finally {
    await rules.close();
  }
}

function next(orders: Iterator<Message>): Message {
  const { value, done } = orders.next();
  if (done === true) throw new Error('the workload ended too early');
  return value;
}

function* ordersOf(members: number): Generator<Recorded> {
  const samples = [...workload({ ...STANDARD_WORKLOAD, prefix: 'M' }, SAMPLE)].flatMap(({ kind, body }) => {
    if (kind !== 'order') return [];
    const { member: _member, identity: _identity, program: _program, ...order } = body;
    return [order satisfies RecordedOrder];
  });
  for (let number = 1; number <= members; number++) {
    const order = samples[number % samples.length];
    if (order === undefined) throw new Error('the workload has no orders');
    yield { member: `m-${number}`, order: { ...order, orderId: `M-${number}`, revision: 1 } };
  }
}

/** A full collection on demand, whatever this process was started with. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node has no gc()');
  return () => void collect();
}
