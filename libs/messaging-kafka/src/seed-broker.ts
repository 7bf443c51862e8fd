import { createRequire } from 'node:module';

interface Pool {
  brokers: Record<string, object>;
  seedBroker: object | undefined;
}

interface PoolClass {
  readonly prototype: Pool & {
    removeBroker(place: object): void;
    findConnectedBroker(): Promise<object>;
  };
}

const isPoolClass = (value: unknown): value is PoolClass =>
  typeof value === 'function' &&
  typeof value.prototype?.removeBroker === 'function' &&
  typeof value.prototype.findConnectedBroker === 'function';

let done: PoolClass | undefined;

/**
 * kafkajs 2.2.4 forgets a broker that closed a connection, and with the last one its first (`seedBroker`). When an answer
 * that was under way then names brokers again, it reads on from the first that is not there: a TypeError that no retry mends.
 * Here any known broker stands in for it.
 */
export function keepSeedBroker(): void {
  const found: unknown = createRequire(import.meta.url)('kafkajs/src/cluster/brokerPool.js');
  if (!isPoolClass(found)) throw new Error('this kafkajs has another broker pool than 2.2.4: check its first broker');
  if (done === found) return;
  done = found;
  const { prototype } = found;
  const { removeBroker, findConnectedBroker } = prototype;
  prototype.removeBroker = function (this: Pool, place: object): void {
    this.seedBroker ??= Object.values(this.brokers)[0];
    removeBroker.call(this, place);
  };
  prototype.findConnectedBroker = async function (this: Pool): Promise<object> {
    const broker: object = await findConnectedBroker.call(this);
    this.seedBroker ??= broker;
    return broker;
  };
}
