import { changeOnce, innerClass } from './inner-class.ts';

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

/**
 * kafkajs 2.2.4 forgets a broker that closed a connection, and with the last one its first (`seedBroker`). When an answer
 * that was under way then names brokers again, it reads on from the first that is not there: a TypeError that no retry mends.
 * Here any known broker stands in for it.
 */
export function keepSeedBroker(): void {
  changeOnce(innerClass('cluster/brokerPool', isPoolClass), ({ prototype }) => {
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
  });
}
