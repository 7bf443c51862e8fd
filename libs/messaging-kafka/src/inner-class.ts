import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const changed = new WeakSet<object>();

/** What kafkajs keeps to itself, in the shape that it has in 2.2.4: in another one, what rests on it has to be looked at again. */
export function innerClass<T extends object>(path: string, isKnown: (value: unknown) => value is T): T {
  const found: unknown = require(`kafkajs/src/${path}.js`);
  if (!isKnown(found)) throw new Error(`this kafkajs has another ${path} than 2.2.4: check what is changed of it`);
  return found;
}

/** Changes it once, however often it is asked for. */
export function changeOnce<T extends object>(inner: T, change: (inner: T) => void): void {
  if (changed.has(inner)) return;
  changed.add(inner);
  change(inner);
}
