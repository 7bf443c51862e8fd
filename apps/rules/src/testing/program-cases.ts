import type { EarnRule, ProgramDocument, ProgramTestCase } from '@jifen/contracts';
import { validateProgram } from '@jifen/rules';
import { runProgramTest } from '../application/program-test/run.ts';
import { PLAIN_PROGRAM } from './program.ts';

/** Small programs and cases that the specs of programs are written with. */
export const at = '2026-11-30T00:00:00Z';
export const spend: EarnRule = {
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
};

export function document(rules: EarnRule[], more: Partial<ProgramDocument> = {}): ProgramDocument {
  const validation = validateProgram({ ...PLAIN_PROGRAM, rules, ...more });
  if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
  return validation.document;
}

/** In the order given, backwards, and each of them twice: the totals must be the same. */
export async function expectCase(program: ProgramDocument, test: Omit<ProgramTestCase, 'name' | 'at'>): Promise<void> {
  const [report] = await runProgramTest(program, { cases: [{ name: 'case', at, ...test }] });
  if (report?.passed !== true) throw new Error(JSON.stringify(report, undefined, 1));
}

export const day = (date: number, month = 11): string => `2026-${month}-${String(date).padStart(2, '0')}T04:00:00Z`;
export const bought = (orderId: string, amount: string, occurredAt: string) => ({
  order: { orderId, amount, occurredAt },
});
export const returned = (orderId: string, amount: string, occurredAt: string) => ({
  order: { orderId, occurredAt, lines: [{ amount, refundedAmount: amount }] },
});
