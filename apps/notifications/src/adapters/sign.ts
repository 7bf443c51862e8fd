import { createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { PUBLIC_KEY_PREFIX, SECRET_PREFIX, type SignatureScheme } from '@jifen/notifications';

/** DER of a PKCS #8 private key of Ed25519 (RFC 8410) up to its 32-byte seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const RAW_KEY_BYTES = 32;

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });

/** Base64 of the signature over the content. */
export const signatureOf = (scheme: SignatureScheme, secret: Uint8Array, content: string): string =>
  scheme === 'v1'
    ? createHmac('sha256', secret).update(content).digest('base64')
    : sign(null, Buffer.from(content), privateKeyOf(secret)).toString('base64');

/** What the receiver needs to verify: the shared secret, or the public key of the private one, which stays here. */
export function verifierOf(scheme: SignatureScheme, secret: Uint8Array): string {
  if (scheme === 'v1') return SECRET_PREFIX + Buffer.from(secret).toString('base64');
  const der = createPublicKey(privateKeyOf(secret)).export({ format: 'der', type: 'spki' });
  return PUBLIC_KEY_PREFIX + der.subarray(-RAW_KEY_BYTES).toString('base64');
}
