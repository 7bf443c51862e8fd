/** The first in the order sent that failed tells why, whichever is heard of first: those behind it find the transaction broken. */
export async function landed(sent: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(sent)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
