import type { EarnRule } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import type { PublishedVersion } from './ports.ts';
import { ProgramCatalog } from './program-catalog.ts';
import { PLAIN_PROGRAM } from '../testing/program.ts';

const PROGRAM = 'test';
const JANUARY = instant('2026-01-01T00:00:00.000Z');
const OCTOBER = instant('2026-10-10T00:00:00.000Z');
const AT = instant('2026-10-20T00:00:00.000Z');

const quarter = (reach: string): EarnRule => ({
  id: 'quarter',
  when: { order: 'paid' },
  earn: { form: 'target', window: 'quarter', metric: 'count', reach, points: 9 },
  currency: 'points',
});
const vip: EarnRule = {
  id: 'vip',
  when: { order: 'paid' },
  if: { member: { facts: { vip: { is: true } } } },
  earn: { form: 'fixed', points: 1 },
  currency: 'points',
};

/** A catalog over versions that can be added to, and how many documents were read. */
function catalogOf(...published: PublishedVersion[]) {
  let read = 0;
  const catalog = new ProgramCatalog<undefined>({
    countVersions: () => Promise.resolve(published.length),
    allVersions: () => Promise.resolve(published.map((each) => ({ ...each, refers: false }))),
    version: (_, __, version) => {
      read += 1;
      return Promise.resolve(published.find((each) => each.version === version));
    },
  });
  return { catalog, published, read: () => read };
}

const version = (number: number, effectiveFrom: typeof AT, ...rules: EarnRule[]): PublishedVersion => ({
  program: PROGRAM,
  version: number,
  effectiveFrom,
  publishedAt: effectiveFrom,
  publishedBy: 'test',
  document: {
    ...PLAIN_PROGRAM,
    rules,
  },
});

it('holds a day by the versions that there are, also when another one replaces the one that held it', async () => {
  const { catalog, published } = catalogOf(version(1, JANUARY, vip), version(2, OCTOBER, quarter('2')));
  const reach = async (): Promise<unknown> => {
    await catalog.refresh(undefined);
    const { document } = await catalog.effective(undefined, PROGRAM, 2, AT);
    return document.rules.map(({ earn }) => earn.form === 'target' && earn.reach);
  };
  expect(await reach()).toEqual(['2']);
  published.push(version(3, OCTOBER, quarter('5')));
  expect(await reach()).toEqual(['5']);
});

it('asks each version once whether it looks at facts', async () => {
  const { catalog, published, read } = catalogOf(version(1, JANUARY, quarter('2')));
  const uses = async (): Promise<boolean> => {
    await catalog.refresh(undefined);
    return catalog.everUsesFacts(undefined, PROGRAM);
  };
  expect([await uses(), await uses(), read()]).toEqual([false, false, 1]);
  published.push(version(2, OCTOBER, vip), version(3, OCTOBER, quarter('2')));
  expect([await uses(), await uses(), read()]).toEqual([true, true, 3]);
});
