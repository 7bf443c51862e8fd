import type { Machine } from './machine.ts';

/** What a bench found. */
export interface BenchResult {
  /** Its part of the JSON. */
  readonly json: object;
  readonly text: string;
  /** `false`: what had to hold did not. */
  readonly fine?: boolean;
}

/** The machine, the day, and what was found. */
export function resultText(where: Machine, at: Date, result: BenchResult, json: boolean): string {
  const date = at.toISOString();
  if (json) return JSON.stringify({ date, machine: where, ...result.json }, null, 2);
  const { cpu, cores, memoryGiB, os, node, loadBefore } = where;
  const head = `${cpu}, ${cores} cores (load generator included), ${memoryGiB} GiB, ${os}, Node ${node}, load ${loadBefore}, ${date.slice(0, 10)}`;
  return `${head}\n\n${result.text}`;
}
