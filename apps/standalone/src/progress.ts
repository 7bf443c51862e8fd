const WIDTH = 24;
const PLAIN_STEPS = 4;

/** A bar on a terminal, a few lines elsewhere. Always on standard error, so that standard output stays the answer. */
export function progressBar(label: string, quiet: boolean): (done: number, total: number) => void {
  let told = -1;
  return (done, total) => {
    if (quiet || total === 0) return;
    const share = done / total;
    if (process.stderr.isTTY) {
      const full = Math.round(share * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      process.stderr.write(`\r\u001b[K${label} ${bar} ${done}/${total}${done >= total ? '\n' : ''}`);
      return;
    }
    const step = Math.floor(share * PLAIN_STEPS);
    if (step === told) return;
    told = step;
    process.stderr.write(`${label} ${done}/${total}\n`);
  };
}
