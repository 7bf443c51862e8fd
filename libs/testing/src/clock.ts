/** A clock that stands still until it is moved. Milliseconds since 1970. */
export interface FakeClock {
  readonly now: () => number;
  advance(millis: number): void;
  set(millis: number): void;
}

export function fakeClock(startMillis: number): FakeClock {
  let current = startMillis;
  return {
    now: () => current,
    advance: (millis) => {
      current += millis;
    },
    set: (millis) => {
      current = millis;
    },
  };
}
