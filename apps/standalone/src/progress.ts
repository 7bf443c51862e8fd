const WIDTH = 24;
const PLAIN_STEPS = 4;
const MILLIS = 1_000;

export interface ProgressOptions {
  /** Nothing is told. */
  readonly quiet?: boolean;
  /** Where it is told; standard error, so that standard output stays the answer. */
  readonly stream?: { readonly isTTY?: boolean; write(text: string): unknown };
  /** Milliseconds of a clock that only goes forward. */
  readonly clock?: () => number;
}

export const demoProgress = ({ json }: { readonly json: boolean }): ReturnType<typeof progressBar> =>
  progressBar('Loading the demo', { quiet: json });

/** A bar with rate and time left on a terminal, a few lines elsewhere. */
export function progressBar(
  label: string,
  { quiet = false, stream = process.stderr, clock = () => performance.now() }: ProgressOptions = {},
): (done: number, total: number) => void {
  const started = clock();
  let told = -1;
  return (done, total) => {
    if (quiet || total === 0) return;
    const share = done / total;
    const pace = paceOf(done, total, clock() - started);
    if (stream.isTTY === true) {
      const full = Math.round(share * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      stream.write(`\r\u001b[K${label} ${bar} ${done}/${total}${pace}${done >= total ? '\n' : ''}`);
      return;
    }
    const step = Math.floor(share * PLAIN_STEPS);
    if (step === told) return;
    told = step;
    stream.write(`${label} ${done}/${total}${pace}\n`);
  };
}

function paceOf(done: number, total: number, millis: number): string {
  if (done === 0 || millis < MILLIS) return '';
  const perSecond = done / (millis / MILLIS);
  const left = done >= total ? '' : `, ${Math.ceil((total - done) / perSecond)} s left`;
  return `, ${Math.round(perSecond)}/s${left}`;
}
