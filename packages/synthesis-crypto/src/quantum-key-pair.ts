import type { AlgorithmName } from './algorithms/algorithm.ts';
import { determineCryptographicComplexity } from './cryptographic-complexity.ts';
import type { CryptographicComplexity, Situation } from './cryptographic-complexity.ts';
import { calculateEnergyLevel } from './energy-level.ts';
import { SynthesisCryptoError } from './errors.ts';
import type { Policy } from './policy.ts';
import { PrivateKey } from './private-key.ts';

/** Where fresh keys come from, such as a `KeyPool`. Each key is handed out once. */
export interface KeySource {
  take(algorithm: AlgorithmName): PrivateKey;
}

export interface KeyPairRequest {
  readonly tokenValue: bigint;
  readonly frequency: bigint;
  readonly policy: Policy;
  readonly situation?: Situation;
  /** Picks among the class's algorithms, such as `AlgorithmChooser.choose`; else the preferred. */
  readonly choose?: (algorithms: readonly AlgorithmName[]) => AlgorithmName;
  /** Keys made ahead of time; else one is made now. */
  readonly source?: KeySource;
}

export interface QuantumInformedKeyPair {
  readonly complexity: CryptographicComplexity;
  /** The caller's to dispose. */
  readonly privateKey: PrivateKey;
}

/**
 * A fresh key of the class that the value and frequency demand. The two choose the algorithm and
 * have no part in the key, which comes from the platform's random generator each time.
 *
 * @throws {SynthesisCryptoError} as `calculateEnergyLevel` and `determineCryptographicComplexity`;
 *   `ALGORITHM_UNKNOWN` when `choose` leaves the class; `KEY_MISMATCH` when the source's key does.
 */
export function createQuantumInformedKeyPair(request: KeyPairRequest): QuantumInformedKeyPair {
  const energy = calculateEnergyLevel(request.tokenValue, request.frequency);
  const complexity = determineCryptographicComplexity(energy, request.policy, request.situation);
  const algorithm = request.choose?.(complexity.algorithms) ?? complexity.algorithms[0];
  if (!complexity.algorithms.includes(algorithm)) {
    throw new SynthesisCryptoError('ALGORITHM_UNKNOWN', 'the choice is not one of the class');
  }
  const privateKey = request.source?.take(algorithm) ?? PrivateKey.generate(algorithm);
  if (privateKey.algorithm !== algorithm) {
    throw new SynthesisCryptoError('KEY_MISMATCH', 'the source gave a key of another algorithm');
  }
  return { complexity, privateKey };
}
