import { fromBase64url, toBase64url } from './base64url.ts';
import { determineCryptographicComplexity, floorLevel } from './cryptographic-complexity.ts';
import type { Situation } from './cryptographic-complexity.ts';
import { calculateEnergyLevel } from './energy-level.ts';
import { SynthesisCryptoError } from './errors.ts';
import { parseJws, signJws, verifyJws } from './jws.ts';
import type { Jws, ParsedJws } from './jws.ts';
import { monadHash } from './monad-hash.ts';
import { SECURITY_CLASSES } from './policy.ts';
import type { Policy } from './policy.ts';
import type { PrivateKey } from './private-key.ts';
import type { PublicKey } from './public-key.ts';
import type { ReplayGuard } from './replay-guard.ts';
import { claimedEnergy, decodeClaims, encodeClaims } from './token-claims.ts';
import type { TokenClaims } from './token-claims.ts';

const TYPE = 'sema-token+jwt';

export interface TokenRequest {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly tokenValue: bigint;
  readonly frequency: bigint;
  readonly policy: Policy;
  readonly situation?: Situation;
  /** Of an algorithm that the class lists. */
  readonly privateKey: PrivateKey;
  /** Seconds since 1970, whole. */
  readonly nowSeconds: number;
  /** At least 1. */
  readonly lifetimeSeconds: number;
  /** The token that this one follows: same chain, next number, carrying its hash. */
  readonly previous?: AdaptiveToken;
}

export interface AdaptiveToken {
  /** Compact JWS for one signature, general JSON for a pair's two. */
  readonly jws: Jws;
  readonly claims: TokenClaims;
  /** What the next token of the chain carries as `prev`. */
  readonly hash: string;
}

/**
 * A signed statement of an energy, the class it demands and the key of that class, as a standard
 * JWS with the claims of a JWT. Immutable: when value or frequency change, make the next token of
 * the chain with `previous`, under a key of the new class.
 *
 * @throws {SynthesisCryptoError} `KEY_MISMATCH` for a key that the class does not list;
 *   `CLAIMS_INVALID`; `FORMAT_UNSUPPORTED`; `DISPOSED`; and as `determineCryptographicComplexity`.
 * @see RFC 7515, RFC 7519
 */
export function createAdaptiveToken(request: TokenRequest): AdaptiveToken {
  const { policy, privateKey, previous, nowSeconds, lifetimeSeconds } = request;
  const energy = calculateEnergyLevel(request.tokenValue, request.frequency);
  const complexity = determineCryptographicComplexity(energy, policy, {
    ...(previous === undefined ? {} : { previous: previous.claims.class }),
    ...request.situation,
  });
  if (!complexity.algorithms.includes(privateKey.algorithm)) {
    throw new SynthesisCryptoError(
      'KEY_MISMATCH',
      `class ${complexity.class} is signed with ${complexity.algorithms.join(' or ')}, ` +
        `not ${privateKey.algorithm}`,
    );
  }
  if (!(lifetimeSeconds >= 1)) {
    throw new SynthesisCryptoError('CLAIMS_INVALID', 'a token lives for at least one second');
  }
  const claims: TokenClaims = {
    iss: request.issuer,
    sub: request.subject,
    aud: request.audience,
    iat: nowSeconds,
    exp: nowSeconds + lifetimeSeconds,
    jti: toBase64url(crypto.getRandomValues(new Uint8Array(16))),
    policy: policy.id,
    tokenValue: String(request.tokenValue),
    frequency: String(request.frequency),
    energy: String(energy),
    class: complexity.class,
    algorithm: privateKey.algorithm,
    keyId: privateKey.publicKey.keyId,
    seq: previous === undefined ? 0 : previous.claims.seq + 1,
    prev: previous?.hash ?? '',
  };
  const { parts } = privateKey;
  const jws = signJws(TYPE, encodeClaims(claims), parts.length > 0 ? parts : [privateKey]);
  return { jws, claims, hash: hashOf(claims) };
}

export interface TokenExpectations {
  /** The policies that are known; a token of any other, a newer one too, is refused. */
  readonly policies: readonly Policy[];
  /** The key of that id, if it is trusted for that issuer. */
  readonly findKey: (keyId: string, issuer: string) => PublicKey | undefined;
  readonly audience: string;
  readonly nowSeconds: number;
  /** How far clocks may differ, at most 600. */
  readonly skewSeconds: number;
  /** Refuses a token that was taken before. Without one a token may be used until it expires. */
  readonly replayGuard?: ReplayGuard;
  /** The token that this one must follow. */
  readonly previous?: AdaptiveToken;
}

