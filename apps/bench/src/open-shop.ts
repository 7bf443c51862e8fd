import { createClient, type System } from '@jifen/app-simulator';
import { createKey } from '@jifen/service-host';
import type { Pool } from 'pg';
import { createCaller, type Caller } from './load.ts';

export interface ShopOptions {
  readonly program: string;
  readonly document: object;
  readonly connections: number;
}

/** Another program of a running system, published, with a key and connections of its own. */
export async function openShop(
  system: System,
  pool: Pool,
  { program, document, connections }: ShopOptions,
): Promise<{ readonly key: string; readonly caller: Caller }> {
  const { key } = await createKey(pool, { program, name: 'bench' });
  await createClient(system.targets, key).publishProgram(document);
  return { key, caller: createCaller({ ...system, key, program }, connections) };
}
