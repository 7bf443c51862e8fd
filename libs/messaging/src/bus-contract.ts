import { deliveryCases } from './contract/delivery.ts';
import { ownershipCases } from './contract/ownership.ts';
import { topicCases } from './contract/topics.ts';
import type { BusHarness, TestKit } from './contract/kit.ts';

export { appender } from './contract/append.ts';
export type { BusHarness, BusWorld, ContractEvent, TestKit } from './contract/kit.ts';

/** What every bus has to do, run against each adapter: `busContract('kafka', harness, { describe, it, expect })`. */
export function busContract(name: string, harness: BusHarness, kit: TestKit): void {
  kit.describe(`${name} bus`, () => {
    kit.describe('delivery', () => deliveryCases(harness, kit));
    kit.describe('ownership', () => ownershipCases(harness, kit));
    kit.describe('topics', () => topicCases(harness, kit));
  });
}
