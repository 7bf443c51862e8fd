import { kafkaSuite } from '@jifen/testing';
import { servicesShape, standaloneShape } from './testing/shape.ts';
import { describeTheWay } from './testing/way-of-an-order.ts';

describe('the way of an order, in one process', () => describeTheWay(() => standaloneShape()));

describe('the way of an order, in two processes on one port', () => describeTheWay(() => standaloneShape(2)));

await kafkaSuite('the way of an order, in five processes on Kafka', (broker) =>
  describeTheWay(() => servicesShape(broker().brokers)),
);
