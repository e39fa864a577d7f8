/**
 * What an IP address is for. `metadata` are the addresses at which AWS's own services answer inside a network: credentials of instances and
 * tasks, DNS, time. `unknown` is a text that is no address.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'linkLocal' | 'metadata' | 'multicast' | 'reserved' | 'unknown';
