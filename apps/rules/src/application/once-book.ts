import { present } from '@jifen/kernel';
import type { CompiledProgram, OnceAward } from '@jifen/rules';
import type { Book } from './book.ts';
import type { OnceRow, RulesTables } from './ports.ts';

type OnceTables<Sql> = Pick<RulesTables<Sql>, 'onceOf' | 'saveOnce'>;

/** Which activities decide the rules that pay a member of the flush once. */
export class OnceBook<Sql> implements Book {
  readonly #sql: Sql;
  readonly #tables: OnceTables<Sql>;
  readonly #decided = new Map<string, Map<string, OnceAward>>();
  readonly #changed = new Map<string, OnceRow>();

  constructor(sql: Sql, tables: OnceTables<Sql>) {
    this.#sql = sql;
    this.#tables = tables;
  }

  /** Reads what is not known yet. */
  async need(owners: Iterable<string>): Promise<void> {
    const unknown = [...owners].filter((owner) => !this.#decided.has(owner));
    if (unknown.length === 0) return;
    for (const owner of unknown) this.#decided.set(owner, new Map());
    for (const { owner, rule, award } of await this.#tables.onceOf(this.#sql, unknown))
      if (award.gone !== true) this.#of(owner).set(rule, award);
  }

  /** What the member's once-rules of the program have paid, as far as they have. */
  async of(owner: string, { onceRules }: CompiledProgram): Promise<Readonly<Record<string, OnceAward>>> {
    if (onceRules.size === 0) return {};
    await this.need([owner]);
    return Object.fromEntries([...this.#of(owner)].filter(([rule]) => onceRules.has(rule)));
  }

  /** The activity that decides a rule that pays a member once. */
  async deciderOf(owner: string, rule: string): Promise<OnceAward | undefined> {
    await this.need([owner]);
    return this.#of(owner).get(rule);
  }

  /** What was asked for before, and is another now. */
  set(owner: string, decided: Readonly<Record<string, OnceAward>>): void {
    for (const [rule, award] of Object.entries(decided)) {
      if (this.#of(owner).get(rule) === award) continue;
      this.#of(owner).set(rule, award);
      this.#changed.set(`${owner}/${rule}`, { owner, rule, award });
    }
  }

  drop(owner: string, rule: string, award: OnceAward): void {
    this.#of(owner).delete(rule);
    this.#changed.set(`${owner}/${rule}`, { owner, rule, award: { ...award, gone: true } });
  }

  #of(owner: string): Map<string, OnceAward> {
    return present(this.#decided.get(owner), `once awards of ${owner}`);
  }

  async save(): Promise<void> {
    if (this.#changed.size > 0) await this.#tables.saveOnce(this.#sql, [...this.#changed.values()]);
  }
}
