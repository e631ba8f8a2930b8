import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { PrivateKey, PublicKey, SynthesisCryptoError } from '../src/index.ts';
import type { BackendName } from '../src/index.ts';
import { bytesOfHex, hexOf } from './key-material.ts';
import type { VectorFile, VectorTest } from './wycheproof-files.ts';

/** What one run over a file of vectors came to. */
export interface Verdicts {
  readonly count: number;
  readonly wrong: readonly string[];
}

/** Of a coded refusal, `undefined`; anything else that is thrown is thrown on. */
function orRefused<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof SynthesisCryptoError) return undefined;
    throw error;
  }
}

const contextOf = ({ ctx }: VectorTest): { context?: Uint8Array } =>
  ctx === undefined ? {} : { context: bytesOfHex(ctx) };

export function verifyVectors(vectors: VectorFile, backend: BackendName): Verdicts {
  const wrong: string[] = [];
  let count = 0;
  for (const { publicKey, tests } of vectors.testGroups) {
    const raw = bytesOfHex(typeof publicKey === 'string' ? publicKey : '');
    const key = orRefused(() => PublicKey.fromRaw('ML-DSA-65', raw, { backend }));
    for (const vector of tests) {
      const { tcId, comment, msg = '', sig, result } = vector;
      const verify = () => key?.verify(bytesOfHex(msg), bytesOfHex(sig), contextOf(vector));
      const verdict = orRefused(verify) === true ? 'valid' : 'invalid';
      if (verdict !== result) wrong.push(`${tcId}: ${comment} is ${result}`);
      count += 1;
    }
  }
  return { count, wrong };
}

/**
 * Seeded signing. The noble backend must give the published bytes; the native one draws its hedge
 * itself, so there the published signature must verify and so must a fresh one.
 */
export function signVectors(vectors: VectorFile, backend: BackendName): Verdicts {
  const wrong: string[] = [];
  let count = 0;
  for (const group of vectors.testGroups) {
    const seed = bytesOfHex(group.privateSeed ?? '');
    const key = orRefused(() => PrivateKey.fromRaw('ML-DSA-65', seed, { backend }));
    if (group.publicKey !== null && key !== undefined) {
      if (hexOf(key.publicKey.toRaw()) !== group.publicKey) wrong.push('another public key');
      if (group.privateKeyPkcs8 !== undefined) {
        const der = Buffer.from(group.privateKeyPkcs8, 'hex').toString('base64');
        const pem = `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
        const read = PrivateKey.fromPem('ML-DSA-65', pem, { backend });
        if (read.publicKey.keyId !== key.publicKey.keyId) wrong.push('another key in PKCS#8');
      }
    }
    for (const vector of group.tests) {
      if (!agrees(vector, key, backend)) wrong.push(`${vector.tcId}: ${vector.comment}`);
      count += 1;
    }
  }
  return { count, wrong };
}

function agrees(vector: VectorTest, key: PrivateKey | undefined, backend: BackendName): boolean {
  const published = bytesOfHex(vector.sig);
  const options = contextOf(vector);
  if (vector.result === 'invalid') {
    return key === undefined || orRefused(() => key.sign(new Uint8Array(1), options)) === undefined;
  }
  if (key === undefined) return false;
  if (vector.msg === undefined) {
    // These sign the internal μ, which no interface of ours takes: the library is asked itself.
    const mu = bytesOfHex(vector.mu ?? '');
    return ml_dsa65.internal.verify(published, mu, key.publicKey.toRaw(), { externalMu: true });
  }
  const message = bytesOfHex(vector.msg);
  if (!key.publicKey.verify(message, published, options)) return false;
  const repeatable = backend === 'noble' && vector.rnd === undefined;
  const signed = key.sign(message, { ...options, deterministic: repeatable });
  if (repeatable) return hexOf(signed) === vector.sig;
  return key.publicKey.verify(message, signed, options);
}
