import type { Consumer, Message } from '@jifen/messaging';
import { createLogger } from './logger.ts';
import { toldByMessage } from './message-log.ts';

const message = (offset: number, headers: Readonly<Record<string, string>>): Message => ({
  topic: 'jifen.rating.v1',
  partition: 6,
  offset,
  key: 'demo/m-1',
  headers,
  value: '{}',
});

const consumer: Consumer = {
  group: 'ledger',
  topics: ['jifen.rating.v1'],
  maxBatch: 10,
  claim: () => Promise.resolve([]),
  handle: ({ messages }) => (messages.length > 1 ? Promise.reject(new Error('no')) : Promise.resolve()),
  release: () => undefined,
};

async function linesAt(level: string, messages: readonly Message[]): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const logger = createLogger(level, { write: (line: string) => void lines.push(JSON.parse(line)) });
  await toldByMessage(consumer, logger)
    .handle({ messages, epochs: new Map() })
    .catch(() => undefined);
  return lines;
}

const made = message(4, {
  ce_id: 'rating-6-4',
  ce_type: 'rating.made',
  ce_correlationid: 'activity-6-71',
  ce_causationid: 'activity-6-71',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});

describe('the log of messages', () => {
  it('ties what was taken in to what began it', async () => {
    expect(await linesAt('debug', [made])).toMatchObject([
      {
        msg: 'message',
        group: 'ledger',
        topic: 'jifen.rating.v1',
        key: 'demo/m-1',
        id: 'rating-6-4',
        correlationId: 'activity-6-71',
        causationId: 'activity-6-71',
        traceId: '0af7651916cd43dd8448eb211c80319c',
      },
    ]);
  });

  it('names a message that nothing came before by its own id', async () => {
    expect(await linesAt('debug', [message(9, {})])).toMatchObject([
      { id: 'jifen.rating.v1-6-9', correlationId: 'jifen.rating.v1-6-9' },
    ]);
  });

  it('says nothing at other levels, nor of a batch that failed', async () => {
    expect(await linesAt('info', [made])).toEqual([]);
    expect(await linesAt('debug', [made, made])).toEqual([]);
  });
});
