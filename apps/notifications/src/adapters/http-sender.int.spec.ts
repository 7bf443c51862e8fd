import type { Endpoint } from '../application/ports.ts';
import { Receiver } from '../testing/receiver.ts';
import { createHttpSender, type HttpSender } from './http-sender.ts';
import { createSecretBox } from './secret-box.ts';

const box = createSecretBox('a key of at least thirty-two characters');
const delivery = { event: 'ledger-0-1', body: '{}', attempts: 0, replay: false };
const endpoint = (url: string): Endpoint => ({
  id: 'we_1',
  program: 'demo',
  url,
  description: undefined,
  events: ['*'],
  status: 'enabled',
  disabledReason: undefined,
  scheme: 'v1',
  secrets: { current: box.seal(Buffer.alloc(32, 1), 'we_1') },
  createdAt: '2026-03-01T08:00:00.000Z',
});

describe('the sender', () => {
  let receiver: Receiver;
  const senders: HttpSender[] = [];
  const senderOf = (allowPrivate: boolean): HttpSender => {
    const sender = createHttpSender({ box, allowPrivate, timeoutMs: 500, clock: Date.now });
    senders.push(sender);
    return sender;
  };
  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(async () => {
    for (const sender of senders.splice(0)) sender.close();
    await receiver.stop();
  });

  it('hands on what is answered, with the patience that is asked for', async () => {
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
    expect(await senderOf(true).send(endpoint(receiver.url), delivery)).toEqual({
      kind: 'answered',
      status: 429,
      answer: '',
      retryAfterMillis: 7_000,
    });
  });

  it('reaches nothing private, by address or by name', async () => {
    const port = new URL(receiver.url).port;
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      const result = await senderOf(false).send(endpoint(`https://${host}:${port}/`), delivery);
      expect(result).toEqual({ kind: 'failed', error: 'the URL leads to a private address' });
    }
    expect(receiver.received).toEqual([]);
  });

  it('goes on over a connection that the receiver closed meanwhile', async () => {
    const sender = senderOf(true);
    for (let turn = 0; turn < 5; turn++) {
      expect(await sender.send(endpoint(receiver.url), delivery)).toMatchObject({ kind: 'answered', status: 204 });
      receiver.dropConnections();
    }
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1/', /^ECONNREFUSED/],
    ['the name is unknown', 'http://no-such-host.invalid/', /^(ENOTFOUND|EAI_AGAIN)/],
  ])('when %s it says so', async (_, url, error) => {
    const result = await senderOf(true).send(endpoint(url), delivery);
    expect(result).toMatchObject({ kind: 'failed', error: expect.stringMatching(error) as string });
  });

  it('a secret that cannot be read fails the attempt and names the reason', async () => {
    const other = createSecretBox('another key of at least thirty-two characters');
    const foreign = { ...endpoint(receiver.url), secrets: { current: other.seal(Buffer.alloc(32, 1), 'we_1') } };
    const result = await senderOf(true).send(foreign, delivery);
    expect(result).toEqual({ kind: 'failed', error: 'sealed under another JIFEN_SECRET_KEY' });
  });
});
