import type { LookupAddress } from 'node:dns';
import { AddressRefusedError, faultOfUrl, guardedLookup, isPublicAddress } from './address-guard.ts';

describe('the address guard', () => {
  it.each([
    ...['127.0.0.1', '127.255.255.254', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['0.0.0.0', '100.64.0.1', '192.0.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'ff02::1',
    ],
    ...['2001:db8::1', '2001::1', '2002:7f00:1::', 'fe80::1%eth0', 'no address', ''],
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.15.255.255', '172.32.0.1', '192.167.255.255', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ['https://example.com/hook', undefined],
    ['https://example.com:8443/hook?a=1', undefined],
    ['https://8.8.8.8/', undefined],
    ['http://example.com/', 'must begin with https://'],
    ['ftp://example.com/', 'must begin with https://'],
    ['example.com', 'is no URL'],
    ['https://user:pass@example.com/', 'must not carry a user or password'],
    ['https://example.com/#part', 'must not have a fragment'],
    ['https://127.0.0.1/', 'leads to a private address'],
    ['https://2130706433/', 'leads to a private address'],
    ['https://0x7f.1/', 'leads to a private address'],
    ['https://[::1]/', 'leads to a private address'],
    ['https://[::ffff:10.0.0.1]/', 'leads to a private address'],
    ['https://localhost/', 'leads to a private address'],
    ['https://db.internal/', 'leads to a private address'],
  ])('%s: %s', (url, fault) => {
    expect(faultOfUrl(url, { allowPrivate: false })).toBe(fault);
  });

  it('where private addresses are allowed, so is plain http', () => {
    expect(faultOfUrl('http://127.0.0.1:3000/hook', { allowPrivate: true })).toBeUndefined();
    expect(faultOfUrl('ftp://127.0.0.1/', { allowPrivate: true })).toBe('must begin with https://');
  });

  const answering =
    (...addresses: readonly string[]) =>
    (_: string, __: unknown, done: (error: null, found: LookupAddress[]) => void): void =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  const lookup = (allowPrivate: boolean, ...addresses: readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      guardedLookup({ allowPrivate }, answering(...addresses))('example.com', { all: true }, (error, found) =>
        error === null ? resolve(found) : reject(error),
      );
    });

  it('connects to what was looked at, and to no name with a private address among its own', async () => {
    await expect(lookup(false, '8.8.8.8')).resolves.toEqual([{ address: '8.8.8.8', family: 4 }]);
    await expect(lookup(false, '8.8.8.8', '127.0.0.1')).rejects.toThrow(AddressRefusedError);
    await expect(lookup(false, '169.254.169.254')).rejects.toThrow('private address');
    await expect(lookup(false)).rejects.toThrow(AddressRefusedError);
    await expect(lookup(true, '127.0.0.1')).resolves.toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});
