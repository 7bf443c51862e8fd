import { validateProgramPublished, type EarnRule, type ProgramDocument, type RecordedOrder } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { fakeClock } from '@jifen/testing';
import { tables } from './adapters/tables.ts';
import { saveDraft } from './application/draft-program.ts';
import { explainAward } from './application/explain-award.ts';
import { listRatings } from './application/list-ratings.ts';
import { publishProgram } from './application/publish-program.ts';
import { simulate } from './application/simulate.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM } from './testing/program.ts';

const NOW = '2026-11-01T00:00:00.000Z';

const rules: EarnRule[] = [
  {
    id: 'spend',
    name: { en: 'Spend', zh: '消费' },
    when: { order: 'paid' },
    earn: { form: 'rate', points: '1', per: '1.00' },
    currency: 'points',
  },
  {
    id: 'sign-up',
    when: { activity: 'member.registered' },
    earn: { form: 'fixed', points: 500, once: true },
    currency: 'points',
  },
];
const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  rules,
};
const order: RecordedOrder = {
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: NOW,
  placedAt: NOW,
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '129.90', discount: '9.90' }],
};

describe('programs', () => {
  let bed: Testbed;
  const clock = fakeClock(Date.parse(NOW));

  beforeAll(async () => {
    bed = await startTestbed(clock.now);
  });
  afterAll(() => bed.close());

  const save = (value: unknown, expected?: number) =>
    saveDraft(tables, bed.pool, { program: PROGRAM, by: 'k-1', document: value, expected, now: clock.now() });
  const publish = (effectiveFrom?: string) =>
    publishProgram(
      { store: bed.programs, tables },
      { program: PROGRAM, by: 'k-1', effectiveFrom: effectiveFrom === undefined ? undefined : instant(effectiveFrom) },
    );

  it('publishes nothing that is not there or not valid', async () => {
    expect(await publish()).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
    expect(await save({ ...document, timeZone: 'Nowhere' })).toMatchObject({
      value: { revision: 1, violations: [{ pointer: '/timeZone' }] },
    });
    expect(await publish()).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_program', errors: [{ pointer: '/timeZone' }] },
    });
    expect(await bed.programs.heads()).toEqual([0, 0, 0, 0]);
  });

  it('lets only one of two writers change a draft', async () => {
    expect(await save(document, 1)).toMatchObject({ value: { revision: 2, violations: [] } });
    expect(await save(document, 1)).toMatchObject({ ok: false, refusal: { code: 'version_conflict' } });
    expect(await save([])).toMatchObject({ ok: false, refusal: { code: 'invalid_program' } });
  });

  it('back-dates the first version and tells the world', async () => {
    const first = await publish('2026-10-01T00:00:00Z');
    expect(first).toMatchObject({ value: { version: 1, effectiveFrom: '2026-10-01T00:00:00.000Z', published: true } });
    const [event] = await bed.programs.readStream(PROGRAM, 0, 10);
    const payload: unknown = JSON.parse(event?.data ?? '');
    expect(validateProgramPublished(payload).ok).toBe(true);
    expect(event).toMatchObject({ type: 'program.published', key: PROGRAM, version: 1 });
  });

  it('writes nothing when the same is published again', async () => {
    expect(await publish()).toMatchObject({ value: { version: 1, published: false } });
    expect(await bed.programs.readStream(PROGRAM, 0, 10)).toHaveLength(1);
  });

  it('keeps the past as it was: a later version cannot hold from before now', async () => {
    await save({ ...document, rules: rules.slice(0, 1) });
    expect(await publish('2026-10-15T00:00:00Z')).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_request', errors: [{ pointer: '/effectiveFrom' }] },
    });
    expect(await publish('2026-12-01T00:00:00Z')).toMatchObject({ value: { version: 2 } });
  });

  it('does not let a rule go on in another currency', async () => {
    const currencies = [...document.currencies, { code: 'stars', decimals: 0 }];
    const moved = { ...document, currencies, rules: [{ ...rules[0], currency: 'stars' }] };
    await save(moved);
    expect(await publish()).toMatchObject({ ok: false, refusal: { errors: [{ pointer: '/rules/0/currency' }] } });
    await save({ ...document, rules: rules.slice(0, 1) });
  });

  it('cannot change what is published', async () => {
    await expect(bed.pool.query('UPDATE event SET data = data')).rejects.toThrow();
  });

  it('explains an award years later from the rating alone', async () => {
    await bed.deliver(
      bed.order('m-1', order),
      bed.activity('m-1', { source: 'app', id: 'r-1', type: 'member.registered', occurredAt: NOW }),
    );
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const spend = await explainAward(parts, PROGRAM, 'm-1~spend~shop~A-1');
    expect(spend).toMatchObject({
      value: {
        target: 120,
        rule: { id: 'spend', version: 1, name: { en: 'Spend', zh: '消费' } },
        recomputed: { equal: true },
        others: [{ rule: 'sign-up', fired: false }],
      },
    });
    const once = await explainAward(parts, PROGRAM, 'm-1~sign-up~w~once');
    expect(once).toMatchObject({ value: { target: 500, cause: { id: 'r-1' }, recomputed: { equal: true } } });
    expect(spend.ok && [spend.value.en.at(-1), spend.value.zh.at(-1)]).toEqual([
      'Rule spend gives 120 points.',
      '规则 spend 给予 120 points。',
    ]);
    for (const unknown of ['m-1~spend~shop~A', 'nonsense', 'm-2~spend~shop~A-1'])
      expect(await explainAward(parts, PROGRAM, unknown)).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
    expect(await explainAward(parts, 'other', 'm-1~spend~shop~A-1')).toMatchObject({ ok: false });
  });

  it('N02, N17: tells of every rating what each rule gave, and that the bytes are the same, when asked', async () => {
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const request = { program: PROGRAM, member: 'm-1', limit: 10 };
    const asked = await listRatings(parts, { ...request, explain: true, recompute: true });
    if (!asked.ok) throw new Error(asked.refusal.code);
    const order = asked.value.data.find(({ cause }) => cause.id === 'A-1');
    expect(order?.explanation?.words.map(({ rule, fired }) => [rule, fired])).toEqual([
      ['spend', true],
      ['sign-up', false],
    ]);
    expect(order?.explanation?.words[0]?.zh).toContain('规则 spend 给予 120 points。');
    expect(order?.explanation?.words[1]?.en).not.toEqual([]);
    expect(asked.value.data.every(({ recomputed }) => recomputed?.equal === true)).toBe(true);
    const plain = await listRatings(parts, request);
    expect(plain.ok && plain.value.data.some((view) => 'explanation' in view || 'recomputed' in view)).toBe(false);
  });

  it('says of what happened when no version was in force that this is why it earned nothing', async () => {
    const placedAt = '2026-09-30T23:59:59.999Z';
    await bed.deliver(bed.order('m-3', { ...order, orderId: 'A-0', placedAt }));
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const listed = await listRatings(parts, { program: PROGRAM, member: 'm-3', limit: 10, explain: true });
    expect(listed).toMatchObject({
      ok: true,
      value: { data: [{ cause: { id: 'A-0' }, programVersion: 0, awards: [] }] },
    });
    expect(listed.ok && listed.value.data[0]?.explanation).toEqual({
      heading: {
        en: [`No version of the program was in force at ${placedAt}, so nothing is earned.`],
        zh: [`${placedAt} 没有生效的积分计划版本，因此不产生积分。`],
      },
      words: [],
    });
    expect(await explainAward(parts, PROGRAM, 'm-3~spend~shop~A-0')).toEqual({
      ok: false,
      refusal: {
        code: 'not_found',
        detail: `no rating names this award. No version of the program was in force at ${placedAt}, so nothing is earned.`,
      },
    });
  });

  it('lists ratings page by page', async () => {
    const page = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const first = await listRatings(page, { program: PROGRAM, member: 'm-1', limit: 1 });
    const cursor = first.ok ? first.value.next : undefined;
    const second = await listRatings(page, { program: PROGRAM, member: 'm-1', limit: 5, cursor });
    const ids = [first, second].flatMap((page) => (page.ok ? page.value.data.map(({ cause }) => cause.id) : []));
    expect(ids).toEqual(['r-1', 'A-1']);
    expect(second.ok && second.value.next).toBe(undefined);
  });

  it('simulates under the version in force, the draft or a typed-in document, and writes nothing', async () => {
    const parts = { tables, catalog: bed.catalog, sql: bed.pool };
    const before = await bed.ratings.heads();
    const double = { ...document, rules: [{ ...rules[0], earn: { form: 'rate', points: '2', per: '1.00' } }] };
    const inForce = await simulate(parts, { program: PROGRAM, order });
    const typed = await simulate(parts, { program: PROGRAM, order, document: double });
    const draft = await simulate(parts, { program: PROGRAM, order, draft: true });
    expect(
      [inForce, typed, draft].map((outcome) => outcome.ok && [outcome.value.programVersion, outcome.value.totals]),
    ).toEqual([
      [1, { points: 120 }],
      [0, { points: 240 }],
      [0, { points: 120 }],
    ]);
    const activity = { source: 'app', id: 'x', type: 'member.registered', occurredAt: NOW };
    expect(await simulate(parts, { program: PROGRAM, activity })).toMatchObject({ value: { totals: { points: 500 } } });
    const told: EarnRule = {
      id: 'told',
      when: { activity: activity.type },
      earn: { form: 'fixed', points: 5, times: { data: 'pieces' } },
      currency: 'points',
    };
    const pieces = { ...activity, data: { pieces: 3 } };
    expect(
      await simulate(parts, { program: PROGRAM, activity: pieces, document: { ...document, rules: [told] } }),
    ).toMatchObject({
      value: { totals: { points: 15 } },
    });
    expect(await bed.ratings.heads()).toEqual(before);
  });

  it.each([
    ['neither', {}, 'invalid_request'],
    [
      'an order with too many decimals',
      { order: { ...order, lines: [{ lineId: '1', sku: 'T', quantity: 1, amount: '1.001' }] } },
      'invalid_order',
    ],
    ['an order without lines', { order: { ...order, lines: undefined } }, 'invalid_request'],
    ['an order before the first version', { order: { ...order, placedAt: '2020-01-01T00:00:00Z' } }, 'not_found'],
    ['a document that is none', { order, document: {} }, 'invalid_program'],
  ])('does not simulate %s', async (_, sample, code) => {
    const outcome = await simulate({ tables, catalog: bed.catalog, sql: bed.pool }, { program: PROGRAM, ...sample });
    expect(outcome).toMatchObject({ ok: false, refusal: { code } });
  });
});
