import { setTimeout as sleep } from 'node:timers/promises';
import { mayBeOnes } from '@jifen/event-store';
import type { RulesItem } from '../cause.ts';
import type { RulesTables } from '../ports.ts';
import { Shadow, type KnownOf } from './shadow.ts';
import { readComparison } from '../simulation/simulate-history.ts';
import type { ShadowRow, ShadowTables } from './shadow-desk.ts';

const POLL_MS = 1_000;
/** What was found is added up and told at most so often. */
const TELL_MS = 5_000;
const SLICE_MS = 5;
const LONGEST_REST_MS = 50;

export interface CrewParts<Sql> {
  readonly shadows: ShadowTables<Sql>;
  readonly tables: Pick<RulesTables<Sql>, 'timelinesOf' | 'factsOf'>;
  readonly sql: Sql;
  /** This process, unlike any other that is or was. */
  readonly holder: string;
  /** A shadow broke, or cannot be read any more: this process leaves it alone from now on. */
  readonly onFault: (error: unknown, program: string) => void;
}

interface Running {
  readonly id: string;
  readonly shadow: Shadow;
  toldAt: number;
  /** Something came since. */
  news: boolean;
}

/** The shadows of this process: fed by its consumer, worked in the background. */
export class ShadowCrew<Sql> {
  readonly #parts: CrewParts<Sql>;
  readonly #running = new Map<string, Running>();
  /** Ids of shadows that are left alone. */
  readonly #broken = new Set<string>();

  constructor(parts: CrewParts<Sql>) {
    this.#parts = parts;
  }

  /** From the live path. With no shadow it costs one comparison. */
  offer(items: readonly RulesItem[]): void {
    if (this.#running.size === 0) return;
    for (const [program, running] of this.#running) {
      const own = items.filter(({ owner }) => owner.startsWith(`${program}/`));
      if (own.length === 0) continue;
      running.shadow.offer(own, items.length);
      running.news = true;
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#follow();
      for (const [program, running] of this.#running) await this.#apart(program, running.id, () => this.#work(running));
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Starts and stops what others asked for. */
  async #follow(): Promise<void> {
    const { shadows, sql } = this.#parts;
    const wanted = new Map((await shadows.running(sql)).map(({ program, id }) => [program, id]));
    const ids = new Set(wanted.values());
    for (const [program, { id }] of this.#running) if (wanted.get(program) !== id) this.#running.delete(program);
    for (const id of this.#broken) if (!ids.has(id)) this.#broken.delete(id);
    for (const [program, id] of wanted) {
      if (this.#running.has(program) || this.#broken.has(id)) continue;
      const row = await shadows.find(sql, program);
      if (row?.id === id) await this.#apart(program, id, () => this.#start(row));
    }
  }

  #start(row: ShadowRow): void {
    const { program, id, percent } = row;
    const shadow = new Shadow(program, readComparison(row), percent);
    this.#running.set(program, { id, shadow, toldAt: Number.NEGATIVE_INFINITY, news: false });
  }

  /** Those of other programs go on. */
  async #apart(program: string, id: string, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!mayBeOnes(error)) throw error;
      this.#running.delete(program);
      this.#broken.add(id);
      this.#parts.onFault(error, program);
    }
  }

  async #work(running: Running): Promise<void> {
    const { id, shadow } = running;
    if (shadow.waiting() > 0) await this.#rate(shadow);
    if (!running.news || performance.now() - running.toldAt < TELL_MS) return;
    running.news = false;
    running.toldAt = performance.now();
    const { shadows, sql, holder } = this.#parts;
    await shadows.savePart(sql, id, holder, shadow.part());
  }

  async #rate(shadow: Shadow): Promise<void> {
    const { tables, sql } = this.#parts;
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
  }
}
