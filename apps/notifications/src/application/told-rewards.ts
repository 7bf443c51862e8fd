import type { AccountKey, NudgeTable } from './message-ports.ts';

export const accountName = ({ program, member, currency }: AccountKey): string => `${program}/${member}/${currency}`;

/** What accounts were told of rewards since they last spent: nobody is nudged to the same reward, or a lesser one, twice. */
export class ToldRewards<Sql> {
  readonly #known: Map<string, number>;
  /** As they stand after this batch; 0 is none. */
  readonly #changed = new Map<string, AccountKey & { readonly price: number }>();

  private constructor(known: ReadonlyMap<string, number>) {
    this.#known = new Map(known);
  }

  static async of<Sql>(sql: Sql, table: NudgeTable<Sql>, accounts: readonly AccountKey[]): Promise<ToldRewards<Sql>> {
    const distinct = new Map(accounts.map((account) => [accountName(account), account]));
    return new ToldRewards<Sql>(distinct.size === 0 ? new Map() : await table.of(sql, [...distinct.values()]));
  }

  isNew(account: AccountKey, price: number): boolean {
    return price > (this.#known.get(accountName(account)) ?? 0);
  }

  tell(account: AccountKey, price: number): void {
    this.#set(account, price);
  }

  spend(account: AccountKey): void {
    if (this.#known.has(accountName(account))) this.#set(account, 0);
  }

  async save(sql: Sql, table: NudgeTable<Sql>): Promise<void> {
    const changed = [...this.#changed.values()];
    const [told, spent] = [changed.filter(({ price }) => price > 0), changed.filter(({ price }) => price === 0)];
    if (told.length > 0) await table.save(sql, told);
    if (spent.length > 0) await table.forget(sql, spent);
  }

  #set({ program, member, currency }: AccountKey, price: number): void {
    const account = { program, member, currency };
    this.#known.set(accountName(account), price);
    this.#changed.set(accountName(account), { ...account, price });
  }
}
