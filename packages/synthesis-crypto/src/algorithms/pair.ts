import { createHash, createSecretKey } from 'node:crypto';
import type { Algorithm, AlgorithmName, Backend, Signer } from './algorithm.ts';
import { ed25519 } from './ed25519.ts';
import { mlDsa65, mlDsa87 } from './ml-dsa.ts';
import { SynthesisCryptoError } from '../errors.ts';
import { SecretBytes } from '../secret-bytes.ts';

interface Part {
  readonly algorithm: Algorithm;
  readonly publicKeyBytes: number;
  readonly secretBytes: number;
}

/**
 * Two algorithms of which both must verify, so that a forger has to break both. Keys and
 * signatures are those of the parts, one after another. What each part signs begins with the
 * pair's name and the hash of both public keys, so no part's signature means anything outside.
 *
 *   "SSP1"  u8 length of the name, the name  SHA-256 of both public keys  the message
 */
function pair(name: AlgorithmName, parts: readonly Part[]): Algorithm {
  const algorithms = parts.map((part) => part.algorithm);
  return {
    name,
    securityBits: Math.max(...algorithms.map((algorithm) => algorithm.securityBits)),
    quantumSafe: algorithms.some((algorithm) => algorithm.quantumSafe),
    experimental: false,
    takesContext: false,
    joseName: undefined,
    signatureBytes: algorithms.reduce((sum, { signatureBytes }) => sum + signatureBytes, 0),
    forms: undefined,
    parts: algorithms,
    backends: [pairBackend(name, parts)],
  };
}

function pairBackend(name: AlgorithmName, parts: readonly Part[]): Backend {
  const [first] = parts;
  const backends = parts.map(({ algorithm }) => algorithm.backends[0]);
  const fromSecret = (secret: Uint8Array): Signer => {
    const wanted = parts.reduce((sum, { secretBytes }) => sum + secretBytes, 0);
    if (secret.length !== wanted) {
      throw new SynthesisCryptoError(
        'SECRET_KEY_INVALID',
        `a secret key of ${name} has ${wanted} bytes, not ${secret.length}`,
      );
    }
    const [left, right] = split(secret, first.secretBytes);
    const [one, other] = backends;
    return pairSigner(name, [one.signer(left), other.signer(right)]);
  };
  return {
    name: 'pair',
    generate: () =>
      pairSigner(
        name,
        backends.map((backend) => backend.generate()),
      ),
    signer: fromSecret,
    adopt(key) {
      if (key.type !== 'secret') {
        throw new SynthesisCryptoError('SECRET_KEY_INVALID', `not a key handle of ${name}`);
      }
      using secret = new SecretBytes(key.export());
      return fromSecret(secret.bytes);
    },
    verifier(publicKey) {
      const halves = split(publicKey, first.publicKeyBytes);
      if (halves[1].length !== parts[1].publicKeyBytes) {
        throw new SynthesisCryptoError('PUBLIC_KEY_INVALID', `not a public key of ${name}`);
      }
      const verifiers = backends.map((backend, index) => backend.verifier(halves[index]));
      const prefix = prefixOf(name, publicKey);
      return {
        verify(message, signature, context) {
          const bound = Buffer.concat([prefix, message]);
          const signatures = split(signature, first.algorithm.signatureBytes);
          // Every part is asked, so the time does not tell which one refused.
          const verdicts = verifiers.map((verifier, index) =>
            verifier.verify(bound, signatures[index], context),
          );
          return verdicts.every(Boolean);
        },
      };
    },
  };
}

function pairSigner(name: AlgorithmName, signers: readonly Signer[]): Signer {
  const publicKey = new Uint8Array(Buffer.concat(signers.map((signer) => signer.publicKey)));
  const prefix = prefixOf(name, publicKey);
  const exportSecret = (): Uint8Array => {
    const halves = signers.map((signer) => signer.exportSecret());
    const secret = new Uint8Array(halves.reduce((sum, { length }) => sum + length, 0));
    halves.reduce((at, half) => {
      secret.set(half, at);
      half.fill(0);
      return at + half.length;
    }, 0);
    return secret;
  };
  return {
    publicKey,
    sign(message, options) {
      const bound = Buffer.concat([prefix, message]);
      return new Uint8Array(Buffer.concat(signers.map((signer) => signer.sign(bound, options))));
    },
    exportSecret,
    toKeyObject() {
      using secret = new SecretBytes(exportSecret());
      return createSecretKey(secret.bytes);
    },
    dispose() {
      for (const signer of signers) signer.dispose();
    },
  };
}

function prefixOf(name: string, publicKey: Uint8Array): Uint8Array {
  const hash = createHash('sha256').update(publicKey).digest();
  return Buffer.concat([Buffer.from(`SSP1${String.fromCharCode(name.length)}${name}`), hash]);
}

/** Views of both halves. */
function split(bytes: Uint8Array, at: number): [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

const classical: Part = { algorithm: ed25519, publicKeyBytes: 32, secretBytes: 32 };

export const ed25519MlDsa65 = pair('Ed25519+ML-DSA-65', [
  classical,
  { algorithm: mlDsa65, publicKeyBytes: 1952, secretBytes: 32 },
]);

export const ed25519MlDsa87 = pair('Ed25519+ML-DSA-87', [
  classical,
  { algorithm: mlDsa87, publicKeyBytes: 2592, secretBytes: 32 },
]);
