import { randomBytes } from 'node:crypto';
import { createSecretBox, SecretUnreadableError } from './secret-box.ts';

const box = createSecretBox('a key of at least thirty-two characters');
const secret = randomBytes(32);

describe('the secret box', () => {
  it('gives back what was sealed, and seals it differently each time', () => {
    const sealed = box.seal(secret, 'we_1');
    expect(Buffer.from(box.open(sealed, 'we_1')).equals(secret)).toBe(true);
    expect(Buffer.from(box.seal(secret, 'we_1')).equals(Buffer.from(sealed))).toBe(false);
    expect(Buffer.from(sealed).includes(secret)).toBe(false);
  });

  it.each<[string, (sealed: Uint8Array) => unknown]>([
    ['another key', (sealed) => createSecretBox('another key of at least thirty-two characters').open(sealed, 'we_1')],
    ['another endpoint', (sealed) => box.open(sealed, 'we_2')],
    ['a changed byte', (sealed) => box.open(sealed.with(sealed.length - 1, (sealed.at(-1) ?? 0) ^ 1), 'we_1')],
    ['an unknown form', (sealed) => box.open(sealed.with(0, 9), 'we_1')],
    ['too few bytes', (sealed) => box.open(sealed.subarray(0, 20), 'we_1')],
  ])('refuses %s', (_, open) => {
    const sealed = Uint8Array.from(box.seal(secret, 'we_1'));
    expect(() => open(sealed)).toThrow(SecretUnreadableError);
  });

  it('refuses a short key', () => {
    expect(() => createSecretBox('short')).toThrow('JIFEN_SECRET_KEY');
  });
});
