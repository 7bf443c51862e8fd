import { instantFromMillis, instantToMillis, money } from '@jifen/kernel';
import type { OrderBundle, OwnedPurchase } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

const SAVE = 'INSERT INTO order_bundle (program, orders) VALUES ($1, $2)';

const TAKE = `
  DELETE FROM order_bundle b
   USING (SELECT id FROM order_bundle WHERE program = $1 ORDER BY id LIMIT $2) oldest
   WHERE b.program = $1 AND b.id = oldest.id RETURNING b.program, b.orders`;

type Packed = readonly [
  owner: string,
  source: string,
  orderId: string,
  paidAt: number,
  currency: string,
  amount: number,
  position: number,
];

const packed = ({ owner, source, orderId, at, currency, amount, position }: OwnedPurchase): Packed => [
  ...([owner, source, orderId, instantToMillis(at), currency, amount, position] as const),
];

const unpacked = ([owner, source, orderId, paidAt, currency, amount, position]: Packed): OwnedPurchase => ({
  ...{ owner, source, orderId, at: instantFromMillis(paidAt), currency, amount: money(amount), position },
});

export async function saveBundle(sql: Queryable, { program, orders }: OrderBundle): Promise<void> {
  await sql.query({ name: 'save-bundle', text: SAVE, values: [program, JSON.stringify(orders.map(packed))] });
}

export async function takeBundles(sql: Queryable, program: string, limit: number): Promise<readonly OrderBundle[]> {
  const { rows } = await sql.query<{ readonly program: string; readonly orders: string }>(TAKE, [program, limit]);
  return rows.map((row) => ({
    program: row.program,
    orders: (JSON.parse(row.orders) as readonly Packed[]).map(unpacked),
  }));
}
