import type { EarnRule, ProgramDocument } from '@jifen/contracts';
import { present, type Instant } from '@jifen/kernel';
import {
  compileProgram,
  dayNumber,
  earliestStart,
  pin,
  validateProgram,
  windowAt,
  type CompiledProgram,
} from '@jifen/rules';
import type { IndexedVersion, RulesTables, VersionPlace } from './ports.ts';

/** Compiled versions kept in memory; the least recently used one goes first. */
const MAX_COMPILED = 256;
/** Days for which it is remembered what holds. */
const MAX_HELD = 2_000;

/** From `start` until just before `end`, or for ever. */
export interface Span {
  readonly start: Instant;
  readonly end?: Instant | undefined;
}

/**
 * Published versions, looked up by program and instant. The index of all versions is in memory and loaded anew when there are
 * more than there were (versions are never changed or removed); documents are compiled when first needed.
 */
export class ProgramCatalog<Sql> {
  readonly #tables: Pick<RulesTables<Sql>, 'countVersions' | 'allVersions' | 'version'>;
  readonly #onApproval = new Map<string, { versions: number; readonly rules: Set<string> }>();
  readonly #compiled = new Map<string, CompiledProgram>();
  #places: ReadonlyMap<string, readonly IndexedVersion[]> = new Map();
  readonly #usesFacts = new Map<string, { readonly asked: number; readonly uses: boolean }>();
  readonly #held = new Map<string, CompiledProgram>();
  #count = 0;

  constructor(tables: Pick<RulesTables<Sql>, 'countVersions' | 'allVersions' | 'version'>) {
    this.#tables = tables;
  }

