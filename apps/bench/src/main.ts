import { SHAPES, STANDARD_WORKLOAD } from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import { startPostgres } from '@jifen/testing';
import { parseArgs } from 'node:util';
import { CEILING_BATCH, measureCeiling, type CeilingResult } from './ceiling.ts';
import { measureEndToEnd, type EndToEndResult } from './end-to-end.ts';
import { measureFolds } from './fold-bench.ts';
import { measureGrowth } from './growth.ts';
import { measureLedger } from './ledger-bench.ts';
import { aims, ledgerReport } from './ledger-report.ts';
import { machine } from './machine.ts';
import { measureReview } from './review-bench.ts';
import { reviewReport } from './review-report.ts';
import { measureRules } from './rule-bench.ts';
import { measureRulesEndToEnd } from './rules-end-to-end.ts';
import { measureRulesMemory } from './rules-memory.ts';
import { measurePureRating, measureSteps, type StepResult } from './steps.ts';
import { runSweep } from './sweep-bench.ts';
import { table } from './table.ts';
import { measureWebhooks } from './webhook-bench.ts';
import { webhookAims, webhookReport } from './webhook-report.ts';

const RULE_COUNTS = [1, 30, 100, 500];
const AWARD_COUNTS = [1, 10, 100, 1_000, 10_000];

