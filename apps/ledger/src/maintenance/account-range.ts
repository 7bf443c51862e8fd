import { eventsOfStream, eventsOfStreams, streamBoundary, type StreamRange } from '@jifen/event-store-postgres';
import { memberKey } from '@jifen/kernel';
import type { ClientBase } from 'pg';
import { AccountFolder } from './fold-accounts.ts';
import { LOG, SCHEMA } from './session.ts';

/** Events of a range, but for the rest of its last account: what is folded and compared in one snapshot. */
export const RANGE_EVENTS = 8_000;
const PLACE = { schema: SCHEMA, log: LOG };

/** The accounts of one member: `0` follows `/` in the byte order. */
export const rangeOfMember = (program: string, member: string): StreamRange => {
  const key = memberKey(program, member);
  return { after: `${key}/`, upTo: `${key}0` };
};

/** Ranges that cover every account that there is or could be, whether the log or a table has it. */
export async function* rangesOfAll(client: ClientBase, partition?: number): AsyncGenerator<StreamRange> {
  const only = partition === undefined ? {} : { partition };
  for (let after = ''; ;) {
    const upTo = await streamBoundary(client, PLACE, after, RANGE_EVENTS);
    if (upTo === undefined) return yield { after, ...only };
    yield { after, upTo, ...only };
    after = upTo;
  }
}

/** The accounts of the range as the log has them now: inside a transaction, at the moment of its snapshot. */
export async function foldRange(client: ClientBase, range: StreamRange): Promise<AccountFolder> {
  const folder = new AccountFolder();
  for await (const page of eventsOfStreams(client, PLACE, range)) for (const event of page) folder.add(event);
  folder.finish();
  return folder;
}

/** Whole accounts, one after another. */
export async function foldAccounts(client: ClientBase, keys: readonly string[]): Promise<AccountFolder> {
  const folder = new AccountFolder();
  for (const key of keys) {
    for await (const page of eventsOfStream(client, PLACE, key)) for (const event of page) folder.add(event);
  }
  folder.finish();
  return folder;
}
