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

describe('a message under the key of another member', () => {
  it.each([
    ['rating.made', TOPIC_OF_LOG.rating],
    ['tier.changed', TOPIC_OF_LOG.tier],
    ['member.removed', TOPIC_OF_LOG.member],
  ])('%s is refused', (type, topic) => {
    const [message, envelope] = told(type);
    const named = (key: string): Message => ({ ...message, topic, key });
    expect(decode(named('demo/m-1'), envelope).ok).toBe(true);
    const refusal = { reason: 'key', detail: 'the message of demo/m-2 names demo/m-1' };
    expect(decode(named('demo/m-2'), envelope)).toEqual({ ok: false, refusal });
  });
});
