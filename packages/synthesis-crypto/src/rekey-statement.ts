import { fromBase64url, toBase64url } from './base64url.ts';
import { SynthesisCryptoError } from './errors.ts';
import { parseJws, signJws, verifyJws } from './jws.ts';
import type { GeneralJws } from './jws.ts';
import type { PrivateKey } from './private-key.ts';
import { PublicKey } from './public-key.ts';
import { algorithmOf } from './algorithms/registry.ts';

const TYPE = 'sema-rekey+jwt';

export interface RekeyRequest {
  readonly from: PrivateKey;
  readonly to: PrivateKey;
  /** Seconds since 1970, whole. */
  readonly nowSeconds: number;
  /** The number of this change in the chain of keys, from 1. */
  readonly sequence: number;
}

/**
 * A statement that one key follows another: signed by the old, so that it is allowed, and by the
 * new, so that whoever asks for it holds it. General JSON JWS with the signatures of both.
 *
 * @throws {SynthesisCryptoError} `KEY_MISMATCH` when both are the same; `CLAIMS_INVALID`;
 *   `FORMAT_UNSUPPORTED` for Falcon; `DISPOSED`
 */
export function createRekeyStatement(request: RekeyRequest): GeneralJws {
  const { from, to, nowSeconds, sequence } = request;
  if (from.publicKey.keyId === to.publicKey.keyId) {
    throw new SynthesisCryptoError('KEY_MISMATCH', 'a key cannot follow itself');
  }
  if (!isNatural(nowSeconds) || !isNatural(sequence) || sequence < 1) {
    throw new SynthesisCryptoError('CLAIMS_INVALID', 'the time or the sequence is no whole number');
  }
  const text = statementText(from.publicKey, to.publicKey, nowSeconds, sequence);
  const jws = signJws(TYPE, Buffer.from(text), [...standing(from), ...standing(to)]);
  if (typeof jws === 'string') throw new Error('two signatures have no compact form');
  return jws;
}

export interface RekeyExpectations {
  /** The key that is trusted so far. */
  readonly from: PublicKey;
  readonly nowSeconds: number;
  readonly skewSeconds: number;
  /** The number that must be next, so that an old statement cannot be played again. */
  readonly sequence: number;
}

/** The key to trust from here on, or undefined for anything but a true statement about it. */
export function verifyRekeyStatement(
  jws: unknown,
  expected: RekeyExpectations,
): PublicKey | undefined {
  const parsed = parseJws(jws);
  if (parsed === undefined) return undefined;
  const text = Buffer.from(fromBase64url(parsed.payload)).toString();
  const statement = decoded(text);
  if (statement === undefined) return undefined;
  const { to, issuedAt } = statement;
  // The one text for these keys and numbers, or it is not what was signed.
  if (text !== statementText(expected.from, to, issuedAt, expected.sequence)) return undefined;
  if (to.keyId === expected.from.keyId) return undefined;
  if (issuedAt > expected.nowSeconds + expected.skewSeconds) return undefined;
  const keys = [...standing(expected.from), ...standing(to)];
  return verifyJws(TYPE, parsed, keys) ? to : undefined;
}

function statementText(from: PublicKey, to: PublicKey, iat: number, sequence: number): string {
  const next = { algorithm: to.algorithm, keyId: to.keyId, raw: toBase64url(to.toRaw()) };
  return JSON.stringify({ iat, seq: sequence, from: from.keyId, to: next });
}

function decoded(text: string): { to: PublicKey; issuedAt: number } | undefined {
  try {
    // Each member is checked as it is used, and the whole text is compared afterwards.
    const { iat, to } = JSON.parse(text) as {
      iat?: unknown;
      to?: { algorithm?: unknown; raw?: unknown };
    };
    if (!isNatural(iat) || typeof to?.algorithm !== 'string' || typeof to.raw !== 'string') {
      return undefined;
    }
    const algorithm = algorithmOf(to.algorithm);
    if (algorithm.joseName === undefined && algorithm.parts.length === 0) return undefined;
    return { to: PublicKey.fromRaw(algorithm.name, fromBase64url(to.raw)), issuedAt: iat };
  } catch (error) {
    const isExpected =
      error instanceof SynthesisCryptoError ||
      error instanceof SyntaxError ||
      error instanceof TypeError;
    if (isExpected) return undefined;
    throw error;
  }
}

function standing<Key extends PublicKey | PrivateKey>(key: Key): readonly Key[] {
  // A key and its parts are of one class.
  return key.parts.length > 0 ? (key.parts as readonly Key[]) : [key];
}

function isNatural(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
