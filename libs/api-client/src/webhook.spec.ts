import { generateKeyPairSync, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook, type WebhookHeaders } from './webhook.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const seconds = NOW / 1_000;
const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const other = `whsec_${Buffer.from('another-secret-of-enough-bytes!!').toString('base64')}`;
const body = JSON.stringify({ id: 'ledger-3-17', type: 'points.earned', program: 'shop', member: '会员-1', data: {} });

const signedAt = (at: number, by = secret): WebhookHeaders => ({
  'webhook-id': 'ledger-3-17',
  'webhook-timestamp': String(at),
  'webhook-signature': new Webhook(by).sign('ledger-3-17', new Date(at * 1_000), body),
});
const verified = (headers: WebhookHeaders, secrets: readonly string[] = [secret], sent: string | Uint8Array = body) =>
  verifyWebhook(sent, headers, { secrets, now: () => NOW });

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const whpk = `whpk_${raw.toString('base64')}`;
const v1a = sign(null, Buffer.from(`ledger-3-17.${seconds}.${body}`), privateKey).toString('base64');

describe('the verifier of webhooks', () => {
  it('takes what the reference library signs, as text and as bytes, under headers in any case', () => {
    expect(verified(signedAt(seconds))).toMatchObject({ ok: true, event: { type: 'points.earned', member: '会员-1' } });
    const upper = Object.fromEntries(
      Object.entries(signedAt(seconds)).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(verified(upper, [secret], new TextEncoder().encode(body))).toMatchObject({ ok: true });
  });

  it('v1a: takes Ed25519 with the public key alone', () => {
    const headers = { ...signedAt(seconds), 'webhook-signature': `v1,AAAA v1a,${v1a}` };
    expect(verified(headers, [whpk])).toMatchObject({ ok: true });
    expect(verified(headers, [whpk], `${body} `)).toEqual({ ok: false, fault: 'no-match' });
    // An HMAC signature is no Ed25519 one, whatever it is called.
    expect(verified({ ...headers, 'webhook-signature': `v1,${v1a}` }, [whpk])).toEqual({
      ok: false,
      fault: 'no-match',
    });
  });

  it('after a rotation: either of two signatures with either of two secrets is enough', () => {
    const both = `${String(signedAt(seconds, other)['webhook-signature'])} ${String(signedAt(seconds)['webhook-signature'])}`;
    expect(verified({ ...signedAt(seconds), 'webhook-signature': both })).toMatchObject({ ok: true });
    expect(verified(signedAt(seconds), [other, secret])).toMatchObject({ ok: true });
  });

  it.each([
    ['300 s late', signedAt(seconds - 300), undefined],
    ['301 s late', signedAt(seconds - 301), 'too-old'],
    ['300 s early', signedAt(seconds + 300), undefined],
    ['301 s early', signedAt(seconds + 301), 'too-new'],
    ['another secret', signedAt(seconds, other), 'no-match'],
    ['another id', { ...signedAt(seconds), 'webhook-id': 'ledger-3-18' }, 'no-match'],
    ['no signature', { ...signedAt(seconds), 'webhook-signature': undefined }, 'missing-header'],
    ['a time that is none', { ...signedAt(seconds), 'webhook-timestamp': '1e9' }, 'missing-header'],
    ['a short signature', { ...signedAt(seconds), 'webhook-signature': 'v1,AAAA' }, 'no-match'],
  ])('%s', (_, headers, fault) => {
    expect(verified(headers)).toMatchObject(fault === undefined ? { ok: true } : { ok: false, fault });
  });

  it('says so when the secret itself is none, and when what is signed is no event', () => {
    for (const secrets of [[], ['whsec_'], ['plain'], ['whpk_AAAA']])
      expect(verified(signedAt(seconds), secrets)).toEqual({ ok: false, fault: 'bad-secret' });
    const headers = {
      ...signedAt(seconds),
      'webhook-signature': new Webhook(secret).sign('ledger-3-17', new Date(NOW), 'null'),
    };
    expect(verified(headers, [secret], 'null')).toEqual({ ok: false, fault: 'malformed' });
  });
});
