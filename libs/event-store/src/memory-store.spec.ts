import { createMemoryDatabase, createMemoryEventStore, eventStoreContract } from './index.ts';

eventStoreContract('memory', { describe, it }, async () => {
  const database = createMemoryDatabase();
  return {
    store: createMemoryEventStore({ log: 'memory', partitions: 4, clock: () => 1_000, database }),
    other: undefined,
    put: async (sql, key, value) => {
      sql.table<string>('projection').set(key, value);
    },
    get: async (key) => database.rows<string>('projection').get(key),
  };
});
