import type { Problem } from '@jifen/contracts';

/** Carries a refusal from an application function to the one place that renders problem+json. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
  }
}
