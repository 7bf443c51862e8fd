import { traceOf } from './trace.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('traceOf', () => {
  it('goes on with a trace, under a span of its own, with its flags', () => {
    const { traceId, traceparent } = traceOf(`00-${TRACE}-b7ad6b7169203331-00`);
    expect(traceId).toBe(TRACE);
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(traceparent).not.toContain('b7ad6b7169203331');
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
  ])('starts a new one for %j', (header) => {
    const { traceId, traceparent } = traceOf(header);
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(traceId).not.toBe(TRACE);
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});
