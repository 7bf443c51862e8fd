import { mayBeOnes } from '@jifen/event-store';
import type { MemberFailure } from './flush.ts';
import { detailOf } from './faults.ts';

/** When so many keys fail and not one is well, the fault is the program's: it stops rather than park everybody. */
const SYSTEMIC_KEYS = 20;

/**
 * Finds the keys that cannot be applied by halving: a probe applies some of the keys and is rolled back. At most 2n − 1
 * probes for n keys, about 2 log n for one culprit. Throws the fault on if it is nobody's own.
 */
export async function findCulprits(
  keys: readonly string[],
  fault: unknown,
  probe: (keys: ReadonlySet<string>) => Promise<void>,
): Promise<readonly MemberFailure[]> {
  const culprits: MemberFailure[] = [];
  const search = async (among: readonly string[], seen: unknown): Promise<void> => {
    const [only] = among;
    if (among.length === 1 && only !== undefined) {
      culprits.push({ key: only, reason: 'invariant', detail: detailOf(seen) });
      return;
    }
    const middle = among.length >> 1;
    for (const half of [among.slice(0, middle), among.slice(middle)]) {
      const failure = await failureOf(probe, half);
      if (failure !== undefined) await search(half, failure.error);
    }
  };
  await search(keys, fault);
  if (culprits.length === 0 || (culprits.length === keys.length && keys.length >= SYSTEMIC_KEYS)) throw fault;
  return culprits;
}

async function failureOf(
  probe: (keys: ReadonlySet<string>) => Promise<void>,
  keys: readonly string[],
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await probe(new Set(keys));
    return undefined;
  } catch (error) {
    if (!mayBeOnes(error)) throw error;
    return { error };
  }
}
