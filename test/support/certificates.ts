import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate with its key, as a TLS server takes them. */
export type Certificate = { readonly cert: string; readonly key: string; readonly privateKey: KeyObject; readonly subject: string };

type Request = {
  /** Names and IPv4 addresses of a server; without any, it is an authority. */
  readonly names?: readonly string[];
  /** Signed by itself unless given. */
  readonly issuer?: Certificate;
  readonly validTo?: Date;
};

// X.509 (RFC 5280) in DER (X.690).
const tlv = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...contents: readonly Uint8Array[]) => tlv(0x30, ...contents);
const octets = (content: Uint8Array) => tlv(0x04, content);
const bits = (content: Uint8Array) => tlv(0x03, Buffer.from([0]), content);
const identifier = (hexadecimal: string) => tlv(0x06, Buffer.from(hexadecimal, 'hex'));
const time = (date: Date) => tlv(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));
const isTrue = tlv(0x01, Buffer.from([0xff]));

const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
const commonName = (name: string) => sequence(tlv(0x31, sequence(identifier('550403'), tlv(0x0c, Buffer.from(name)))));

const extensionsOf = (names: readonly string[]): Buffer => {
  const alternatives = names.map((name) =>
    isIPv4(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : tlv(0x82, Buffer.from(name)),
  );
  const authority = sequence(identifier('551d13'), isTrue, octets(sequence(isTrue)));
  const server = sequence(identifier('551d11'), octets(sequence(...alternatives)));
  return tlv(0xa3, sequence(names.length === 0 ? authority : server));
};

const pem = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** Issues a certificate that is valid from 2020 on. */
export const givenCertificate = ({ names = [], issuer, validTo = new Date('2099-01-01') }: Request = {}): Certificate => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = names[0] ?? `authority ${randomBytes(4).toString('hex')}`;
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    commonName(issuer?.subject ?? subject),
    sequence(time(new Date('2020-01-01')), time(validTo)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensionsOf(names),
  );
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey);
  return {
    cert: pem(sequence(body, ecdsaWithSha256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKey,
    subject,
  };
};
