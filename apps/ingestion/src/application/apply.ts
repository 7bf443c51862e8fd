import { createHash } from 'node:crypto';
import type { Standing } from '@jifen/activity';
import type { Problem } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { memberKey } from '@jifen/kernel';
import { DecideBatch, type Misfit } from './decide-batch.ts';
import type { Rejection, Tables, WaitingRefund } from './ports.ts';
import { partitionsTouched, type PreparedRecord } from './prepare.ts';
import { Streams } from './streams.ts';
import type { Receipt, RecordKind, Submission, Via } from './submission.ts';

const encoder = new TextEncoder();

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? encoder.encode(body) : body);

/** The same record refused twice has the same id, however it came. */
function rejectionId(program: string, kind: RecordKind, bytes: Uint8Array): string {
  return createHash('sha256').update(`${program}/${kind}/`).update(bytes).digest('hex').slice(0, 32);
}

function rejectionOf(submission: Submission, program: string, source: string, problem: Problem): Rejection {
  const bytes = bytesOf(submission.body);
  const id = rejectionId(program, submission.kind, bytes);
  return { id, program, kind: submission.kind, source, bytes, problem, via: submission.via };
}

/** A waiting notice is kept as what it was: the refund as the source may send it again. */
function rejectionOfMisfit({ waiting, problem }: Misfit, via: Via): Rejection {
  const { program, source, stream, notice } = waiting;
  const orderId = stream.slice(stream.lastIndexOf('/') + 1);
  const bytes = encoder.encode(JSON.stringify({ program, source, orderId, ...notice }));
  return {
    id: rejectionId(program, 'order-refund', bytes),
    program,
    kind: 'order-refund',
    source,
    bytes,
    problem,
    via,
  };
}

interface State {
  readonly streams: Streams;
  readonly waiting: readonly WaitingRefund[];
  readonly standings: ReadonlyMap<string, Standing>;
}

/** What the decisions are based on. Nothing waits for an order that is known, so only new ones are asked for. */
async function loadState<Sql>(
  tx: Transaction<Sql>,
  tables: Tables<Sql>,
  records: readonly PreparedRecord[],
): Promise<State> {
  const drafts = records.flatMap(({ prepared }) => (prepared.ok ? [prepared.value] : []));
  const owners = drafts.flatMap((draft) =>
    draft.kind === 'order-refund' ? [] : [memberKey(draft.program, draft.member)],
  );
  const [streams, standings] = await Promise.all([
    Streams.load(tx, [...new Set(drafts.map(({ stream }) => stream))]),
    owners.length === 0 ? new Map<string, Standing>() : tables.standingsOf(tx.sql, [...new Set(owners)]),
  ]);
  const unknown = drafts.filter(({ kind, stream }) => kind !== 'activity' && streams.get(stream).state === undefined);
  if (unknown.length === 0) return { streams, standings, waiting: [] };
  return {
    streams,
    standings,
    waiting: await tables.waitingFor(tx.sql, [...new Set(unknown.map(({ stream }) => stream))]),
  };
}

/** Decides and writes the records of one flush inside its transaction; runs again on the same records after a roll-back. */
export async function applyRecords<Sql>(
  tx: Transaction<Sql>,
  tables: Tables<Sql>,
  records: readonly PreparedRecord[],
  partitions: number,
): Promise<readonly Receipt[]> {
  const held = new Set(partitionsTouched(records, partitions));
  const batch = new DecideBatch({ ...(await loadState(tx, tables, records)), held });
  const rejections = new Map<string, Rejection>();
  const receipts = records.map(({ read, prepared }): Receipt => {
    const answer = prepared.ok ? batch.decide(prepared.value, read.submission.meta) : prepared;
    if (answer.ok) return answer.value;
    const rejection = rejectionOf(read.submission, read.program, read.source, answer.refusal);
    rejections.set(rejection.id, rejection);
    return { outcome: 'rejected', problem: answer.refusal, id: rejection.id };
  });
  for (const misfit of batch.misfits) {
    const rejection = rejectionOfMisfit(misfit, records[0]?.read.submission.via ?? 'http');
    rejections.set(rejection.id, rejection);
  }
  if (batch.added.length > 0) await tables.addWaiting(tx.sql, batch.added);
  if (batch.merged.length > 0) await tables.removeWaiting(tx.sql, batch.merged);
  if (rejections.size > 0) await tables.keepRejected(tx.sql, [...rejections.values()]);
  await settleRedriven(tx, tables, records, receipts);
  return receipts;
}

/** What was kept and goes through now is done, through whichever door it came again. */
async function settleRedriven<Sql>(
  tx: Transaction<Sql>,
  tables: Tables<Sql>,
  records: readonly PreparedRecord[],
  receipts: readonly Receipt[],
): Promise<void> {
  const settled = records.flatMap(({ read: { submission, program } }, index) => {
    const outcome = receipts[index]?.outcome;
    if (submission.via !== 'redrive' || outcome === undefined || outcome === 'rejected') return [];
    return [{ id: rejectionId(program, submission.kind, bytesOf(submission.body)), outcome }];
  });
  if (settled.length > 0) await tables.settle(tx.sql, settled);
}
