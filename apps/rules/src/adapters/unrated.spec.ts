import { instant } from '@jifen/kernel';
import { Registry } from 'prom-client';
import { causeOf, type CauseItem } from '../application/cause.ts';
import { observeUnrated } from './unrated.ts';

const AT = '2026-05-01T10:00:00.000Z';

const activity = (program: string, id: string): CauseItem => {
  const event = { program, member: 'm-1', source: 'app', id, type: 'check-in', occurredAt: instant(AT) };
  const owner = `${program}/m-1`;
  return {
    owner,
    partition: 0,
    position: 1,
    meta: {},
    kind: 'activity',
    event,
    cause: causeOf(owner, { kind: 'activity', event }),
  };
};

it('counts what no version was in force for, and names each program once a minute', async () => {
  const registry = new Registry();
  const said: object[] = [];
  let now = 0;
  const tell = observeUnrated(registry, { warn: (fields) => void said.push(fields) }, () => now);
  tell([activity('dmeo', 'a'), activity('dmeo', 'b'), activity('new', 'c')]);
  now = 59_999;
  tell([activity('dmeo', 'd')]);
  now = 60_000;
  tell([activity('dmeo', 'e')]);
  expect(said).toEqual([
    { program: 'dmeo', source: 'app', id: 'a' },
    { program: 'new', source: 'app', id: 'c' },
    { program: 'dmeo', source: 'app', id: 'e' },
  ]);
  expect((await registry.getSingleMetric('jifen_rules_unrated_total')?.get())?.values).toMatchObject([{ value: 5 }]);
});
