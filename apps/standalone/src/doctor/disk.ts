import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const GIGABYTE = 1024 ** 3;
const MIN_DISK = 2 * GIGABYTE;

export const gigabytes = (bytes: number): string => `${(bytes / GIGABYTE).toFixed(1)} GB`;

export interface DiskSpace {
  readonly isEnough: boolean;
  readonly detail: string;
}

/** The folder itself, or the nearest one above it that exists. */
const existingAbove = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : existingAbove(dirname(path));

/** What is free where the data directory is or will be, of `wanted` bytes. */
export async function diskSpace(dataDir: string, wanted = MIN_DISK): Promise<DiskSpace> {
  const path = resolve(dataDir);
  const { bavail, bsize } = await statfs(existingAbove(path));
  const free = bavail * bsize;
  const detail = `${gigabytes(free)} free at ${path}`;
  return free >= wanted
    ? { isEnough: true, detail }
    : { isEnough: false, detail: `${detail}, at least ${gigabytes(wanted)} needed` };
}

/** What a start says where little is free, before its database stops for the want of it; it goes on all the same. */
export async function diskWarning(dataDir: string, wanted?: number): Promise<string | undefined> {
  const { isEnough, detail } = await diskSpace(dataDir, wanted);
  return isEnough
    ? undefined
    : `Little disk: ${detail}. On a full disk orders are answered 503 until there is room again.`;
}
