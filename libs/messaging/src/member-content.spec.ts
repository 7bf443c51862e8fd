import { TOPIC_OF_LOG, memberContentOf, type Message } from './index.ts';

interface Told {
  readonly program: string;
  readonly member: string;
  readonly points: number;
}

const validate = (value: unknown) =>
  typeof value === 'object' && value !== null && 'points' in value
    ? { ok: true as const, value: value as Told }
    : { ok: false as const, violations: [{ pointer: '/points', message: 'must be there' }] };

const message = (key: string, value: object): Message => ({
  topic: TOPIC_OF_LOG.rating,
  partition: 0,
  offset: 1,
  key,
  headers: {},
  value: JSON.stringify(value),
});

describe('memberContentOf', () => {
  const told = { program: 'demo', member: 'm-1', points: 5 };

  it('is the payload where it is about the member that the key names', () => {
    expect(memberContentOf(message('demo/m-1', told), validate)).toEqual({ ok: true, value: told });
  });

  it.each(['demo/m-2', 'shop/m-1', 'm-1', ''])('refuses it under the key "%s"', (key) => {
    const refusal = { reason: 'key', detail: `the message of ${key} names demo/m-1` };
    expect(memberContentOf(message(key, told), validate)).toEqual({ ok: false, refusal });
  });

  it('says where a payload breaks its schema before it asks whose it is', () => {
    const refusal = { reason: 'schema', detail: '/points must be there' };
    expect(memberContentOf(message('demo/m-2', {}), validate)).toEqual({ ok: false, refusal });
  });
});
