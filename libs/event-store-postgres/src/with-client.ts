import type { Pool, PoolClient } from 'pg';

/** Works on a connection of its own. One that failed on the way goes, and its transaction and locks with it. */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let healthy = false;
  try {
    const result = await work(client);
    healthy = true;
    return result;
  } finally {
    client.release(!healthy);
  }
}
