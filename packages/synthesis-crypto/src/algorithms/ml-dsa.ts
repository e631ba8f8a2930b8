import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { akpForms, akpNative } from './akp.ts';
import type { AkpParameters } from './akp.ts';
import type { Algorithm } from './algorithm.ts';
import { derHeader, elements, sequence } from './der.ts';
import { nobleBackend } from './noble-backend.ts';

const SEED_BYTES = 32;
const SEED_TAG = 0x80;
const OCTET_STRING = 0x04;

interface ParameterSet {
  readonly name: 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87';
  readonly arc: number;
  readonly securityBits: number;
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;
  readonly implementation: typeof ml_dsa44;
}

/**
 * ML-DSA, pure. The raw secret is the 32-byte seed, which JWK and PKCS#8 carry too; a key that
 * comes as its expanded form alone has no seed and is refused.
 *
 * @see FIPS 204; RFC 9881 (DER); RFC 9964 (JOSE). Bits of security: its category's block cipher.
 */
function mlDsa({ implementation, securityBits, ...set }: ParameterSet): Algorithm {
  const parameters: AkpParameters = {
    ...set,
    secretBytes: SEED_BYTES,
    secretHeader: derHeader(SEED_TAG, SEED_BYTES),
    secretIn: seedOf,
  };
  const forms = akpForms(parameters);
  const noble = nobleBackend({
    name: set.name,
    implementation,
    secretIsSeed: true,
    secretBytes: SEED_BYTES,
    publicKeyBytes: set.publicKeyBytes,
    canRepeat: true,
  });
  return {
    name: set.name,
    securityBits,
    quantumSafe: true,
    experimental: false,
    takesContext: true,
    joseName: set.name,
    signatureBytes: set.signatureBytes,
    forms,
    parts: [],
    backends: [...akpNative(parameters, forms), noble],
  };
}

/** RFC 9881, §6: the seed alone, or a sequence of the seed and the expanded key. */
function seedOf(privateKey: Uint8Array): Uint8Array | undefined {
  const [only] = elements(privateKey) ?? [];
  if (only?.tag === SEED_TAG) return only.content;
  const [seed] = sequence(privateKey) ?? [];
  return seed?.tag === OCTET_STRING ? seed.content : undefined;
}

export const mlDsa44 = mlDsa({
  name: 'ML-DSA-44',
  arc: 17,
  securityBits: 128,
  publicKeyBytes: 1312,
  signatureBytes: 2420,
  implementation: ml_dsa44,
});

export const mlDsa65 = mlDsa({
  name: 'ML-DSA-65',
  arc: 18,
  securityBits: 192,
  publicKeyBytes: 1952,
  signatureBytes: 3309,
  implementation: ml_dsa65,
});

export const mlDsa87 = mlDsa({
  name: 'ML-DSA-87',
  arc: 19,
  securityBits: 256,
  publicKeyBytes: 2592,
  signatureBytes: 4627,
  implementation: ml_dsa87,
});
