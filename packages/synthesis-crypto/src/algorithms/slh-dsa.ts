import { timingSafeEqual } from 'node:crypto';
import { slh_dsa_sha2_128f, slh_dsa_sha2_128s } from '@noble/post-quantum/slh-dsa.js';
import { akpForms, akpNative } from './akp.ts';
import type { AkpParameters } from './akp.ts';
import type { Algorithm } from './algorithm.ts';
import { nobleBackend, plain } from './noble-backend.ts';
import { SecretBytes } from '../secret-bytes.ts';

interface ParameterSet {
  readonly name: 'SLH-DSA-SHA2-128f' | 'SLH-DSA-SHA2-128s';
  readonly arc: number;
  readonly signatureBytes: number;
  readonly implementation: typeof slh_dsa_sha2_128f;
}

/**
 * SLH-DSA, pure: signatures that rest on a hash function alone. Raw keys are the byte strings of
 * FIPS 205, §9.1.
 *
 * @see FIPS 205; RFC 9909 (DER). The JWK has the type AKP as in RFC 9964 and the name that JOSE's
 *   draft for SLH-DSA has, which node:crypto writes too.
 */
function slhDsa({ implementation, ...set }: ParameterSet): Algorithm {
  const parameters: AkpParameters = {
    ...set,
    publicKeyBytes: 32,
    secretBytes: 64,
    secretHeader: new Uint8Array(0),
    secretIn: (privateKey) => privateKey,
  };
  // The last quarter is the root of the tree that the rest makes. With another root it would sign
  // what nothing verifies, so the root is made again: as long as making a key takes.
  const fits = (secret: Uint8Array): boolean => {
    if (secret.length !== parameters.secretBytes) return false;
    using again = new SecretBytes(implementation.keygen(plain(secret).subarray(0, 48)).secretKey);
    return timingSafeEqual(again.bytes, secret);
  };
  const forms = akpForms(parameters);
  const noble = nobleBackend({
    name: set.name,
    implementation,
    secretIsSeed: false,
    secretBytes: 64,
    publicKeyBytes: 32,
    fits,
    canRepeat: true,
  });
  return {
    name: set.name,
    securityBits: 128,
    quantumSafe: true,
    experimental: false,
    takesContext: true,
    joseName: set.name,
    signatureBytes: set.signatureBytes,
    forms,
    parts: [],
    backends: [...akpNative(parameters, forms, fits), noble],
  };
}

/** Fast to sign, long signatures. */
export const slhDsa128f = slhDsa({
  name: 'SLH-DSA-SHA2-128f',
  arc: 21,
  signatureBytes: 17088,
  implementation: slh_dsa_sha2_128f,
});

/** Slow to sign, shorter signatures. */
export const slhDsa128s = slhDsa({
  name: 'SLH-DSA-SHA2-128s',
  arc: 20,
  signatureBytes: 7856,
  implementation: slh_dsa_sha2_128s,
});
