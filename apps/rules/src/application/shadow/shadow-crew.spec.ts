import { errorText, instantFromMillis } from '@jifen/kernel';
import { document, spend } from '../../testing/program-cases.ts';
import { causeOf, type RulesItem } from '../cause.ts';
import type { ShadowPart } from './shadow.ts';
import { ShadowCrew } from './shadow-crew.ts';
import { reportShadow, type ShadowRow, type ShadowTables } from './shadow-desk.ts';

const AT = '2026-11-01T00:00:00Z';
const valid = document([spend]);

const rowOf = (program: string, candidate: unknown): ShadowRow => ({
  ...{ program, id: `s-${program}`, percent: 100, startedBy: 'k', startedByName: 'key' },
  candidate: { name: 'draft', version: 0, document: candidate },
  baseline: { name: 'version 1', version: 1, document: valid },
  startedAt: instantFromMillis(0),
});

function orderOf(program: string): RulesItem {
  const order = { source: 'shop', orderId: 'A', revision: 1, status: 'paid' as const, currency: 'CNY' };
  const lines = [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '10.00' }];
  const event = { program, member: 'm', order: { ...order, lines, occurredAt: AT, placedAt: AT, paidAt: AT } };
  const owner = `${program}/m`;
  const place = { owner, partition: 0, position: 1, meta: {} };
  return { ...place, kind: 'order', event, cause: causeOf(owner, { kind: 'order', event }) };
}

it('N04: a shadow that cannot be read any more, or breaks, leaves those of other programs alone', async () => {
  const rows = [rowOf('a', { rules: 7 }), rowOf('b', valid), rowOf('c', valid)];
  const found = new Map<string, ShadowPart>();
  const not = () => Promise.reject(new Error('not asked for'));
  const shadows: ShadowTables<undefined> = {
    ...{ start: not, stop: not },
    running: () => Promise.resolve(rows),
    find: (_, program) => Promise.resolve(rows.find((row) => row.program === program)),
    savePart: (_, id, _holder, part) => Promise.resolve(void found.set(id, part)),
    parts: () => Promise.resolve([]),
  };
  const faults: string[] = [];
  const closing = new AbortController();
  const crew = new ShadowCrew<undefined>({
    ...{ shadows, sql: undefined, holder: 'h' },
    tables: {
      timelinesOf: (_, [owner]) =>
        owner === 'b/m' ? Promise.reject(new TypeError('odd')) : Promise.resolve(new Map()),
      factsOf: () => Promise.resolve(new Map()),
    },
    onFault: (error, program) => faults.push(`${program}: ${errorText(error)}`),
  });
  const running = crew.run(closing.signal);
  for (let tries = 0; found.size === 0 && tries < 100; tries++) {
    crew.offer(['a', 'b', 'c'].map(orderOf));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  closing.abort();
  await running;
  expect(faults).toEqual(['a: draft is not valid any more', 'b: odd']);
  expect([...found].map(([id, { rated }]) => [id, rated > 0])).toEqual([['s-c', true]]);
  expect(await reportShadow({ shadows, sql: undefined }, 'a')).toMatchObject({
    ok: false,
    refusal: { code: 'invalid_program', detail: expect.stringContaining('draft is not valid any more') },
  });
});
