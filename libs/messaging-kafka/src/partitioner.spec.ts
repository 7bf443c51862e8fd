import { partitionOf } from '@jifen/kernel';
import kafkajs from 'kafkajs';

const KEYS = 1000;
const PARTITIONS = 16;

const metadata = Array.from({ length: PARTITIONS }, (_, partitionId) => ({
  partitionErrorCode: 0,
  partitionId,
  leader: 1,
  replicas: [1],
  isr: [1],
}));

describe('the partition of a key', () => {
  it(`is the same on Kafka and in the store, for ${KEYS} keys`, () => {
    const partitioner = kafkajs.Partitioners.DefaultPartitioner();
    const differing: string[] = [];
    for (let n = 0; n < KEYS; n++) {
      const key =
        n % 3 === 0 ? `shop/会员-${n}` : n % 3 === 1 ? `p${n % 7}/m-${n * 7919}` : `a/${'x'.repeat(n % 41)}${n}`;
      const theirs = partitioner({ topic: 't', partitionMetadata: metadata, message: { key, value: '' } });
      if (theirs !== partitionOf(key, PARTITIONS)) differing.push(key);
    }
    expect(differing).toEqual([]);
  });

  it('stays what it was', () => {
    const keys = ['demo/m-1', 'demo/m-2', 'shop/会员-7', 'shop/m-12345'];
    expect(keys.map((key) => partitionOf(key, PARTITIONS))).toMatchInlineSnapshot(`
     [
       6,
       14,
       10,
       2,
     ]
    `);
  });
});
