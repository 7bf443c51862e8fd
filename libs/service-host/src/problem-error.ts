import type { Problem } from '@jifen/contracts';
import type { Outcome } from '@jifen/kernel';

/** Carries a refusal from an application function to the one place that renders problem+json. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
  }
}

/** What an application function answered; its refusal is thrown. */
export function answered<T>(outcome: Outcome<T, Problem>): T {
  if (!outcome.ok) throw new ProblemError(outcome.refusal);
  return outcome.value;
}
