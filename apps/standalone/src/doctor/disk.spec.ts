import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { diskSpace, diskWarning } from './disk.ts';

const TERABYTES = 1024 ** 5;
const folder = join(tmpdir(), 'not', 'made', 'yet');

describe('the disk under a data directory', () => {
  it('is enough or not, also where the directory is yet to be made', async () => {
    expect(await diskSpace(folder, 1)).toEqual({
      isEnough: true,
      detail: expect.stringMatching(/^\d+\.\d GB free at /),
    });
    const { isEnough, detail } = await diskSpace(folder, TERABYTES);
    expect(isEnough).toBe(false);
    expect(detail).toMatch(/ free at .*yet, at least 1048576\.0 GB needed$/);
  });

  it('is told of at a start where little of it is free', async () => {
    expect(await diskWarning(folder, 1)).toBeUndefined();
    expect(await diskWarning(folder, TERABYTES)).toMatch(
      /^Little disk: .* needed\. On a full disk orders are answered 503/,
    );
  });
});