export type TokenRefusal =
  | 'MALFORMED'
  | 'POLICY_UNKNOWN'
  | 'KEY_UNKNOWN'
  | 'SIGNATURE_INVALID'
  | 'CLASS_TOO_LOW'
  | 'AUDIENCE_MISMATCH'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'SEQUENCE_BROKEN'
  | 'REPLAYED'
  | 'REPLAY_GUARD_FULL';

export type TokenVerdict =
  | { readonly valid: true; readonly token: AdaptiveToken }
  | { readonly valid: false; readonly reason: TokenRefusal };

const MAX_SKEW_SECONDS = 600;

/**
 * Whether a token is genuine, strong enough, for us, in time, in sequence and new. Whatever is
 * handed in as a token, the answer is a verdict.
 *
 * @throws {SynthesisCryptoError} `CLAIMS_INVALID` for expectations that make no sense.
 */
export function verifyAdaptiveToken(jws: unknown, expected: TokenExpectations): TokenVerdict {
  const { nowSeconds, skewSeconds } = expected;
  const isSkew = skewSeconds >= 0 && skewSeconds <= MAX_SKEW_SECONDS;
  if (!Number.isFinite(nowSeconds) || !isSkew) {
    throw new SynthesisCryptoError('CLAIMS_INVALID', 'the time, or the skew, makes no sense');
  }
  const parsed = parseJws(jws);
  const claims = parsed && decodeClaims(fromBase64url(parsed.payload));
  if (claims === undefined) return { valid: false, reason: 'MALFORMED' };
  // The signature comes first of what tells anything, the replay guard last: only it remembers.
  const reason =
    signatureRefusal(parsed, claims, expected) ??
    claimRefusal(claims, expected) ??
    replayRefusal(claims, expected);
  if (reason !== undefined) return { valid: false, reason };
  // Parsed, so a text or an object of this form.
  return { valid: true, token: { jws: jws as Jws, claims, hash: hashOf(claims) } };
}

function signatureRefusal(
  parsed: ParsedJws | undefined,
  claims: TokenClaims,
  { policies, findKey }: TokenExpectations,
): TokenRefusal | undefined {
  const policy = policies.find(({ id }) => id === claims.policy);
  if (policy === undefined) return 'POLICY_UNKNOWN';
  const key = findKey(claims.keyId, claims.iss);
  if (key?.keyId !== claims.keyId || key.algorithm !== claims.algorithm) return 'KEY_UNKNOWN';
  const energy = claimedEnergy(claims);
  if (energy === undefined) return 'MALFORMED';
  const isStrong =
    SECURITY_CLASSES.indexOf(claims.class) >= floorLevel(energy, policy) &&
    policy.algorithms[claims.class].includes(key.algorithm);
  if (!isStrong) return 'CLASS_TOO_LOW';
  const keys = key.parts.length > 0 ? key.parts : [key];
  const isSigned = parsed !== undefined && verifyJws(TYPE, parsed, keys);
  return isSigned ? undefined : 'SIGNATURE_INVALID';
}

function claimRefusal(
  claims: TokenClaims,
  { audience, nowSeconds, skewSeconds, previous }: TokenExpectations,
): TokenRefusal | undefined {
  if (claims.aud !== audience) return 'AUDIENCE_MISMATCH';
  if (claims.iat > nowSeconds + skewSeconds) return 'NOT_YET_VALID';
  if (claims.exp + skewSeconds <= nowSeconds) return 'EXPIRED';
  if (previous === undefined) return undefined;
  const follows = claims.seq === previous.claims.seq + 1 && claims.prev === previous.hash;
  return follows ? undefined : 'SEQUENCE_BROKEN';
}

function replayRefusal(
  { jti, exp, keyId }: TokenClaims,
  { replayGuard, nowSeconds, skewSeconds }: TokenExpectations,
): TokenRefusal | undefined {
  const claim = replayGuard?.claim(`${keyId}.${jti}`, exp + skewSeconds, nowSeconds);
  if (claim === 'seen') return 'REPLAYED';
  return claim === 'full' ? 'REPLAY_GUARD_FULL' : undefined;
}

/** Of what was said, not of the signature: signing again does not make it another token. */
function hashOf(claims: TokenClaims): string {
  return monadHash('sema.token.v1', { ...claims });
}
