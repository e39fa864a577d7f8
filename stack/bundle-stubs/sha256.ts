/** Replaces the SDK's SHA-256 in JavaScript, which it has for a Node.js that was built without OpenSSL. */
export class Sha256Js {
  constructor() {
    throw new Error('SHA-256 in JavaScript is left out of the bundles; use a Node.js with node:crypto');
  }
}
