import type { TargetCertificate } from './api.js';

/** With what code Node.js refuses a certificate (its documentation of TLS, "X509 certificate error codes"). */
const codes: Readonly<Record<NonNullable<TargetCertificate['fault']>, string>> = {
  selfSigned: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  unknownAuthority: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  expired: 'CERT_HAS_EXPIRED',
};

const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*.') && name.includes('.') && pattern.slice(2) === name.slice(name.indexOf('.') + 1));

/** The code of Node.js's error for a server of this name; undefined for a certificate that verifies. */
export const certificateError = ({ names, fault }: TargetCertificate, servername: string): string | undefined => {
  if (fault) return codes[fault];
  const name = servername.toLowerCase().replace(/\.$/, '');
  return names.some((pattern) => covers(pattern.toLowerCase(), name)) ? undefined : 'ERR_TLS_CERT_ALTNAME_INVALID';
};
