import { readFileSync, readdirSync } from 'node:fs';
import { cpus, loadavg, totalmem, type as osType, release } from 'node:os';

/** What a figure is worth depends on where it was taken: printed above every table. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  readonly loadBefore: number;
}

export function machine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${osType()} ${release()}`,
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

const TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly parent: number;
  readonly own: number;
  readonly reaped: number;
}

/** Fields of /proc/<pid>/stat after the command name, see proc(5): ppid, utime + stime, cutime + cstime. */
function stat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (index: number): number => fields[index] ?? 0;
    return { parent: at(1), own: at(11) + at(12), reaped: at(13) + at(14) };
  } catch {
    return undefined;
  }
}

/** A process and all below it; none where /proc does not exist. */
function family(root: number): Map<number, ProcessStat> {
  const found = new Map<number, ProcessStat>();
  const top = stat(root);
  if (top === undefined) return found;
  found.set(root, top);
  const stats = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const each = stat(Number(name));
    if (each !== undefined) stats.set(Number(name), each);
  }
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [pid, each] of stats) if (found.has(each.parent)) found.set(pid, each);
  }
  return found;
}

/** CPU seconds that a process, its children and the children it has reaped have used; 0 where /proc does not exist. */
export function cpuSeconds(root: number): number {
  let ticks = 0;
  for (const { own, reaped } of family(root).values()) ticks += own + reaped;
  return ticks / TICKS_PER_SECOND;
}

/** Begins to count the CPU seconds of processes; answers how many each has used since, by its name. */
export function cpuCounter(pids: Readonly<Record<string, number>>): () => Readonly<Record<string, number>> {
  const used = (): readonly (readonly [string, number])[] =>
    Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]);
  const before = new Map(used());
  return () => Object.fromEntries(used().map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));
}

/** Resident memory of a process and its children in MiB; 0 where /proc does not exist. */
export const residentMiB = (root: number): number => memoryMiB(root, 'VmRSS');

/** What of it is theirs alone: without the pages of files, most of them Node's own program, that processes share. */
export const privateMiB = (root: number): number => memoryMiB(root, 'RssAnon');

/** By a line of /proc/<pid>/status, see proc(5). */
function memoryMiB(root: number, line: 'VmRSS' | 'RssAnon'): number {
  const pattern = new RegExp(`${line}:\\s+(\\d+) kB`);
  let kibibytes = 0;
  for (const pid of family(root).keys()) {
    try {
      kibibytes += Number(pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended since.
    }
  }
  return Math.round(kibibytes / 1024);
}

/** CPU seconds of this process. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}
