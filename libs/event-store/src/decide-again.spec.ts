import { decideAgain, inHalves } from './decide-again.ts';
import { ConcurrencyError, FencedError, UnknownOutcomeError } from './errors.ts';

/** Fails with each of the errors, then says how often it was asked. */
const failing = (...errors: readonly Error[]) => {
  let asked = 0;
  return (): Promise<number> => {
    const error = errors[asked++];
    return error === undefined ? Promise.resolve(asked) : Promise.reject(error);
  };
};

describe('deciding again', () => {
  it('goes on until nobody was faster, and gives up in the end', async () => {
    const lost = [new ConcurrencyError('lost'), new UnknownOutcomeError('gone')];
    expect(await decideAgain(failing(...lost))).toBe(3);
    const always = Array.from({ length: 8 }, (_, index) => new ConcurrencyError(`lost ${index}`));
    await expect(decideAgain(failing(...always))).rejects.toThrow('lost 7');
  });

  it('throws any other fault at once, and what the caller calls overtaken not at all', async () => {
    await expect(decideAgain(failing(new FencedError(1, 2, 3)))).rejects.toThrow(FencedError);
    expect(await decideAgain(failing(new RangeError('kept')), (error) => error instanceof RangeError)).toBe(2);
  });
});

describe('halving', () => {
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
  const sumOrFail = (bad: readonly number[], tried: number[][] = []) => ({
    attempt: (some: readonly number[]) => {
      tried.push([...some]);
      if (some.some((each) => bad.includes(each))) return Promise.reject(new TypeError('odd'));
      return Promise.resolve([...some].join(' '));
    },
    mayBeOnes: (error: unknown) => error instanceof TypeError,
    alone: (one: number, error: unknown) => Promise.resolve(`${one}: ${(error as Error).message}`),
  });

  it('sets aside whoever is at fault, in the order given, and tries nobody twice who is well', async () => {
    expect(await inHalves(numbers(6), sumOrFail([]))).toEqual(['0 1 2 3 4 5']);
    const tried: number[][] = [];
    expect(await inHalves(numbers(6), sumOrFail([4], tried))).toEqual(['0 1 2', '3', '4: odd', '5']);
    expect(tried).toEqual([[0, 1, 2, 3, 4, 5], [0, 1, 2], [3, 4, 5], [3], [4, 5], [4], [5]]);
    expect(await inHalves(numbers(3), sumOrFail([0, 1, 2]))).toEqual(['0: odd', '1: odd', '2: odd']);
  });

  it('throws what is nobody’s fault', async () => {
    const how = { ...sumOrFail([2]), mayBeOnes: () => false };
    await expect(inHalves(numbers(4), how)).rejects.toThrow('odd');
    await expect(inHalves([], { ...how, attempt: () => Promise.reject(new TypeError('none')) })).rejects.toThrow(
      'none',
    );
  });
});
