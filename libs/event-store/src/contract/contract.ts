import type { ContractRunner, ContractSubject } from './fixtures.ts';
import { logContract } from './log-contract.ts';
import { poisonContract } from './poison-contract.ts';
import { streamContract } from './stream-contract.ts';
import { transactionContract } from './transaction-contract.ts';

/**
 * What every event store must do. `create` gives an empty store each time; what it needs to close is its own affair.
 * Called from a spec with the runner's functions: `eventStoreContract('memory', { describe, it }, create)`.
 */
export function eventStoreContract<Sql>(
  name: string,
  runner: ContractRunner,
  create: () => Promise<ContractSubject<Sql>>,
): void {
  const part = { runner, subject: create };
  runner.describe(`event store contract: ${name}`, () => {
    logContract(part);
    streamContract(part);
    transactionContract(part);
    poisonContract(part);
  });
}
