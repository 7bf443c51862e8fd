/** The values by what they have in common, each group in their order. */
export function grouped<Key, Value>(
  values: readonly Value[],
  by: (value: Value) => Key,
): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(by(value));
    if (group === undefined) groups.set(by(value), [value]);
    else group.push(value);
  }
  return groups;
}
