import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));
const LONG_MS = 300_000;

interface Printed {
  readonly machine: { readonly cores: number };
  readonly ceilings: Readonly<Record<'raw' | 'fenced', readonly { readonly eventsPerSecond: number }[]>>;
  readonly steps: readonly { readonly step: string; readonly perSecond: number }[];
  readonly endToEnd: readonly {
    readonly shape: string;
    readonly ordersPerSecond: number;
    readonly readableP99: number;
    readonly rowsPerOrder: number;
  }[];
}

interface PrintedRate {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface PrintedLedger {
  readonly ledger: Readonly<Record<'distinct' | 'hot', PrintedRate & { readonly cpuEach: object }>> & {
    readonly beside: readonly (PrintedRate & { readonly ordersPerSecond: number })[];
    readonly oneRow: readonly { readonly perSecond: number }[];
    readonly books: { readonly checked: number; readonly wrong: readonly string[] };
  };
  readonly aims: readonly unknown[];
}

interface PrintedWebhooks {
  readonly webhooks: {
    readonly heard: readonly {
      readonly manner: string;
      readonly endpoints: number;
      readonly expected: number;
      readonly received: number;
      readonly outOfOrder: number;
    }[];
  };
  readonly aims: readonly unknown[];
}

interface PrintedReview {
  readonly review: Readonly<Record<'members' | 'kept' | 'fell' | 'wrong' | 'waiting' | 'killedAt', number>> & {
    readonly onceEach: boolean;
  };
}

interface PrintedRebuild {
  readonly rebuild: {
    readonly events: number;
    readonly rows: number;
    readonly passes: readonly { readonly what: string; readonly eventsPerSecond: number }[];
    readonly beside: { readonly commands: number };
    readonly wrong: readonly string[];
  };
  readonly aims: readonly unknown[];
}

interface PrintedSweep {
  readonly sweep: {
    readonly lots: number;
    readonly lotsPerSecond: number;
    readonly earning: { readonly orders: number; readonly p50: number; readonly p99: number };
    readonly wrong: readonly string[];
  };
}

describe('npm run bench', () => {
  it(
    'measures ceilings, steps and a shape in one run and prints them as JSON',
    async () => {
      const args = [
        'run',
        '--silent',
        'bench',
        '--',
        '--quick',
        '--json',
        '--shapes',
        'standalone',
        '--orders',
        '20000',
        '--step-orders',
        '20000',
      ];
      const { stdout } = await promisify(execFile)('npm', args, { cwd: WORKSPACE, maxBuffer: 10_000_000 });
      const printed = JSON.parse(stdout) as Printed;
      expect(printed.machine.cores).toBeGreaterThan(0);
      for (const ceiling of ['raw', 'fenced'] as const) {
        expect(printed.ceilings[ceiling].map(({ eventsPerSecond }) => eventsPerSecond > 0)).toEqual([true, true]);
      }
      expect(printed.steps.every(({ perSecond }) => perSecond > 0)).toBe(true);
      expect(printed.steps).toHaveLength(4);
      const [standalone] = printed.endToEnd;
      expect(standalone?.shape).toBe('standalone');
      expect(standalone?.ordersPerSecond).toBeGreaterThan(0);
      expect(Number.isFinite(standalone?.readableP99)).toBe(true);
      expect(standalone?.rowsPerOrder).toBeGreaterThan(3);
    },
    LONG_MS,
  );

  it(
    'measures redemptions alone, beside orders and on one account, and keeps the books',
    async () => {
      const args = ['run', '--silent', 'bench', '--', 'ledger', '--quick', '--json'];
      const { stdout } = await promisify(execFile)('npm', args, { cwd: WORKSPACE });
      const { ledger, aims } = JSON.parse(stdout) as PrintedLedger;
      for (const { perSecond, p50, p99 } of [ledger.distinct, ...ledger.beside, ledger.hot]) {
        expect(perSecond).toBeGreaterThan(0);
        expect(p99).toBeGreaterThanOrEqual(p50);
      }
      expect(ledger.beside.map(({ ordersPerSecond }) => ordersPerSecond > 0)).toEqual([true, true]);
      expect(Object.keys(ledger.distinct.cpuEach)).toEqual(['standalone', 'postgres']);
      expect(ledger.oneRow.map(({ perSecond }) => perSecond > 0)).toEqual([true, true]);
      expect(ledger.books.checked).toBeGreaterThan(100);
      expect(ledger.books.wrong).toEqual([]);
      expect(aims).toHaveLength(4);
    },
    LONG_MS,
  );

  it(
    'measures webhooks from award to delivery while a dead, a slow and a lying endpoint are there',
    async () => {
      const few = ['--endpoints', '8', '--events', '50'];
      const args = ['run', '--silent', 'bench', '--', 'webhooks', '--quick', '--json', ...few];
      const { stdout } = await promisify(execFile)('npm', args, { cwd: WORKSPACE });
      const { webhooks, aims } = JSON.parse(stdout) as PrintedWebhooks;
      const [healthy, ...unwell] = webhooks.heard;
      expect(unwell.map(({ manner, endpoints }) => ({ manner, endpoints }))).toEqual(
        ['dead', 'slow', 'lying'].map((manner) => ({ manner, endpoints: 1 })),
      );
      expect(healthy).toMatchObject({ manner: 'healthy', endpoints: 5 });
      expect(healthy?.expected).toBeGreaterThan(10);
      expect(healthy?.received).toBe(healthy?.expected);
      expect(webhooks.heard.map(({ outOfOrder }) => outOfOrder)).toEqual([0, 0, 0, 0]);
      expect(aims).toHaveLength(3);
    },
    LONG_MS,
  );

  it(
    'reviews every member exactly once, though the process is killed in the middle',
    async () => {
      const args = ['run', '--silent', 'bench', '--', 'review', '--members', '6000', '--json'];
      const { stdout, stderr } = await promisify(execFile)('npm', args, { cwd: WORKSPACE });
      const { review } = JSON.parse(stdout) as PrintedReview;
      expect(review).toMatchObject({ members: 6_000, kept: 3_000, fell: 3_000, wrong: 0, waiting: 0, onceEach: true });
      expect(review.killedAt).toBeGreaterThanOrEqual(2_400);
      expect(review.killedAt).toBeLessThan(6_000);
      expect(stderr).toMatch(/of 6000 reviewed, \d+ members\/s, \d+ MiB/);
    },
    LONG_MS,
  );

  it(
    'N08: rebuilds the tables of a log beside commands, none of which is refused or read too late',
    async () => {
      const args = ['run', '--silent', 'bench', '--', 'rebuild', '--events', '20000', '--json'];
      const { stdout } = await promisify(execFile)('npm', args, { cwd: WORKSPACE });
      const { rebuild, aims } = JSON.parse(stdout) as PrintedRebuild;
      expect(rebuild).toMatchObject({ events: 20_000, wrong: [] });
      expect(rebuild.rows).toBeGreaterThan(20_000);
      expect(rebuild.passes.map(({ what }) => what)).toEqual([
        'hash chain',
        'tables against the log',
        'rebuild, alone',
        'rebuild, beside commands',
        'rollback, beside commands',
      ]);
      expect(rebuild.passes.every(({ eventsPerSecond }) => eventsPerSecond > 0)).toBe(true);
      expect(rebuild.beside.commands).toBeGreaterThan(10);
      expect(aims).toHaveLength(2);
    },
    LONG_MS,
  );

  it(
    'books each due lot once beside orders, though the process is killed, and says when each order was readable',
    async () => {
      const args = ['run', '--silent', 'bench', '--', 'sweep', '--lots', '6000', '--beside', '20', '--json'];
      const { stdout } = await promisify(execFile)('npm', args, { cwd: WORKSPACE });
      const { sweep } = JSON.parse(stdout) as PrintedSweep;
      expect(sweep).toMatchObject({ lots: 6_000, wrong: [] });
      expect(sweep.lotsPerSecond).toBeGreaterThan(0);
      expect(sweep.earning.orders).toBeGreaterThan(0);
      expect(sweep.earning.p50).toBeGreaterThan(0);
      // Infinity would be null in JSON.
      expect(sweep.earning.p99).toBeGreaterThanOrEqual(sweep.earning.p50);
    },
    LONG_MS,
  );
});
