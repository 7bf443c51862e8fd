import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SecretBox } from '../application/ports.ts';

const CIPHER = 'aes-256-gcm';
const FORM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MIN_KEY_LENGTH = 32;

/** The sealed bytes are of another key, another endpoint, or damaged. */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError';
}

/** AES-256-GCM; the layout is form, nonce, tag, text. */
export function createSecretBox(keyText: string): SecretBox {
  if (keyText.length < MIN_KEY_LENGTH)
    throw new Error(`JIFEN_SECRET_KEY must have at least ${MIN_KEY_LENGTH} characters`);
  const key = Buffer.from(hkdfSync('sha256', keyText, '', 'jifen webhook secrets', 32));
  return {
    seal: (secret, owner) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([Buffer.of(FORM), nonce, cipher.getAuthTag(), text]);
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed);
      const text = 1 + NONCE_BYTES + TAG_BYTES;
      if (bytes[0] !== FORM || bytes.length <= text) throw new SecretUnreadableError('no sealed secret');
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(1, 1 + NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(Buffer.from(owner));
        decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, text));
        return Buffer.concat([decipher.update(bytes.subarray(text)), decipher.final()]);
      } catch (cause) {
        throw new SecretUnreadableError('sealed under another JIFEN_SECRET_KEY', { cause });
      }
    },
  };
}
