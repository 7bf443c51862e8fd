import type { LotMovement } from '@jifen/contracts';
import fc from 'fast-check';
import { foldLot, type OpenLot } from './lots.ts';

const DECEMBER = '2026-12-31T16:00:00.000Z';
const JANUARY = '2027-01-31T16:00:00.000Z';
const dates = { availableAt: '2026-11-01T00:00:00.000Z' };

describe('what is left of a lot', () => {
  it.each<[string, OpenLot | undefined, Omit<LotMovement, 'lot'>, OpenLot | undefined]>([
    [
      'opens',
      undefined,
      { points: 100, ...dates, expiresAt: DECEMBER },
      { points: 100, expiresAt: DECEMBER, position: 7 },
    ],
    ['opens without end', undefined, { points: 100, ...dates }, { points: 100, position: 7 }],
    ['is not known', undefined, { points: -10 }, undefined],
    [
      'is reinstated after it was forgotten',
      undefined,
      { points: 30, expiresAt: JANUARY },
      { points: 30, expiresAt: JANUARY, position: 7 },
    ],
    [
      'is spent from',
      { points: 100, expiresAt: DECEMBER, position: 3 },
      { points: -30 },
      { points: 70, expiresAt: DECEMBER, position: 7 },
    ],
    [
      'is put off',
      { points: 100, expiresAt: DECEMBER, position: 3 },
      { points: 0, expiresAt: JANUARY },
      { points: 100, expiresAt: JANUARY, position: 7 },
    ],
    [
      'never ends now',
      { points: 100, expiresAt: DECEMBER, position: 3 },
      { points: 0, ...dates },
      { points: 100, position: 7 },
    ],
    [
      'was read already',
      { points: 70, expiresAt: DECEMBER, position: 7 },
      { points: -30 },
      { points: 70, expiresAt: DECEMBER, position: 7 },
    ],
  ])('%s', (_, known, movement, expected) => {
    expect(foldLot(known, { lot: 'a#0', ...movement }, 7)).toEqual(expected);
  });

  it('is the same however often any part of the log is read again', () => {
    const spends = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 20 });
    const replays = fc.array(fc.nat({ max: 20 }), { maxLength: 5 });
    fc.assert(
      fc.property(spends, replays, (deltas, starts) => {
        const log = [
          { lot: 'a#0', points: 100, ...dates, expiresAt: DECEMBER },
          ...deltas.map((points) => ({ lot: 'a#0', points })),
        ];
        const read = (from: number, lot: OpenLot | undefined): OpenLot | undefined =>
          log.slice(from).reduce((state, movement, place) => foldLot(state, movement, from + place + 1), lot);
        let lot = read(0, undefined);
        for (const start of starts) lot = read(Math.min(start, log.length), lot);
        expect(lot).toMatchObject({ points: deltas.reduce((sum, each) => sum + each, 100), expiresAt: DECEMBER });
      }),
    );
  });
});
