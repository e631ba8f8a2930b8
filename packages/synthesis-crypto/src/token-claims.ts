import { SynthesisCryptoError } from './errors.ts';
import { calculateEnergyLevel } from './energy-level.ts';
import { SECURITY_CLASSES } from './policy.ts';
import type { SecurityClass } from './policy.ts';

/**
 * What an adaptive token says, in the order in which it is written. Energies are decimal texts,
 * because JSON's numbers end at 2^53. Names of one to four letters are those of RFC 7519.
 */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  /** 128 random bits, base64url. */
  readonly jti: string;
  readonly policy: string;
  readonly tokenValue: string;
  readonly frequency: string;
  readonly energy: string;
  readonly class: SecurityClass;
  readonly algorithm: string;
  readonly keyId: string;
  /** 0 for the first token of a chain. */
  readonly seq: number;
  /** The hash of the token before, or the empty text for the first. */
  readonly prev: string;
}

const MAX_TEXT = 256;
const NATURAL = /^(0|[1-9]\d{0,616})$/;
const HASH = /^[0-9a-f]{64}$/;

const RULES: Readonly<Record<keyof TokenClaims, (value: unknown) => boolean>> = {
  iss: isText,
  sub: isText,
  aud: isText,
  iat: isNatural,
  exp: isNatural,
  jti: isText,
  policy: (value) => typeof value === 'string' && HASH.test(value),
  tokenValue: isDigits,
  frequency: isDigits,
  energy: isDigits,
  class: (value) => SECURITY_CLASSES.some((name) => name === value),
  algorithm: isText,
  keyId: isText,
  seq: isNatural,
  prev: (value) => value === '' || (typeof value === 'string' && HASH.test(value)),
};

/** The JSON text of claims. @throws {SynthesisCryptoError} `CLAIMS_INVALID` */
export function encodeClaims(claims: TokenClaims): Uint8Array {
  const wrong = wrongClaim({ ...claims });
  if (wrong !== undefined) {
    throw new SynthesisCryptoError('CLAIMS_INVALID', `the claim '${wrong}' is not of its form`);
  }
  return Buffer.from(JSON.stringify(inOrder(claims)));
}

/** Claims from the text that {@link encodeClaims} gives and from no other, or undefined. */
export function decodeClaims(bytes: Uint8Array): TokenClaims | undefined {
  const text = Buffer.from(bytes).toString();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || wrongClaim(parsed) !== undefined) {
    return undefined;
  }
  // Every member has just been checked.
  const claims = inOrder(parsed as TokenClaims);
  // Its only spelling: no member twice, none beside these, no other order, no white space.
  return JSON.stringify(claims) === text ? claims : undefined;
}

/** The energy, or undefined unless it is the product that the claims say it is. */
export function claimedEnergy(claims: TokenClaims): bigint | undefined {
  const [n, f] = [BigInt(claims.tokenValue), BigInt(claims.frequency)];
  try {
    const energy = calculateEnergyLevel(n, f);
    return String(energy) === claims.energy ? energy : undefined;
  } catch (error) {
    if (error instanceof SynthesisCryptoError) return undefined;
    throw error;
  }
}

function wrongClaim(claims: object): string | undefined {
  const failed = Object.entries(RULES).find(
    ([name, isRight]) => !isRight(Object.getOwnPropertyDescriptor(claims, name)?.value),
  );
  return failed?.[0];
}

function inOrder(claims: TokenClaims): TokenClaims {
  // The rules name every claim once.
  const names = Object.keys(RULES) as (keyof TokenClaims)[];
  return Object.fromEntries(names.map((name) => [name, claims[name]])) as unknown as TokenClaims;
}

function isText(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= MAX_TEXT &&
    !/\p{Surrogate}/u.test(value)
  );
}

function isNatural(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Products of numbers below 2^1024 have up to 617 digits. */
function isDigits(value: unknown): boolean {
  return typeof value === 'string' && NATURAL.test(value);
}
