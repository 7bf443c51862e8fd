import { setTimeout as sleep } from 'node:timers/promises';
import type { RulesItem } from '../cause.ts';
import type { RulesTables } from '../ports.ts';
import { Shadow, type KnownOf } from './shadow.ts';
import { comparisonIn, type ShadowTables } from './shadow-desk.ts';

const POLL_MS = 1_000;
const SLICE_MS = 5;
const LONGEST_REST_MS = 50;

export interface CrewParts<Sql> {
  readonly shadows: ShadowTables<Sql>;
  readonly tables: Pick<RulesTables<Sql>, 'timelinesOf' | 'factsOf'>;
  readonly sql: Sql;
  /** This process, unlike any other that is or was. */
  readonly holder: string;
}

/** The shadows of this process: fed by its consumer, worked in the background. */
export class ShadowCrew<Sql> {
  readonly #parts: CrewParts<Sql>;
  readonly #running = new Map<string, { readonly id: string; readonly shadow: Shadow }>();

  constructor(parts: CrewParts<Sql>) {
    this.#parts = parts;
  }

  /** From the live path. With no shadow it costs one comparison. */
  offer(items: readonly RulesItem[]): void {
    if (this.#running.size === 0) return;
    for (const [program, { shadow }] of this.#running) {
      const own = items.filter(({ owner }) => owner.startsWith(`${program}/`));
      if (own.length > 0) shadow.offer(own, items.length);
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#follow();
      for (const { id, shadow } of this.#running.values()) await this.#work(id, shadow);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Starts and stops what others asked for. */
  async #follow(): Promise<void> {
    const { shadows, sql } = this.#parts;
    const wanted = new Map((await shadows.running(sql)).map(({ program, id }) => [program, id]));
    for (const [program, { id }] of this.#running) if (wanted.get(program) !== id) this.#running.delete(program);
    for (const [program, id] of wanted) {
      if (this.#running.has(program)) continue;
      const row = await shadows.find(sql, program);
      if (row?.id !== id) continue;
      this.#running.set(program, { id, shadow: new Shadow(program, comparisonIn(row), row.percent) });
    }
  }

  async #work(id: string, shadow: Shadow): Promise<void> {
    if (shadow.waiting() === 0) return;
    const { tables, sql, shadows, holder } = this.#parts;
    let turn = performance.now();
    const pause = async (): Promise<void> => {
      const worked = performance.now() - turn;
      if (worked < SLICE_MS) return;
      await sleep(Math.min(worked, LONGEST_REST_MS));
      turn = performance.now();
    };
    const knownOf: KnownOf = async (owner) => ({
      owner,
      timeline: (await tables.timelinesOf(sql, [owner])).get(owner) ?? [],
      facts: (await tables.factsOf(sql, [owner])).get(owner) ?? [],
    });
    await shadow.work(knownOf, pause);
    await shadows.savePart(sql, id, holder, shadow.part());
  }
}
