import { errorText } from '@jifen/kernel';
/** One thing that has to move while there is work: a consumer, a relay. */
export interface Progressing {
  readonly name: string;
  /** Milliseconds since it last moved or had nothing to do. */
  stalledFor(): number;
  lastError(): Error | undefined;
}

/** One thing that must be so before requests are welcome. */
export interface ReadyCheck {
  readonly name: string;
  /** Throws the reason why not. */
  check(): Promise<void>;
}

export interface HealthReport {
  readonly status: 'ok' | 'failing';
  readonly checks: Readonly<Record<string, string>>;
}

const CHECK_MS = 2_000;

const bounded = (work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${CHECK_MS} ms`)), CHECK_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

const report = (entries: readonly (readonly [string, string])[]): HealthReport => ({
  status: entries.every(([, state]) => state === 'ok') ? 'ok' : 'failing',
  checks: Object.fromEntries(entries),
});

/** Several processes as one: fine when each of them is. */
export function together(reports: ReadonlyMap<string, HealthReport | Error>): HealthReport {
  return report(
    [...reports].flatMap(([name, answer]) =>
      answer instanceof Error
        ? [[`process ${name}`, answer.message] as const]
        : Object.entries(answer.checks).map(([check, state]) => [`process ${name}: ${check}`, state] as const),
    ),
  );
}

/** Life is progress: a process whose work stands still is to be restarted, however well it answers. */
export class Health {
  #stopping = false;

  constructor(
    private readonly progressing: () => readonly Progressing[],
    private readonly ready: readonly ReadyCheck[],
    private readonly stallMs: number,
  ) {}

  stop(): void {
    this.#stopping = true;
  }

  liveness(): HealthReport {
    return report(
      this.progressing().map((part) => {
        const stalled = part.stalledFor();
        if (stalled <= this.stallMs) return [part.name, 'ok'] as const;
        const cause = part.lastError()?.message;
        return [part.name, `stalled for ${Math.round(stalled)} ms${cause === undefined ? '' : `: ${cause}`}`] as const;
      }),
    );
  }

  async readiness(): Promise<HealthReport> {
    const entries = await Promise.all(
      this.ready.map(({ name, check }) =>
        bounded(check()).then(
          () => [name, 'ok'] as const,
          (error: unknown) => [name, errorText(error)] as const,
        ),
      ),
    );
    return report(this.#stopping ? [...entries, ['shutdown', 'draining']] : entries);
  }
}
