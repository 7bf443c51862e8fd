import { decideStanding, STANDINGS, type Standing } from './standing.ts';

const asked = (standing: Standing) => ({
  ...{ program: 'demo', member: 'm-1', standing, reason: 'request' as const },
  ...{ actor: 'li.wei', at: '2026-11-20T00:00:00.000Z' },
});

const WAYS: Readonly<Record<Standing, readonly Standing[]>> = {
  active: ['deactivated', 'anonymised', 'removed'],
  deactivated: ['active', 'anonymised', 'removed'],
  anonymised: ['removed'],
  removed: [],
};

describe('Q36: the standing of a member', () => {
  it.each(STANDINGS.flatMap((before) => STANDINGS.map((after) => [before, after] as const)))(
    'from %s to %s',
    (before, after) => {
      const answer = decideStanding(before, asked(after));
      if (before === after) expect(answer).toEqual({ ok: true, value: {} });
      else if (WAYS[before].includes(after)) expect(answer).toEqual({ ok: true, value: { event: asked(after) } });
      else
        expect(answer).toMatchObject({
          ok: false,
          refusal: { code: 'member_inactive', figures: { standing: before } },
        });
    },
  );
});
