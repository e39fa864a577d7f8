import { BlockList, isIP } from 'node:net';
import { invalidPattern } from './invalid-pattern.js';

/** Whether a text is an IP address in the range. */
export const cidr = (range: string, path: string): ((text: string) => boolean) => {
  const refuse = (reason: string): never => {
    throw invalidPattern(reason, path);
  };
  const [address = '', mask = '', ...rest] = range.split('/');
  if (mask === '' || rest.length > 0) refuse("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask)) refuse('Malformed CIDR, mask bits must be an integer');
  const bits = Number(mask);
  if (bits < 0) refuse('Malformed CIDR, mask bits must not be negative');
  const family = isIP(address) || refuse(`Nonstandard IP address: ${address}`);
  if (family === 4 && bits > 31) refuse('IPv4 mask bits must be < 32');
  if (family === 6 && bits > 127) refuse('IPv6 mask bits must be < 128');
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const addresses = new BlockList();
  addresses.addSubnet(address, bits, type);
  return (text) => isIP(text) === family && addresses.check(text, type);
};
