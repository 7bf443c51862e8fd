import { DEFAULT_SCHEDULE } from '@jifen/notifications';
import { webhookConfig } from './config.ts';

describe('the webhook configuration', () => {
  it('has sound defaults', () => {
    const config = webhookConfig({});
    expect(config).toMatchObject({ allowPrivate: false, schedule: DEFAULT_SCHEDULE, timeoutMs: 10_000 });
    expect(config.secretKey).toBeUndefined();
    expect(config.limits.leaseMs).toBeGreaterThan(config.timeoutMs);
  });

  it('reads a schedule in seconds, with fractions', () => {
    expect(webhookConfig({ JIFEN_WEBHOOK_RETRY_SECONDS: '0.05,1,30' }).schedule).toEqual([50, 1_000, 30_000]);
  });

  it.each([
    ['JIFEN_WEBHOOK_RETRY_SECONDS', '5,soon'],
    ['JIFEN_WEBHOOK_RETRY_SECONDS', '-1'],
    ['JIFEN_WEBHOOK_TIMEOUT_MS', '0'],
    ['JIFEN_WEBHOOK_CONCURRENCY', '1.5'],
    ['JIFEN_MESSAGE_RETRY_SECONDS', 'never'],
    ['JIFEN_MAIL_URL', 'https://mail.example.com'],
    ['JIFEN_MAIL_FROM', 'points@example.com'],
  ])('names what is wrong: %s=%s', (name, value) => {
    expect(() => webhookConfig({ [name]: value })).toThrow(name === 'JIFEN_MAIL_FROM' ? 'JIFEN_MAIL_URL' : name);
  });

  it('sends e-mail when it is told how and from whom, and asks for both', () => {
    const url = 'smtp://localhost:2525';
    expect(webhookConfig({}).messages.mail).toBeUndefined();
    const from = 'points@example.com';
    expect(webhookConfig({ JIFEN_MAIL_URL: url, JIFEN_MAIL_FROM: from }).messages.mail).toMatchObject({ url, from });
    expect(() => webhookConfig({ JIFEN_MAIL_URL: url })).toThrow('JIFEN_MAIL_FROM');
  });
});
