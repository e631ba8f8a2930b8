import type { Algorithm, AlgorithmName, Backend, BackendName } from './algorithm.ts';
import { ALGORITHM_NAMES } from './algorithm.ts';
import { ecdsaP256 } from './ecdsa-p256.ts';
import { ecdsaSecp256k1 } from './ecdsa-secp256k1.ts';
import { ed25519 } from './ed25519.ts';
import { falcon1024, falcon512 } from './falcon.ts';
import { mlDsa44, mlDsa65, mlDsa87 } from './ml-dsa.ts';
import { ed25519MlDsa65, ed25519MlDsa87 } from './pair.ts';
import { rsaPss2048, rsaPss3072 } from './rsa-pss.ts';
import { slhDsa128f, slhDsa128s } from './slh-dsa.ts';
import { SynthesisCryptoError } from '../errors.ts';

const ALGORITHMS: Readonly<Record<AlgorithmName, Algorithm>> = {
  Ed25519: ed25519,
  ES256K: ecdsaSecp256k1,
  ES256: ecdsaP256,
  'PS256-2048': rsaPss2048,
  'PS256-3072': rsaPss3072,
  'ML-DSA-44': mlDsa44,
  'ML-DSA-65': mlDsa65,
  'ML-DSA-87': mlDsa87,
  'SLH-DSA-SHA2-128f': slhDsa128f,
  'SLH-DSA-SHA2-128s': slhDsa128s,
  'Falcon-512': falcon512,
  'Falcon-1024': falcon1024,
  'Ed25519+ML-DSA-65': ed25519MlDsa65,
  'Ed25519+ML-DSA-87': ed25519MlDsa87,
};

/** @throws {SynthesisCryptoError} `ALGORITHM_UNKNOWN` */
export function algorithmOf(name: string): Algorithm {
  if (!Object.hasOwn(ALGORITHMS, name)) {
    throw new SynthesisCryptoError('ALGORITHM_UNKNOWN', 'the name is no algorithm of this package');
  }
  // Just checked.
  return ALGORITHMS[name as AlgorithmName];
}

/**
 * The backend of that name, or the best.
 *
 * @throws {SynthesisCryptoError} `BACKEND_UNAVAILABLE`
 */
export function backendOf(algorithm: Algorithm, name: BackendName | undefined): Backend {
  const found = name
    ? algorithm.backends.find((backend) => backend.name === name)
    : algorithm.backends[0];
  if (found === undefined) {
    throw new SynthesisCryptoError(
      'BACKEND_UNAVAILABLE',
      `${algorithm.name} has no backend '${name}' on this machine`,
    );
  }
  return found;
}

export interface Capability {
  readonly algorithm: AlgorithmName;
  /** What runs when nothing else is asked for. */
  readonly backend: BackendName;
  readonly backends: readonly BackendName[];
  /** For a pair: what runs each part. */
  readonly parts: readonly { readonly algorithm: AlgorithmName; readonly backend: BackendName }[];
  readonly securityBits: number;
  readonly quantumSafe: boolean;
  readonly experimental: boolean;
  readonly signatureBytes: number;
}

/** What this machine can do and which code does it, one entry for every algorithm. */
export function capabilities(): readonly Capability[] {
  return ALGORITHM_NAMES.map((name) => {
    const algorithm = ALGORITHMS[name];
    const { securityBits, quantumSafe, experimental, signatureBytes, parts } = algorithm;
    return {
      algorithm: name,
      backend: algorithm.backends[0].name,
      backends: algorithm.backends.map((backend) => backend.name),
      parts: parts.map((part) => ({ algorithm: part.name, backend: part.backends[0].name })),
      securityBits,
      quantumSafe,
      experimental,
      signatureBytes,
    };
  });
}
