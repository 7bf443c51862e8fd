import { startPostgres } from '@jifen/testing';
import type { Settings } from './arguments.ts';
import { measureCarts } from './cart-bench.ts';
import { measureFolds, measurePostings } from './fold-bench.ts';
import { measureGrowth } from './growth.ts';
import { measureLedger } from './ledger-bench.ts';
import { aims, ledgerReport } from './ledger-report.ts';
import { measureOrders } from './orders-bench.ts';
import { measureRebuild } from './rebuild-bench.ts';
import { rebuildAims, rebuildReport } from './rebuild-report.ts';
import type { BenchResult } from './result.ts';
import { measureReview } from './review-bench.ts';
import { reviewReport } from './review-report.ts';
import { measureRules } from './rule-bench.ts';
import { measureRulesEndToEnd } from './rules-end-to-end.ts';
import { measureRulesMemory } from './rules-memory.ts';
import { measureSweep, sweepReport } from './sweep-bench.ts';
import { table } from './table.ts';
import { measureWebhooks } from './webhook-bench.ts';
import { webhookAims, webhookReport } from './webhook-report.ts';

type Say = (line: string) => void;
type Bench = (settings: Settings, say: Say) => BenchResult | Promise<BenchResult>;

const RULE_COUNTS = [1, 30, 100, 500];
const CART_RULES = [1, 30, 100];
const CARTS = 2_000;
const AWARD_COUNTS = [1, 10, 100, 1_000, 10_000];
const RULES_BATCH = 250;
const RULES_ROUND = 20_000;
/** Of the throughput of one rule, that 30 rules are to have. */
const LEAST_SHARE = 2 / 3;
const TOUCHED = 1_000_000;
const MAY_GROW = { by: 1.1, MiB: 5 };
const LEDGER_SECONDS = 10;
const WEBHOOK_SECONDS = 20;

export const BENCHES: Readonly<Record<Settings['bench'], Bench>> = {
  orders: measureOrders,
  growth,
  rules: (settings, say) => {
    if (settings.memory) return rulesMemory(settings, say);
    if (settings.carts) return carts(settings, say);
    return settings.endToEnd ? rulesEndToEnd(settings, say) : rules();
  },
  ledger,
  webhooks,
  folds,
  review,
  sweep,
  rebuild,
};

async function growth({ share, batch, connections }: Settings, say: Say): Promise<BenchResult> {
  const { cells, way } = await measureGrowth({
    members: [20_000, 2_000_000],
    events: [100_000 * share, 5_000_000 * share],
    batch,
    connections,
    say,
  });
  const text = [
    table(
      ['members', 'events stored', 'orders/s'],
      cells.map((cell) => [cell.members, cell.eventsStored, cell.ordersPerSecond]),
    ),
    '\nthe way there, in one process:',
    table(
      ['orders', 'events stored', 'orders/s', 'MiB resident'],
      way.map((step) => [step.orders, step.eventsStored, step.ordersPerSecond, step.memoryMiB]),
    ),
  ];
  return { json: { growth: cells, way }, text: text.join('\n') };
}

function rules(): BenchResult {
  const results = measureRules(RULE_COUNTS);
  const rows = results.map((each) => [each.rules, each.perSecond]);
  return { json: { rules: results }, text: table(['rules', 'ratings/s'], rows) };
}

async function rulesEndToEnd({ share, members, batch, connections }: Settings, say: Say): Promise<BenchResult> {
  const orders = Math.round(RULES_ROUND * share);
  const results = await measureRulesEndToEnd({ sizes: [1, 30], orders, members, batch, connections, say });
  return {
    json: { orders, members, batch, rules: results },
    text: table(
      ['rules', 'orders/s, middle of rounds', 'of one rule', 'rounds'],
      results.map((each) => [each.rules, each.perSecond, each.share, each.rounds.join(' ')]),
    ),
    fine: results.every((each) => each.share >= LEAST_SHARE),
  };
}

