import { memberOfKey, payloadOf } from './payload.ts';

describe('the payload', () => {
  const head = {
    id: 'ledger-3-17',
    type: 'points.earned',
    time: '2026-03-01T08:00:00.000Z',
    program: 'demo',
    member: 'm"1',
  };

  it('holds the event as it is, inside its envelope', () => {
    expect(JSON.parse(payloadOf(head, '{"points":100}'))).toEqual({ ...head, data: { points: 100 } });
    expect(payloadOf(head, '{"points": 1e2}')).toContain('"data":{"points": 1e2}}');
  });

  it.each([
    ['demo/m-1', { program: 'demo', member: 'm-1' }],
    ['demo', undefined],
    ['demo/', undefined],
    ['/m-1', undefined],
  ])('%s belongs to %j', (key, expected) => {
    expect(memberOfKey(key)).toEqual(expected);
  });
});