  async refresh(sql: Sql): Promise<void> {
    if ((await this.#tables.countVersions(sql)) === this.#count) return;
    const all = await this.#tables.allVersions(sql);
    // Another look-up may have seen more meanwhile.
    if (all.length <= this.#count) return;
    const places = new Map<string, IndexedVersion[]>();
    for (const place of all) {
      const own = places.get(place.program);
      if (own === undefined) places.set(place.program, [place]);
      else own.push(place);
    }
    this.#places = places;
    this.#count = all.length;
  }

  /** Versions of a program, oldest first. */
  placesOf(program: string): readonly IndexedVersion[] {
    return this.#places.get(program) ?? [];
  }

  /** Whether any version of a program says when referrals qualify. */
  refers(program: string): boolean {
    return this.placesOf(program).some(({ refers }) => refers);
  }

  /** The version in force at an instant: of those effective by then, the newest. */
  placeAt(program: string, instant: Instant): IndexedVersion | undefined {
    return this.#places.get(program)?.findLast(({ effectiveFrom }) => effectiveFrom <= instant);
  }

  async at(sql: Sql, program: string, instant: Instant): Promise<CompiledProgram | undefined> {
    const place = this.placeAt(program, instant);
    return place && this.version(sql, program, place.version);
  }

  /** Whether some version of a program looks at facts; each version is asked once. */
  async everUsesFacts(sql: Sql, program: string): Promise<boolean> {
    const places = this.placesOf(program);
    const known = this.#usesFacts.get(program) ?? { asked: 0, uses: false };
    let { uses } = known;
    for (const { version } of places.slice(known.asked).toReversed())
      uses ||= (await this.version(sql, program, version)).usesFacts;
    this.#usesFacts.set(program, { asked: places.length, uses });
    return uses;
  }

  /** As `rulesOnApproval`, where every version was looked at already. */
  knownOnApproval(program: string): ReadonlySet<string> | undefined {
    const known = this.#onApproval.get(program);
    return known?.versions === this.placesOf(program).length ? known.rules : undefined;
  }

  /** Rules that wait for somebody's approval in some version of a program. */
  async rulesOnApproval(sql: Sql, program: string): Promise<ReadonlySet<string>> {
    const places = this.placesOf(program);
    const known = this.#onApproval.get(program) ?? { versions: 0, rules: new Set() };
    if (known.versions === places.length) return known.rules;
    this.#onApproval.set(program, known);
    // It only grows: versions are never changed or removed.
    for (const [index, { version }] of places.entries()) {
      if (index < known.versions) continue;
      for (const { id, onApproval } of (await this.version(sql, program, version)).rules)
        if (onApproval) known.rules.add(id);
      known.versions = Math.max(known.versions, index + 1);
    }
    return known.rules;
  }

  async version(sql: Sql, program: string, version: number): Promise<CompiledProgram> {
    const key = `${program}/${version}`;
    const known = this.#remembered(key);
    if (known !== undefined) return known;
    const published = present(await this.#tables.version(sql, program, version), `version ${version} of ${program}`);
    const validation = validateProgram(published.document);
    if (!validation.ok) throw new Error(`version ${version} of ${program} no longer fits its schema`);
    return this.#remember(key, compileProgram(validation.document, version));
  }

  /** Whether the newest version looks for when members were seen last: then causes of older versions matter to it. */
  async looksBack(sql: Sql, program: string): Promise<boolean> {
    const newest = this.#places.get(program)?.at(-1);
    if (newest === undefined) return false;
    return ((await this.version(sql, program, newest.version)).windows?.winBacks.length ?? 0) > 0;
  }

  /**
   * The version that says what a target is in a calendar window, whichever cause asks: the first in force inside it that has
   * the rule, else the last one before it that had (an order is rated as it was placed, and counts when it was paid).
   */
  async holderOf(
    sql: Sql,
    program: string,
    rule: string,
    per: string,
    { start, end }: Span,
  ): Promise<number | undefined> {
    const places = this.placesOf(program);
    const has = async ({ version }: VersionPlace): Promise<boolean> =>
      (await this.version(sql, program, version)).windows?.targets.some(
        (target) => target.rule === rule && target.window === per,
      ) === true;
    const first = Math.max(
      0,
      places.findLastIndex(({ effectiveFrom }) => effectiveFrom <= start),
    );
    for (const [index, place] of places.entries()) {
      const next = places[index + 1];
      if (index < first || next?.effectiveFrom === place.effectiveFrom) continue;
      if (end !== undefined && place.effectiveFrom >= end) break;
      if (await has(place)) return place.version;
    }
    for (const place of places.slice(0, first).toReversed()) if (await has(place)) return place.version;
    return undefined;
  }

  /** A version as it holds at an instant: window rules as the first version says that was in force inside their windows. */
  async effective(sql: Sql, program: string, version: number, at: Instant): Promise<CompiledProgram> {
    const own = await this.version(sql, program, version);
    if (own.windows === undefined) return own;
    // Windows are made of whole days, and a new version may pin another one's.
    const key = [this.#count, program, version, dayNumber(own.calendar, at)].join('/');
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const held = await this.#hold(sql, program, own, at);
    if (this.#held.size >= MAX_HELD) this.#held.clear();
    this.#held.set(key, held);
    return held;
  }

  async #hold(sql: Sql, program: string, own: CompiledProgram, at: Instant): Promise<CompiledProgram> {
    const { version } = own;
    const targets = await this.#targetsOfOthers(sql, program, own, at);
    const start = earliestStart(own, at);
    const places = this.#places.get(program) ?? [];
    const last = places.findIndex((place) => place.version === version);
    const first = places.findLastIndex(({ effectiveFrom }) => effectiveFrom <= start);
    if (targets.size === 0 && (last < 0 || first >= last)) return own;
    const versions = [];
    for (const place of places.slice(Math.max(0, Math.min(first, last)), last + 1))
      versions.push({ from: place.effectiveFrom, program: await this.version(sql, program, place.version) });
    const document = pin(versions, at, targets);
    return document === undefined ? own : this.#pinned(program, version, document);
  }

  /** Target rules of a version that another one holds in the window around the instant, as that one says them. */
  async #targetsOfOthers(
    sql: Sql,
    program: string,
    own: CompiledProgram,
    at: Instant,
  ): Promise<ReadonlyMap<string, EarnRule>> {
    const others = new Map<string, EarnRule>();
    for (const { rule, window } of own.windows?.targets ?? []) {
      if (typeof window !== 'string') continue;
      const holder = await this.holderOf(sql, program, rule, window, windowAt(own.calendar, window, at));
      if (holder === undefined || holder === own.version) continue;
      const { document } = await this.version(sql, program, holder);
      others.set(
        rule,
        present(
          document.rules.find(({ id }) => id === rule),
          rule,
        ),
      );
    }
    return others;
  }

  #pinned(program: string, version: number, document: ProgramDocument): CompiledProgram {
    const key = `${program}/${version}/${JSON.stringify([document.rules, document.limits])}`;
    return this.#remembered(key) ?? this.#remember(key, compileProgram(document, version));
  }

  #remembered(key: string): CompiledProgram | undefined {
    const known = this.#compiled.get(key);
    if (known === undefined) return undefined;
    this.#compiled.delete(key);
    this.#compiled.set(key, known);
    return known;
  }

  #remember(key: string, compiled: CompiledProgram): CompiledProgram {
    this.#compiled.set(key, compiled);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > MAX_COMPILED && oldest !== undefined) this.#compiled.delete(oldest);
    return compiled;
  }
}
