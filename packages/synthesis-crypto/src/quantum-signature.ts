import { createHash } from 'node:crypto';
import type { AlgorithmName } from './algorithms/algorithm.ts';
import { prefixedItems } from './canonical-bytes.ts';
import { determineCryptographicComplexity, floorLevel } from './cryptographic-complexity.ts';
import type { Situation } from './cryptographic-complexity.ts';
import { calculateEnergyLevel } from './energy-level.ts';
import { SynthesisCryptoError } from './errors.ts';
import { isObject } from './is-object.ts';
import { SECURITY_CLASSES } from './policy.ts';
import type { Policy, SecurityClass } from './policy.ts';
import type { PrivateKey } from './private-key.ts';
import type { PublicKey } from './public-key.ts';
import { requireBytes } from './require-bytes.ts';

/** A signature over a message and over why its strength was chosen. Plain data. */
export interface QuantumDependentSignature {
  readonly policyId: string;
  readonly tokenValue: bigint;
  readonly frequency: bigint;
  readonly class: SecurityClass;
  readonly algorithm: AlgorithmName;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

export interface SignatureRequest {
  readonly tokenValue: bigint;
  readonly frequency: bigint;
  readonly policy: Policy;
  readonly situation?: Situation;
  /** Of an algorithm that the class lists. */
  readonly privateKey: PrivateKey;
}

/**
 * Signs a message with the strength that value and frequency demand. What is signed is the prefix
 * `SQS1` and the canonical items of policy id, n, f, class, algorithm, key id and SHA-512 of the
 * message, so none of them can be changed later.
 *
 * @throws {SynthesisCryptoError} `KEY_MISMATCH` for a key that the class does not list; `DISPOSED`;
 *   `WRONG_TYPE`; and as `determineCryptographicComplexity`.
 */
export function createQuantumDependentSignature(
  message: Uint8Array,
  request: SignatureRequest,
): QuantumDependentSignature {
  requireBytes(message, 'message');
  const { tokenValue, frequency, policy, privateKey } = request;
  const energy = calculateEnergyLevel(tokenValue, frequency);
  const complexity = determineCryptographicComplexity(energy, policy, request.situation);
  if (!complexity.algorithms.includes(privateKey.algorithm)) {
    throw new SynthesisCryptoError(
      'KEY_MISMATCH',
      `class ${complexity.class} is signed with ${complexity.algorithms.join(' or ')}, ` +
        `not ${privateKey.algorithm}`,
    );
  }
  const statement = {
    policyId: policy.id,
    tokenValue,
    frequency,
    class: complexity.class,
    algorithm: privateKey.algorithm,
    keyId: privateKey.publicKey.keyId,
  };
  return { ...statement, signature: privateKey.sign(signedBytes(message, statement)) };
}

/**
 * Whether the signature is this key's over this message, under a policy that is listed, and at
 * least as strong as that policy demands of the stated value and frequency. False otherwise.
 *
 * @throws {SynthesisCryptoError} `WRONG_TYPE` unless the message is a Uint8Array.
 */
export function verifyQuantumSignature(
  message: Uint8Array,
  signature: QuantumDependentSignature,
  publicKey: PublicKey,
  policies: readonly Policy[],
): boolean {
  requireBytes(message, 'message');
  if (!isObject(signature)) return false;
  const policy = policies.find((candidate) => candidate.id === signature.policyId);
  if (policy === undefined) return false;
  if (signature.algorithm !== publicKey.algorithm || signature.keyId !== publicKey.keyId) {
    return false;
  }
  try {
    const energy = calculateEnergyLevel(signature.tokenValue, signature.frequency);
    const level = SECURITY_CLASSES.indexOf(signature.class);
    if (level < floorLevel(energy, policy)) return false;
    if (!policy.algorithms[signature.class].includes(signature.algorithm)) return false;
    return publicKey.verify(signedBytes(message, signature), signature.signature);
  } catch (error) {
    // The statement came with the signature: one that makes no sense is one that does not verify.
    if (error instanceof SynthesisCryptoError) return false;
    throw error;
  }
}

function signedBytes(
  message: Uint8Array,
  statement: Omit<QuantumDependentSignature, 'signature'>,
): Uint8Array {
  return prefixedItems('SQS1', [
    statement.policyId,
    statement.tokenValue,
    statement.frequency,
    statement.class,
    statement.algorithm,
    statement.keyId,
    createHash('sha512').update(message).digest(),
  ]);
}
