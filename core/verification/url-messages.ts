import type { AddressKind } from './address-kind.js';

const kinds: Readonly<Record<AddressKind, string>> = {
  public: 'a public address',
  private: 'a private address',
  loopback: 'a loopback address',
  linkLocal: 'a link-local address',
  metadata: 'an address of AWS itself, such as its instance metadata',
  multicast: 'a multicast address',
  reserved: 'a reserved address',
  unknown: 'no IP address',
};

const canBeAllowed = (kind: AddressKind): boolean => kind === 'private' || kind === 'loopback';

// What is said of a URL in slipway.yml.

export const forbiddenHost = (address: string, kind: AddressKind) =>
  `has the host ${address}, ${kinds[kind]}; expected a public one${canBeAllowed(kind) ? ', or allowPrivate: true' : ''}`;

// What a request saw. `url` is without its query.

export const passed = (url: string, status: number) => `${url} answered with status ${status}`;

export const passedWithBody = (url: string, status: number) => `${passed(url, status)} and the expected text`;

export const otherStatus = (url: string, status: number, expected: number) =>
  `${passed(url, status)}${status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''}; expected ${expected}`;

export const textMissing = (url: string, status: number, bytes: number) =>
  `${passed(url, status)}, and its body, of which ${bytes} bytes were read, does not contain the expected text`;

export const noAnswer = (url: string, code: string) => `${url} did not answer: ${code}`;

export const tooSlow = (url: string, seconds: number) => `${url} did not answer within ${seconds} seconds`;

export const unresolved = (url: string, code: string) => `DNS has no address for the host of ${url}: ${code}`;

export const untrusted = (url: string, code: string) => `the certificate of ${url} does not verify: ${code}`;

export const refusedAddress = (url: string, address: string, kind: AddressKind) =>
  `${url} is not requested, as its host has ${kinds[kind]}, ${address}${canBeAllowed(kind) ? '; allowPrivate: true would allow it' : ''}`;
