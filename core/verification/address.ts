import type { AddressKind } from './address-kind.js';
import * as messages from './url-messages.js';

type Range = readonly [prefix: string, kind: AddressKind];

// The special-purpose registries of IANA, and AWS's own ranges. The first range that has an address decides.
const ipv4Ranges: readonly Range[] = [
  ['0.0.0.0/8', 'reserved'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private'], // shared by the customers of a carrier; VPCs may have it, too
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'metadata'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'reserved'], // documentation
  ['192.88.99.0/24', 'reserved'], // relays of 6to4
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'private'], // benchmarks; VPCs may have 198.19.0.0/16
  ['198.51.100.0/24', 'reserved'], // documentation
  ['203.0.113.0/24', 'reserved'], // documentation
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['0.0.0.0/0', 'public'],
];

const ipv6Ranges: readonly Range[] = [
  ['::1/128', 'loopback'],
  ['2001::/23', 'reserved'], // protocols, of which Teredo hides an IPv4 address
  ['2001:db8::/32', 'reserved'], // documentation
  ['2002::/16', 'reserved'], // 6to4 hides an IPv4 address
  ['3fff::/20', 'reserved'], // documentation
  ['2000::/3', 'public'],
  ['fd00:ec2::/32', 'metadata'], // EC2 guide: instance metadata fd00:ec2::254, DNS ::253, time ::123; EKS Pod Identity ::23
  ['fc00::/7', 'private'],
  ['fe80::/10', 'linkLocal'],
  ['ff00::/8', 'multicast'],
  ['::/0', 'reserved'], // nothing else is assigned, or it hides an IPv4 address: ::/96, 64:ff9b:1::/48
];

/** IPv6 prefixes whose last 32 bits are the IPv4 address that is meant: mapped ones (RFC 4291), and those of NAT64 (RFC 6052, as DNS64 of a VPC answers). */
const embedding = ['::ffff:0:0/96', '64:ff9b::/96'];

const bytesOfIpv4 = (text: string): number[] | undefined => {
  const parts = text.split('.');
  const isValid = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isValid ? parts.map(Number) : undefined;
};

const bytesOfGroups = (text: string): number[] | undefined => {
  if (text === '') return [];
  const groups = text.split(':');
  const last = groups.at(-1) ?? '';
  const ipv4 = last.includes('.') ? bytesOfIpv4(last) : [];
  const hexadecimal = last.includes('.') ? groups.slice(0, -1) : groups;
  if (!ipv4 || !hexadecimal.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return [...hexadecimal.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]), ...ipv4];
};

const bytesOfIpv6 = (text: string): number[] | undefined => {
  const halves = text.split('::');
  const [head, tail] = halves.map(bytesOfGroups);
  if (halves.length > 2 || !head) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (!tail || head.length + tail.length > 14) return undefined;
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
};

/** 4 or 16 bytes; undefined for what is no address. A zone, as in `fe80::1%eth0`, does not count. */
const bytesOf = (text: string): number[] | undefined => (text.includes(':') ? bytesOfIpv6(text.replace(/%.*$/, '')) : bytesOfIpv4(text));

const isIn = (bytes: readonly number[], prefix: string): boolean => {
  const [base = '', bits = ''] = prefix.split('/');
  const baseBytes = bytesOf(base) ?? [];
  return bytes.every((byte, index) => {
    const significant = Math.min(8, Math.max(0, Number(bits) - index * 8));
    const mask = (0xff00 >> significant) & 0xff;
    return (byte & mask) === ((baseBytes[index] ?? 0) & mask);
  });
};

/** @param address as DNS answers it: without brackets */
export const kindOfAddress = (address: string): AddressKind => {
  const bytes = bytesOf(address);
  if (!bytes) return 'unknown';
  if (bytes.length === 16 && embedding.some((prefix) => isIn(bytes, prefix))) return kindOfAddress(bytes.slice(12).join('.'));
  const ranges = bytes.length === 4 ? ipv4Ranges : ipv6Ranges;
  return ranges.find(([prefix]) => isIn(bytes, prefix))?.[1] ?? 'unknown';
};

/** May Slipway send a request to the address? What `allowPrivate` adds are addresses of a VPC and of the function itself. */
export const isAllowedAddress = (address: string, allowPrivate: boolean): boolean => {
  const kind = kindOfAddress(address);
  return kind === 'public' || (allowPrivate && (kind === 'private' || kind === 'loopback'));
};

/** The IP address that is the host of a URL, without brackets; undefined for a name. The parser of URLs has made one of all its forms. */
export const literalAddress = ({ hostname }: URL): string | undefined => {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return bytesOf(host) && host;
};

/** RFC 6761: localhost, and what ends in it, is the loopback address everywhere. */
const isLocalhost = ({ hostname }: URL): boolean => /(?:^|\.)localhost\.?$/.test(hostname);

/** Why the host of a URL in slipway.yml may not be requested, as far as that is known without DNS; undefined if it may. */
export const hostIssue = (text: string, allowPrivate = false): string | undefined => {
  const url = new URL(text);
  const address = isLocalhost(url) ? '127.0.0.1' : literalAddress(url);
  if (address === undefined || isAllowedAddress(address, allowPrivate)) return undefined;
  return messages.forbiddenHost(address, kindOfAddress(address));
};
