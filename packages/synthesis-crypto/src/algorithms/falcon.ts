import { falcon1024padded, falcon512padded } from '@noble/post-quantum/falcon.js';
import type { Algorithm } from './algorithm.ts';
import { nobleBackend } from './noble-backend.ts';

/** What an imported key must be able to sign. */
const TRIAL = new Uint8Array(1);

/**
 * Falcon with padded signatures, by the third round's submission to NIST. Experimental: the
 * standard, FIPS 206, is not out, and keys and signatures of this form may never be part of it. So
 * there is no JWK, no DER and no JWS of it here, only raw bytes.
 */
function falcon(
  name: 'Falcon-512' | 'Falcon-1024',
  securityBits: number,
  implementation: typeof falcon512padded,
): Algorithm {
  const { publicKey, secretKey, signature } = implementation.lengths;
  if (publicKey === undefined || secretKey === undefined || signature === undefined) {
    throw new Error('the library states its lengths');
  }
  return {
    name,
    securityBits,
    quantumSafe: true,
    experimental: true,
    takesContext: false,
    joseName: undefined,
    signatureBytes: signature,
    forms: undefined,
    parts: [],
    backends: [
      nobleBackend({
        name,
        implementation,
        secretIsSeed: false,
        secretBytes: secretKey,
        publicKeyBytes: publicKey,
        // Its four polynomials are one basis, or signing fails or gives the secret away.
        fits: (secret) => {
          try {
            const proof = implementation.sign(TRIAL, secret);
            return implementation.verify(proof, TRIAL, implementation.getPublicKey(secret));
          } catch {
            return false;
          }
        },
        canRepeat: false,
      }),
    ],
  };
}

export const falcon512 = falcon('Falcon-512', 128, falcon512padded);
export const falcon1024 = falcon('Falcon-1024', 256, falcon1024padded);
