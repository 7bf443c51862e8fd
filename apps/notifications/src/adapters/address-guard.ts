import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** A webhook must not reach what only this network can reach (server-side request forgery). */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** Special-purpose ranges that are not globally reachable (IANA registries, RFC 6890 and later). */
const IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Of IPv6 only global unicast is left, without the parts that carry an IPv4 address or lead into tunnels. */
const IPV6: readonly (readonly [string, number])[] = [
  ['::', 3],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['4000::', 2],
  ['8000::', 1],
];

const forbidden = new BlockList();
for (const [network, prefix] of IPV4) forbidden.addSubnet(network, prefix, 'ipv4');
const forbidden6 = new BlockList();
for (const [network, prefix] of IPV6) forbidden6.addSubnet(network, prefix, 'ipv6');

export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !forbidden.check(address, 'ipv4');
    case 6:
      return !forbidden6.check(address, 'ipv6');
    default:
      return false;
  }
}

export interface GuardOptions {
  /** Demonstrations and tests send to the machine they run on. */
  readonly allowPrivate: boolean;
}

const withoutBrackets = (host: string): string => (host.startsWith('[') ? host.slice(1, -1) : host);

/** Why no webhook may be sent to the URL; `undefined` when it may, as far as the text tells. */
export function faultOfUrl(text: string, { allowPrivate }: GuardOptions): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not carry a user or password';
  if (url.hash !== '') return 'must not have a fragment';
  const host = withoutBrackets(url.hostname);
  if (host === '') return 'has no host';
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return 'leads to a private address';
  if (!allowPrivate && /(^|\.)(localhost|local|internal)\.?$/i.test(host)) return 'leads to a private address';
  return undefined;
}

type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves for a connection and hands over only what was checked: the address that is connected to is the one that was looked
 * at, whatever the name says a moment later.
 */
export const guardedLookup =
  ({ allowPrivate }: GuardOptions, resolver: Resolve = resolve): LookupFunction =>
  (host, options, done) => {
    resolver(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const refused = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
      if (refused !== undefined || addresses[0] === undefined)
        return done(new AddressRefusedError(`${host} leads to a private address or none`), []);
      if (options.all === true) return done(null, addresses);
      return done(null, addresses[0].address, addresses[0].family);
    });
  };
