import { parseArgs } from 'node:util';
import { SHAPES, type Shape } from '@jifen/app-simulator';
import { usualThreads } from '@jifen/event-store-postgres';

export const HELP = `bench measures, in one run on this machine: what PostgreSQL can take at most, each step alone, and orders end to end.

  --orders N       orders of the end-to-end runs (default 60000)
  --step-orders N  orders of the step runs (default 30000)
  --members N      members that order (default 200000)
  --batch N        orders a bulk request (default 500)
  --connections N  bulk requests under way (default 4)
  --shapes S       of standalone,processes,services: one process, two on one port, five on Kafka; or none (default all)
  growth           instead (also: --growth): end to end at 20,000 and 2,000,000 members, with 100,000 and 5,000,000 events stored, and
                   throughput and memory on the way there (10 to 15 minutes; shows progress)
  rules            instead (also: --rules): the rating function alone, with programs of 1 to 500 rules
  --end-to-end     with rules: orders end to end in one process, by programs of 1 and of 30 rules in turn, 20,000 orders a
                   round; exits 1 when 30 rules have less than two thirds of the throughput of one
  --memory         with rules: the rules service alone, 1,000,000 members touched, with its memory on the way; exits 1 when
                   the heap at the end is more than a tenth and 5 MiB above what it was after the first fifth
  --carts          with rules: previews of carts by HTTP, one after the other, of members with ten orders each, by programs of 1,
                   30 and 100 rules
  ledger           instead: synchronous redemptions on distinct accounts, beside 500 and 2,000 orders/s, and on one account, with the
                   aims, reached or not; exits 1 when spent + left is not what was given
  --accounts N     accounts that redeem (default 2000; ledger)
  --under-way N    redemptions under way (default 32; ledger)
  webhooks         instead: from award to delivery at many endpoints, one of them dead, one slow, one lying, with the aims,
                   reached or not; exits 1 when a member's events came out of order
  --endpoints N    endpoints (default 100; webhooks)
  --per-program N  endpoints of a program, each of which gets every event of it (default 1; webhooks)
  --events N       awards a second, of all programs together (default 500; webhooks); events in the log (default 1000000; rebuild)
  folds            instead: where a member of 1 to 10,000 awards stands on a ladder of a rolling window, and what a posting to it costs
  review           instead: the year's reviews of --members members (1000000 is a million) in a process that is killed once in
                   the middle and started again; shows progress, and exits 1 unless each was reviewed exactly once
  sweep            instead: lots that lapsed while the system was away are booked while orders come in, by a process that is
                   killed once in the middle; shows progress, and exits 1 unless each lot was expired exactly once
  --lots N         lots that are due (default 1000000; sweep)
  --beside N       orders (sweep) or redemptions (rebuild) a second meanwhile (default 50)
  rebuild          instead: a ledger log of --events is verified, compared with the tables, rebuilt beside them and rolled back, at
                   last while redemptions go on, with the aims, reached or not; shows progress, and exits 1 when a row
                   differs, a command is refused, or a balance is behind
  --workers N      threads that verify, fold and compare (default one a processor, at most 8; rebuild)
  --quick          a tenth of everything: to see that it runs
  --json           the whole result as JSON on standard output, progress on standard error
`;

const OPTIONS = {
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
  events: { type: 'string' },
  lots: { type: 'string', default: '1000000' },
  beside: { type: 'string', default: '50' },
  workers: { type: 'string' },
  rules: { type: 'boolean', default: false },
  'end-to-end': { type: 'boolean', default: false },
  memory: { type: 'boolean', default: false },
  carts: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const BENCHES = ['orders', 'growth', 'rules', 'ledger', 'webhooks', 'folds', 'review', 'sweep', 'rebuild'] as const;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What is measured, and how much of it. */
export interface Settings {
  readonly bench: (typeof BENCHES)[number];
  readonly orders: number;
  readonly stepOrders: number;
  readonly members: number;
  readonly batch: number;
  readonly connections: number;
  readonly shapes: readonly Shape[];
  readonly accounts: number;
  readonly underWay: number;
  readonly endpoints: number;
  readonly perProgram: number;
  readonly eventsPerSecond: number;
  /** In the log. */
  readonly events: number;
  readonly lots: number;
  readonly beside: number;
  readonly workers: number;
  readonly endToEnd: boolean;
  readonly memory: boolean;
  readonly carts: boolean;
  /** Of everything, how much is done. */
  readonly share: number;
  readonly json: boolean;
  readonly help: boolean;
}

const QUICK = 0.1;
/** `--events` when left out. */
const EVENTS = { perSecond: 500, inLog: 1_000_000 };

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function readArguments(args: readonly string[]): Settings {
  const { values, positionals } = parsed(args);
  const whole = (name: keyof typeof values, unless?: number): number => {
    const value = Number(values[name] ?? unless);
    if (Number.isInteger(value) && value > 0) return value;
    throw new UsageError(`--${name} must be a whole number above 0, not '${String(values[name])}'`);
  };
  const name = positionals[0] ?? (values.rules ? 'rules' : values.growth ? 'growth' : 'orders');
  const bench = BENCHES.find((each) => each === name);
  if (bench === undefined || positionals.length > 1)
    throw new UsageError(`'${positionals.join(' ')}' is not one of ${BENCHES.join(', ')}`);
  const wanted = values.shapes.split(',');
  const unknown = wanted.find((shape) => shape !== 'none' && !SHAPES.some((each) => each === shape));
  if (unknown !== undefined) throw new UsageError(`--shapes: '${unknown}' is not one of ${SHAPES.join(', ')}, none`);
  return {
    bench,
    orders: whole('orders'),
    stepOrders: whole('step-orders'),
    members: whole('members'),
    batch: whole('batch'),
    connections: whole('connections'),
    shapes: SHAPES.filter((shape) => wanted.includes(shape)),
    accounts: whole('accounts'),
    underWay: whole('under-way'),
    endpoints: whole('endpoints'),
    perProgram: whole('per-program'),
    eventsPerSecond: whole('events', EVENTS.perSecond),
    events: whole('events', EVENTS.inLog),
    lots: whole('lots'),
    beside: whole('beside'),
    workers: whole('workers', usualThreads()),
    endToEnd: values['end-to-end'],
    memory: values.memory,
    carts: values.carts,
    share: values.quick ? QUICK : 1,
    json: values.json,
    help: values.help,
  };
}
