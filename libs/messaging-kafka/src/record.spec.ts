import { messageOf } from './record.ts';

const record = {
  key: Buffer.from('shop/m-1'),
  value: Buffer.from('{}'),
  timestamp: '0',
  attributes: 0,
  offset: '42',
  headers: { CE_Type: Buffer.from('order.recorded'), many: [Buffer.from('a'), Buffer.from('b')], gone: undefined },
};

describe('a record', () => {
  it('becomes a message with lower-case text headers', () => {
    const message = messageOf('t', 3, record);
    expect({ ...message, headers: { ...message.headers } }).toEqual({
      topic: 't',
      partition: 3,
      offset: 42,
      key: 'shop/m-1',
      headers: { ce_type: 'order.recorded', many: 'a' },
      value: Buffer.from('{}'),
    });
  });

  it('without key and value is an empty message', () => {
    const message = messageOf('t', 0, { ...record, headers: {}, key: null, value: null });
    expect([message.key, message.value.length, Object.keys(message.headers)]).toEqual(['', 0, []]);
  });

  it('may name a header __proto__', () => {
    const hostile = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    expect(Object.keys(messageOf('t', 0, { ...record, headers: hostile }).headers)).toEqual(['__proto__']);
  });
});
