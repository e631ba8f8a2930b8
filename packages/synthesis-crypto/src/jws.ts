import { fromBase64url, toBase64url } from './base64url.ts';
import { SynthesisCryptoError } from './errors.ts';
import type { AlgorithmName } from './algorithms/algorithm.ts';
import { algorithmOf } from './algorithms/registry.ts';
import type { PrivateKey } from './private-key.ts';
import type { PublicKey } from './public-key.ts';

/** RFC 7515, §7.2.1. */
export interface GeneralJws {
  readonly payload: string;
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}

/** Compact for one signature, general JSON for several. */
export type Jws = string | GeneralJws;

export interface ParsedJws {
  readonly payload: string;
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}

const MAX_SIGNATURES = 4;
/** Of one part in base64url: SLH-DSA's signature takes 22 784. */
const MAX_PART = 65536;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

/**
 * Signs a payload with every key given, each over its own protected header {alg, kid, typ}.
 *
 * @throws {SynthesisCryptoError} `FORMAT_UNSUPPORTED` for an algorithm without a name in JOSE;
 *   `TOO_LARGE` for a payload over 48 kB; `DISPOSED`
 */
export function signJws(type: string, payload: Uint8Array, keys: readonly PrivateKey[]): Jws {
  const text = toBase64url(payload);
  if (text.length > MAX_PART) {
    throw new SynthesisCryptoError('TOO_LARGE', `a payload has at most 48 kB, not ${text.length}`);
  }
  const signatures = keys.map((key) => {
    const header = headerText(type, key.publicKey);
    const input = Buffer.from(`${header}.${text}`);
    return { protected: header, signature: toBase64url(key.sign(input)) };
  });
  const [first, ...rest] = signatures;
  if (rest.length > 0) return { payload: text, signatures };
  return `${first.protected}.${text}.${first.signature}`;
}

/** The parts, or undefined for anything that is no JWS of ours in form. Never throws. */
export function parseJws(jws: unknown): ParsedJws | undefined {
  if (typeof jws === 'string') {
    if (jws.length > 3 * MAX_PART) return undefined;
    const [header, payload, signature, ...rest] = jws.split('.');
    if (signature === undefined || rest.length > 0) return undefined;
    return checked(payload, [{ protected: header, signature }]);
  }
  const payload = ownValue(jws, 'payload');
  const signatures = ownValue(jws, 'signatures');
  if (!Array.isArray(signatures) || signatures.length > MAX_SIGNATURES) return undefined;
  return checked(
    payload,
    signatures.map((entry: unknown) => ({
      protected: ownValue(entry, 'protected'),
      signature: ownValue(entry, 'signature'),
    })),
  );
}

/** Whether the signatures are exactly these keys', in order, over headers of this type. */
export function verifyJws(type: string, jws: ParsedJws, keys: readonly PublicKey[]): boolean {
  if (jws.signatures.length !== keys.length || keys.length === 0) return false;
  const verdicts = keys.map((key, index) => {
    const { protected: header, signature } = jws.signatures[index];
    // The one header that this key writes: no other algorithm, `crit`, `b64` or embedded key.
    if (header !== headerText(type, key)) return false;
    return key.verify(Buffer.from(`${header}.${jws.payload}`), fromBase64url(signature));
  });
  return verdicts.every(Boolean);
}

/** The algorithm's name in JOSE. @throws `FORMAT_UNSUPPORTED` */
function joseNameOf(name: AlgorithmName): string {
  const { joseName } = algorithmOf(name);
  if (joseName === undefined) {
    throw new SynthesisCryptoError('FORMAT_UNSUPPORTED', `${name} has no name in JOSE`);
  }
  return joseName;
}

function headerText(type: string, key: PublicKey): string {
  const header = { alg: joseNameOf(key.algorithm), kid: key.keyId, typ: type };
  return toBase64url(Buffer.from(JSON.stringify(header)));
}

function checked(
  payload: unknown,
  signatures: readonly { protected: unknown; signature: unknown }[],
): ParsedJws | undefined {
  const parts = signatures.map(({ protected: header, signature }) =>
    isPart(header) && isPart(signature) ? { protected: header, signature } : undefined,
  );
  if (!isPart(payload)) return undefined;
  const whole = parts.filter((part) => part !== undefined);
  return whole.length === parts.length && whole.length > 0
    ? { payload, signatures: whole }
    : undefined;
}

function isPart(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > MAX_PART || !BASE64URL.test(text)) return false;
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}

function ownValue(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}
