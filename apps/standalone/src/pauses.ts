const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** What ran this long begins again with the shortest pause. */
export const CALM_MS = 60_000;

/** How long to wait before something that ended is started again, by how long it ran. */
export function createPauses(): (ranMs: number) => number {
  let next = FIRST_MS;
  return (ranMs) => {
    const pause = ranMs > CALM_MS ? FIRST_MS : next;
    next = Math.min(pause * 2, LONGEST_MS);
    return pause;
  };
}
