import { EXAMPLES } from '@jifen/contracts';
import { present } from '@jifen/kernel';
import { TOPIC_OF_LOG, type Envelope, type Message } from '@jifen/messaging';
import { decode } from './rating-consumer.ts';

/** A message of the tier topic as Kafka carries it: nothing but its text. */
function told(type: string): readonly [Message, Envelope] {
  const { value } = present(
    EXAMPLES.find((example) => example.type === type),
    type,
  );
  const time = '2026-11-20T02:00:00.000Z';
  const place = { topic: TOPIC_OF_LOG.tier, partition: 3, offset: 7, key: 'demo/m-1' };
  const envelope = { id: 'tier-3-7', source: '/jifen/tiering', time, partitionkey: place.key, sequence: 7 };
  return [
    { ...place, headers: {}, value: JSON.stringify(value) },
    { ...envelope, type, recordedtime: time },
  ];
}

describe('what the ledger takes from the tier topic', () => {
  it('is where a member stands', () => {
    expect(decode(...told('tier.changed'))).toEqual({
      ok: true,
      value: { kind: 'tier', tier: { owner: 'demo/m-1', partition: 3, tier: 'silver' } },
    });
  });

  it.each(['tier.near-upgrade', 'tier.kept', 'tier.will-downgrade', 'tier.assigned'])(
    'and not what %s tells the member',
    (type) => {
      expect(decode(...told(type))).toEqual({ ok: true, value: { kind: 'news' } });
    },
  );
});