async function carts({ share }: Settings, say: Say): Promise<BenchResult> {
  const results = await measureCarts({ sizes: CART_RULES, carts: Math.round(CARTS * share), say });
  return {
    json: { carts: results },
    text: table(
      ['rules', 'p50, ms', 'p99, ms'],
      results.map((each) => [each.rules, each.p50, each.p99]),
    ),
  };
}

async function rulesMemory({ share }: Settings, say: Say): Promise<BenchResult> {
  const postgres = await startPostgres();
  try {
    const members = Math.round(TOUCHED * share);
    const memory = await measureRulesMemory({ databaseUrl: postgres.url, members, batch: RULES_BATCH, say });
    const [early, late] = [memory[1]?.heapMiB ?? 0, memory.at(-1)?.heapMiB ?? 0];
    return {
      json: { memory },
      text: table(
        ['members touched', 'heap in use, MiB', 'resident, MiB', 'orders/s'],
        memory.map((each) => [each.members, each.heapMiB, each.residentMiB, each.perSecond]),
      ),
      fine: late <= early * MAY_GROW.by + MAY_GROW.MiB,
    };
  } finally {
    await postgres.stop();
  }
}

async function ledger({ share, accounts, underWay }: Settings, say: Say): Promise<BenchResult> {
  const workload = { accounts: Math.round(accounts * share), underWay, seconds: LEDGER_SECONDS * share };
  const result = await measureLedger({ ...workload, say });
  return {
    json: { workload, ledger: result, aims: aims(result) },
    text: `workload: ${workload.accounts} accounts, ${underWay} under way, ${workload.seconds} s a measurement\n\n${ledgerReport(result)}`,
    fine: result.books.wrong.length === 0,
  };
}

async function webhooks(settings: Settings, say: Say): Promise<BenchResult> {
  const { share, endpoints, perProgram, eventsPerSecond } = settings;
  const workload = { endpoints, perProgram, eventsPerSecond, seconds: WEBHOOK_SECONDS * share };
  const result = await measureWebhooks({ ...workload, say });
  return {
    json: { workload, webhooks: result, aims: webhookAims(result) },
    text: `workload: ${endpoints} endpoints (one dead, one slow, one lying), ${perProgram} a program, ${eventsPerSecond} awards/s for ${workload.seconds} s\n\n${webhookReport(result)}`,
    fine: result.heard.every(({ outOfOrder }) => outOfOrder === 0),
  };
}

async function folds(): Promise<BenchResult> {
  const results = measureFolds(AWARD_COUNTS);
  const postings = await measurePostings(AWARD_COUNTS);
  const text = [
    'from all awards, the function alone:',
    table(
      ['awards', 'µs a fold'],
      results.map((each) => [each.awards, each.microseconds]),
    ),
    '\na posting, through the tiering service:',
    table(
      ['awards before', 'ms', 'ms of CPU'],
      postings.map((each) => [each.awards, each.milliseconds, each.cpuMilliseconds]),
    ),
  ];
  return { json: { folds: results, postings }, text: text.join('\n') };
}

async function review({ share, members }: Settings, say: Say): Promise<BenchResult> {
  const result = await measureReview({ members: Math.round(members * share), say });
  return { json: { review: result }, text: reviewReport(result), fine: result.onceEach };
}

async function sweep({ share, lots, beside }: Settings, say: Say): Promise<BenchResult> {
  const result = await measureSweep({ lots: Math.round(lots * share), ordersPerSecond: beside, say });
  return {
    json: { workload: { ordersPerSecond: beside }, sweep: result },
    text: sweepReport(result),
    fine: result.wrong.length === 0,
  };
}

async function rebuild({ share, events, beside, workers }: Settings, say: Say): Promise<BenchResult> {
  const result = await measureRebuild({
    events: Math.round(events * share),
    commandsPerSecond: beside,
    workers,
    say,
  });
  return {
    json: { workload: { commandsPerSecond: beside, workers }, rebuild: result, aims: rebuildAims(result) },
    text: rebuildReport(result),
    fine: result.wrong.length === 0,
  };
}
