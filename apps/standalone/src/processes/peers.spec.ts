import type { HealthReport, ProcessState } from '@jifen/service-host';
import type { ToProcess, ToSupervisor } from './messages.ts';
import { peersThrough } from './peers.ts';

const fine: HealthReport = { status: 'ok', checks: { ledger: 'ok' } };

function pipe() {
  const sent: ToSupervisor[] = [];
  const ears: ((message: unknown) => void)[] = [];
  const arrive = (message: ToProcess | string): void => ears.forEach((hear) => hear(message));
  return { sent, arrive, send: (message: ToSupervisor) => sent.push(message), onMessage: ears.push.bind(ears) };
}

const state = (own: Partial<ProcessState> = {}): ProcessState => ({
  liveness: () => Promise.resolve(fine),
  readiness: () => Promise.resolve(fine),
  metrics: () => Promise.resolve([]),
  ...own,
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a process among others', () => {
  it('answers what the supervisor asks, and says why when it cannot', async () => {
    const line = pipe();
    peersThrough(line, '1').join(state({ metrics: () => Promise.reject(new Error('no registry')) }));
    line.arrive('a message of somebody else');
    line.arrive({ jifen: 'question', id: 7, question: 'liveness' });
    line.arrive({ jifen: 'question', id: 8, question: 'metrics' });
    await settled();
    expect(line.sent).toEqual([
      { jifen: 'answer', id: 7, answer: { value: fine } },
      { jifen: 'answer', id: 8, answer: { error: 'no registry' } },
    ]);
  });

  it('gives each question the answers to it, with an error for whoever is missing', async () => {
    const line = pipe();
    const peers = peersThrough(line, '1');
    peers.join(state());
    const first = peers.ask('liveness');
    const second = peers.ask('readiness');
    expect(line.sent).toEqual([
      { jifen: 'ask', id: 1, question: 'liveness' },
      { jifen: 'ask', id: 2, question: 'readiness' },
    ]);
    line.arrive({ jifen: 'answers', id: 2, answers: [['1', { value: fine }]] });
    line.arrive({
      jifen: 'answers',
      id: 1,
      answers: [
        ['1', { value: fine }],
        ['2', { error: 'not running' }],
      ],
    });
    expect(await second).toEqual(new Map([['1', fine]]));
    expect(await first).toEqual(
      new Map<string, unknown>([
        ['1', fine],
        ['2', new Error('not running')],
      ]),
    );
  });
});