const HELP = `bench measures, in one run on this machine: what PostgreSQL can take at most, each step alone, and orders end to end.

  --orders N       orders of the end-to-end runs (default 60000)
  --step-orders N  orders of the step runs (default 30000)
  --members N      members that order (default 200000)
  --batch N        orders a bulk request (default 500)
  --connections N  bulk requests under way (default 4)
  --shapes S       of standalone,processes,services: one process, two on one port, five on Kafka; or none (default all)
  --growth         instead: end to end at 20,000 and 2,000,000 members, with 100,000 and 5,000,000 events stored, and
                   throughput and memory on the way there (10 to 15 minutes; shows progress)
  --rules          instead (also: bench rules): the rating function alone, with programs of 1 to 500 rules
  --end-to-end     with rules: orders end to end in one process, by programs of 1 and of 30 rules in turn, 20,000 orders a
                   round; exits 1 when 30 rules have less than two thirds of the throughput of one
  --memory         with rules: the rules service alone, 1,000,000 members touched, with its memory on the way; exits 1 when
                   the heap at the end is more than a tenth and 5 MiB above what it was after the first fifth
  ledger           instead: synchronous redemptions on distinct accounts, beside 2,000 orders/s, and on one account, with the
                   aims, reached or not; exits 1 when spent + left is not what was given
  --accounts N     accounts that redeem (default 2000; ledger)
  --under-way N    redemptions under way (default 32; ledger)
  webhooks         instead: from award to delivery at many endpoints, one of them dead, one slow, one lying, with the aims,
                   reached or not; exits 1 when a member's events came out of order
  --endpoints N    endpoints (default 100; webhooks)
  --per-program N  endpoints of a program, each of which gets every event of it (default 1; webhooks)
  --events N       awards a second, of all programs together (default 500; webhooks)
  folds            instead: where a member of 1 to 10,000 awards stands on a ladder of a rolling window, the function alone
  review           instead: the year's reviews of --members members (1000000 is a million) in a process that is killed once in
                   the middle and started again; shows progress, and exits 1 unless each was reviewed exactly once
  sweep            instead: lots that lapsed while the system was away are booked while orders come in, by a process that is
                   killed once in the middle; shows progress, and exits 1 unless each lot was expired exactly once
  --lots N         lots that are due (default 1000000; sweep)
  --beside N       orders a second meanwhile (default 50; sweep)
  --quick          a tenth of everything: to see that it runs
  --json           the whole result as JSON on standard output, progress on standard error
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orders: { type: 'string', default: '60000' },
    'step-orders': { type: 'string', default: '30000' },
    members: { type: 'string', default: '200000' },
    batch: { type: 'string', default: '500' },
    connections: { type: 'string', default: '4' },
    shapes: { type: 'string', default: 'standalone,processes,services' },
    growth: { type: 'boolean', default: false },
    accounts: { type: 'string', default: '2000' },
    'under-way': { type: 'string', default: '32' },
    endpoints: { type: 'string', default: '100' },
    'per-program': { type: 'string', default: '1' },
    events: { type: 'string', default: '500' },
    lots: { type: 'string', default: '1000000' },
    beside: { type: 'string', default: '50' },
    rules: { type: 'boolean', default: false },
    'end-to-end': { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const CEILING_SECONDS = 5;
const STEP_BATCH = 250;
const LEDGER_SECONDS = 10;
const WEBHOOK_SECONDS = 20;

interface Ceilings {
  readonly raw: readonly CeilingResult[];
  readonly fenced: readonly CeilingResult[];
}

const say = (line: string): void => console.error(line);

async function ceilingsAndSteps(
  stepOrders: number,
  seconds: number,
): Promise<{ ceilings: Ceilings; steps: StepResult[] }> {
  const postgres = await startPostgres();
  const settings = { ...STANDARD_WORKLOAD, members: Number(values.members) };
  try {
    const pool = createPool(postgres.url, { max: 4 });
    say('raw and fenced ceiling');
    const raw = [await measureCeiling(pool, false, 1, seconds), await measureCeiling(pool, false, 2, seconds)];
    const fenced = [await measureCeiling(pool, true, 1, seconds), await measureCeiling(pool, true, 2, seconds)];
    await pool.end();
    say(`steps alone, ${stepOrders} orders`);
    const steps = [
      measurePureRating(settings),
      ...(await measureSteps(postgres.url, settings, stepOrders, STEP_BATCH)),
    ];
    return { ceilings: { raw, fenced }, steps };
  } finally {
    await postgres.stop();
  }
}

function print(ceilings: Ceilings, steps: readonly StepResult[], results: readonly EndToEndResult[]): void {
  const ceiling = (name: string, all: readonly CeilingResult[]) =>
    all.map(
      ({ connections, eventsPerSecond }) =>
        [`${name}, ${connections} connection${connections > 1 ? 's' : ''}`, eventsPerSecond, 'events/s'] as const,
    );
  console.log(
    table(
      ['what', 'rate', 'unit'],
      [
        ...ceiling(`raw append (batches of ${CEILING_BATCH})`, ceilings.raw),
        ...ceiling(`fenced append (batches of ${CEILING_BATCH})`, ceilings.fenced),
        ...steps.map(({ step, perSecond, unit }) => [step, perSecond, unit] as const),
        ...results.flatMap((each) => [
          [`end to end by bulk HTTP, ${each.shape}`, each.ordersPerSecond, 'orders/s'] as const,
          ...(each.byBusPerSecond === undefined
            ? []
            : [[`end to end by jifen.order.v1, ${each.shape}`, each.byBusPerSecond, 'orders/s'] as const]),
        ]),
      ],
    ),
  );
  for (const each of results) {
    const cpu = Object.entries(each.cpuPer1000).map(([name, seconds]) => `${name} ${seconds}`);
    const memory = Object.entries(each.memoryMiB).map(
      ([name, mebibytes]) => `${name} ${each.memoryBeforeMiB[name] ?? 0} → ${mebibytes}`,
    );
    console.log(`\n${each.shape}: ${each.orders} orders`);
    console.log(
      `  at ${each.pacedAt} orders/s: accepted → readable p50 ${each.readableP50} ms, p99 ${each.readableP99} ms; 202 after p50 ${each.acceptP50} ms, p99 ${each.acceptP99} ms`,
    );
    console.log(`  CPU seconds per 1,000 orders: ${cpu.join(', ')}`);
    console.log(
      `  ${each.rowsPerOrder} rows and ${each.bytesPerOrder} bytes an order; memory MiB: ${memory.join(', ')}`,
    );
  }
}

async function growth(share: number): Promise<void> {
  const { cells, way } = await measureGrowth({
    members: [20_000, 2_000_000],
    events: [100_000 * share, 5_000_000 * share],
    batch: Number(values.batch),
    connections: Number(values.connections),
    say,
  });
  if (values.json)
    console.log(JSON.stringify({ date: new Date().toISOString(), machine: machine(), growth: cells, way }, null, 2));
  else {
    console.log(
      table(
        ['members', 'events stored', 'orders/s'],
        cells.map((cell) => [cell.members, cell.eventsStored, cell.ordersPerSecond]),
      ),
    );
    console.log(
      `\nthe way there, in one process:\n${table(
        ['orders', 'events stored', 'orders/s', 'MiB resident'],
        way.map((step) => [step.orders, step.eventsStored, step.ordersPerSecond, step.memoryMiB]),
      )}`,
    );
  }
}

function rules(): void {
  const results = measureRules(RULE_COUNTS);
  if (values.json)
    console.log(JSON.stringify({ date: new Date().toISOString(), machine: machine(), rules: results }, null, 2));
  else
    console.log(
      table(
        ['rules', 'ratings/s'],
        results.map((each) => [each.rules, each.perSecond]),
      ),
    );
}

const RULES_ROUND = 20_000;
/** Of the throughput of one rule, that 30 rules are to have. */
const LEAST_SHARE = 2 / 3;

async function rulesEndToEnd(share: number): Promise<void> {
  const where = machine();
  const orders = Math.round(RULES_ROUND * share);
  const [members, batch, connections] = [Number(values.members), Number(values.batch), Number(values.connections)];
  const results = await measureRulesEndToEnd({ sizes: [1, 30], orders, members, batch, connections, say });
  const date = new Date().toISOString();
  if (values.json)
    console.log(JSON.stringify({ date, machine: where, orders, members, batch, rules: results }, null, 2));
  else {
    console.log(
      `${where.cpu}, ${where.cores} cores (load generator included), ${where.memoryGiB} GiB, Node ${where.node}, load ${where.loadBefore}, ${date.slice(0, 10)}\n`,
    );
    const head = ['rules', 'orders/s, middle of rounds', 'of one rule', 'rounds'];
    console.log(
      table(
        head,
        results.map((each) => [each.rules, each.perSecond, each.share, each.rounds.join(' ')]),
      ),
    );
  }
  if (results.some((each) => each.share < LEAST_SHARE)) process.exitCode = 1;
}

const TOUCHED = 1_000_000;
const MAY_GROW = { by: 1.1, MiB: 5 };

async function rulesMemory(share: number): Promise<void> {
  const where = machine();
  const postgres = await startPostgres();
  try {
    const members = Math.round(TOUCHED * share);
    const course = await measureRulesMemory({ databaseUrl: postgres.url, members, batch: STEP_BATCH, say });
    const date = new Date().toISOString();
    if (values.json) console.log(JSON.stringify({ date, machine: where, memory: course }, null, 2));
    else {
      console.log(
        `${where.cpu}, ${where.cores} cores, ${where.memoryGiB} GiB, Node ${where.node}, load ${where.loadBefore}, ${date.slice(0, 10)}\n`,
      );
      const head = ['members touched', 'heap in use, MiB', 'resident, MiB', 'orders/s'];
      console.log(
        table(
          head,
          course.map((each) => [each.members, each.heapMiB, each.residentMiB, each.perSecond]),
        ),
      );
    }
    const [early, late] = [course[1]?.heapMiB ?? 0, course.at(-1)?.heapMiB ?? 0];
    if (late > early * MAY_GROW.by + MAY_GROW.MiB) process.exitCode = 1;
  } finally {
    await postgres.stop();
  }
}

async function ledger(share: number): Promise<void> {
  const where = machine();
  const workload = {
    accounts: Math.round(Number(values.accounts) * share),
    underWay: Number(values['under-way']),
    seconds: LEDGER_SECONDS * share,
  };
  const result = await measureLedger({ ...workload, say });
  const date = new Date().toISOString();
  if (values.json)
    console.log(JSON.stringify({ date, machine: where, workload, ledger: result, aims: aims(result) }, null, 2));
  else {
    console.log(
      `${where.cpu}, ${where.cores} cores (load generator included), ${where.memoryGiB} GiB, Node ${where.node}, load ${where.loadBefore}, ${date.slice(0, 10)}`,
    );
    console.log(
      `workload: ${workload.accounts} accounts, ${workload.underWay} under way, ${workload.seconds} s a measurement\n\n${ledgerReport(result)}`,
    );
  }
  if (result.books.wrong.length > 0) process.exitCode = 1;
}

async function webhooks(share: number): Promise<void> {
  const where = machine();
  const workload = {
    endpoints: Number(values.endpoints),
    perProgram: Number(values['per-program']),
    eventsPerSecond: Number(values.events),
    seconds: WEBHOOK_SECONDS * share,
  };
  const result = await measureWebhooks({ ...workload, say });
  const date = new Date().toISOString();
  if (values.json)
    console.log(
      JSON.stringify({ date, machine: where, workload, webhooks: result, aims: webhookAims(result) }, null, 2),
    );
  else {
    console.log(
      `${where.cpu}, ${where.cores} cores (load generator and receivers included), ${where.memoryGiB} GiB, Node ${where.node}, load ${where.loadBefore}, ${date.slice(0, 10)}`,
    );
    console.log(
      `workload: ${workload.endpoints} endpoints (one dead, one slow, one lying), ${workload.perProgram} a program, ${workload.eventsPerSecond} awards/s for ${workload.seconds} s\n\n${webhookReport(result)}`,
    );
  }
  if (result.heard.some(({ outOfOrder }) => outOfOrder > 0)) process.exitCode = 1;
}

function folds(): void {
  const results = measureFolds(AWARD_COUNTS);
  if (values.json)
    console.log(JSON.stringify({ date: new Date().toISOString(), machine: machine(), folds: results }, null, 2));
  else
    console.log(
      table(
        ['awards', 'folds/s', 'µs a fold'],
        results.map((each) => [each.awards, each.perSecond, each.microseconds]),
      ),
    );
}

async function review(share: number): Promise<void> {
  const where = machine();
  const result = await measureReview({ members: Math.round(Number(values.members) * share), say });
  const date = new Date().toISOString();
  if (values.json) console.log(JSON.stringify({ date, machine: where, review: result }, null, 2));
  else
    console.log(
      `${where.cpu}, ${where.cores} cores, ${where.memoryGiB} GiB, Node ${where.node}, load ${where.loadBefore}, ${date.slice(0, 10)}\n\n${reviewReport(result)}`,
    );
  if (!result.onceEach) process.exitCode = 1;
}

async function main(): Promise<void> {
  const share = values.quick ? 0.1 : 1;
  const where = machine();
  const { duplicates, refunds, late } = STANDARD_WORKLOAD;
  const workload = {
    members: Number(values.members),
    linesPerOrder: 2.2,
    duplicates,
    refunds,
    late,
    batch: Number(values.batch),
    connections: Number(values.connections),
  };
  say(
    `${where.cpu}, ${where.cores} cores, ${where.memoryGiB} GiB, ${where.os}, Node ${where.node}, load ${where.loadBefore}`,
  );
  const { ceilings, steps } = await ceilingsAndSteps(
    Math.round(Number(values['step-orders']) * share),
    CEILING_SECONDS * share,
  );
  const results: EndToEndResult[] = [];
  const wanted = values.shapes.split(',');
  const shapes = SHAPES.filter((shape) => wanted.includes(shape));
  for (const shape of shapes) {
    results.push(
      await measureEndToEnd({
        shape,
        orders: Math.round(Number(values.orders) * share),
        members: Number(values.members),
        batch: Number(values.batch),
        connections: Number(values.connections),
        say,
      }),
    );
  }
  if (values.json)
    console.log(
      JSON.stringify(
        { date: new Date().toISOString(), machine: where, workload, ceilings, steps, endToEnd: results },
        null,
        2,
      ),
    );
  else {
    console.log(
      `${where.cpu}, ${where.cores} cores (load generator included), ${where.memoryGiB} GiB, Node ${where.node}, ${new Date().toISOString().slice(0, 10)}`,
    );
    console.log(
      `workload: ${workload.members} members, 2.2 lines an order, ${duplicates * 100} % duplicates, ${refunds * 100} % refunds, ${late * 100} % late\n`,
    );
    print(ceilings, steps, results);
  }
}

if (values.help) console.log(HELP);
else if (values.rules || positionals[0] === 'rules')
  if (values.memory) await rulesMemory(values.quick ? 0.1 : 1);
  else if (values['end-to-end']) await rulesEndToEnd(values.quick ? 0.1 : 1);
  else rules();
else if (positionals[0] === 'ledger') await ledger(values.quick ? 0.1 : 1);
else if (positionals[0] === 'webhooks') await webhooks(values.quick ? 0.1 : 1);
else if (positionals[0] === 'folds') folds();
else if (positionals[0] === 'review') await review(values.quick ? 0.1 : 1);
else if (positionals[0] === 'sweep')
  await runSweep({ lots: Number(values.lots), ordersPerSecond: Number(values.beside), say }, values);
else if (values.growth) await growth(values.quick ? 0.1 : 1);
else await main();
