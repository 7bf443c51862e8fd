import { formatKey, hashSecret, newKeyText, parseKey, sameHash } from './secret.ts';

describe('the text of an API key', () => {
  it('is read back as it was made, a thousand times', () => {
    for (let n = 0; n < 1_000; n++) {
      const key = newKeyText();
      expect(parseKey(formatKey(key))).toEqual(key);
    }
  });

  it.each(['', 'jf_', 'jf_abc_def', `jf_ABCDEFGHIJKL_${'x'.repeat(43)}`, `jf_abcdefghijkl_${'x'.repeat(44)}`])(
    'is not %j',
    (text) => {
      expect(parseKey(text)).toBeUndefined();
    },
  );

  it('is proved by its hash', () => {
    const { secret } = newKeyText();
    expect(sameHash(hashSecret(secret), hashSecret(secret))).toBe(true);
    expect(sameHash(hashSecret(secret), hashSecret(`${secret}x`))).toBe(false);
    expect(sameHash(hashSecret(secret), Buffer.alloc(3))).toBe(false);
  });
});
