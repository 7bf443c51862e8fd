import { EXAMPLES } from '@jifen/contracts';
import { present } from '@jifen/kernel';
import { TOPIC_OF_LOG, type Message } from '@jifen/messaging';
import { decode } from './event-consumer.ts';

const TYPE = 'member.removed';
const { value: standing } = present(
  EXAMPLES.find(({ type }) => type === TYPE),
  TYPE,
);

const message = (key: string): Message => ({
  topic: TOPIC_OF_LOG.member,
  partition: 0,
  offset: 1,
  key,
  headers: {},
  value: JSON.stringify(standing),
});

describe('who takes part', () => {
  it('is kept of the member that the message is of', () => {
    const owner = { program: 'demo', member: 'm-1' };
    expect(decode(message('demo/m-1'))).toEqual({ ok: true, value: { kind: 'standing', owner, standing } });
  });

  it('and refused under the key of another', () => {
    const refusal = { reason: 'key', detail: 'the message of demo/m-2 names demo/m-1' };
    expect(decode(message('demo/m-2'))).toEqual({ ok: false, refusal });
  });
});
