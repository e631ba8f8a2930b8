import { types } from 'node:util';
import type { Algorithm, Jwk } from './algorithms/algorithm.ts';
import { SynthesisCryptoError } from './errors.ts';

/** Every member that some key of ours has. */
const MEMBERS = [
  ...['kty', 'crv', 'x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq', 'qi', 'alg', 'pub', 'priv'],
];

/**
 * The members of a JSON Web Key that are texts, read without running anything.
 *
 * @throws {SynthesisCryptoError} `JWK_INVALID` unless a plain object whose `alg` agrees, if any.
 */
export function jwkMembers(jwk: unknown, algorithm: Algorithm): Jwk {
  if (typeof jwk !== 'object' || jwk === null || types.isProxy(jwk)) {
    throw new SynthesisCryptoError('JWK_INVALID', 'a JSON Web Key is an object');
  }
  const members: Record<string, string> = {};
  for (const name of MEMBERS) {
    const value: unknown = Object.getOwnPropertyDescriptor(jwk, name)?.value;
    if (typeof value === 'string') members[name] = value;
  }
  const { alg } = members;
  const isEdDsa = alg === 'EdDSA' && algorithm.name === 'Ed25519';
  if (alg !== undefined && alg !== algorithm.joseName && !isEdDsa) {
    throw new SynthesisCryptoError('JWK_INVALID', `the key's alg is not ${algorithm.name}'s`);
  }
  return members;
}
