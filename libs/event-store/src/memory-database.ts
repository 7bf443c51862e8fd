/** Tables of a memory transaction, by name. Changes count when the transaction commits; rows are replaced, never changed in place. */
export interface MemorySql {
  table<Row>(name: string): Map<string, Row>;
}

export interface MemoryDatabase {
  /** What is committed. */
  rows<Row>(name: string): ReadonlyMap<string, Row>;
  /** Runs one transaction after the other; what it did to its tables is kept when it resolves. */
  exclusive<T>(work: (sql: MemorySql) => Promise<T>): Promise<T>;
}

export function createMemoryDatabase(): MemoryDatabase {
  const tables = new Map<string, Map<string, unknown>>();
  let turn: Promise<unknown> = Promise.resolve();
  const run = async <T>(work: (sql: MemorySql) => Promise<T>): Promise<T> => {
    const own = new Map<string, Map<string, unknown>>();
    const table = <Row>(name: string): Map<string, Row> => {
      const copy = own.get(name) ?? new Map(tables.get(name));
      own.set(name, copy);
      return copy as Map<string, Row>;
    };
    const result = await work({ table });
    for (const [name, rows] of own) tables.set(name, rows);
    return result;
  };
  return {
    rows: <Row>(name: string) => (tables.get(name) ?? new Map<string, Row>()) as ReadonlyMap<string, Row>,
    exclusive: (work) => {
      const mine = turn.then(() => run(work));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
