import { createHmac } from 'node:crypto';
import { instant } from '@jifen/kernel';
import { Webhook } from 'standardwebhooks';
import { rotated, secretsInForce, signedContent, webhookHeaders } from './signature.ts';

const key = Buffer.from('0123456789abcdef0123456789abcdef');
const hmac = (content: string): string => createHmac('sha256', key).update(content).digest('base64');

describe('the signature', () => {
  it('is what the reference library verifies', () => {
    const seconds = Math.floor(Date.now() / 1_000);
    const body = '{"member":"会员-1"}';
    const headers = webhookHeaders('ledger-3-17', seconds, 'v1', [
      'bm90IHRoaXMgb25l',
      hmac(signedContent('ledger-3-17', seconds, body)),
    ]);
    expect(new Webhook(`whsec_${key.toString('base64')}`).verify(body, headers)).toEqual({ member: '会员-1' });
  });

  it('after a rotation the old secret signs beside the new one, until its time is over', () => {
    const until = instant('2026-03-02T00:00:00.000Z');
    const secrets = rotated({ current: 'old' }, 'new', until);
    expect(secretsInForce(secrets, instant('2026-03-01T23:59:59.999Z'))).toEqual(['new', 'old']);
    expect(secretsInForce(secrets, until)).toEqual(['new']);
    expect(secretsInForce(rotated(secrets, 'newest', until), instant('2026-03-01T00:00:00.000Z'))).toEqual([
      'newest',
      'new',
    ]);
  });
});
