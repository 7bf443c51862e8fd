/** The program of proofs and benchmarks: one point per whole yuan of what was paid for the lines, and the reference ladder's multipliers. */
export const PROOF_PROGRAM = {
  name: 'proof',
  timeZone: 'Asia/Shanghai',
};
