export { fromBase64url, toBase64url } from './base64url.ts';
export { canonicalBytes, MAX_CANONICAL_BYTES, MAX_CANONICAL_DEPTH } from './canonical-bytes.ts';
export type { CanonicalValue } from './canonical-bytes.ts';
export { SynthesisCryptoError } from './errors.ts';
export type { SynthesisCryptoErrorCode } from './errors.ts';
export { monadHash } from './monad-hash.ts';
export { SigningKey } from './signing-key.ts';
export { MAX_MESSAGE_BYTES, VerifyingKey } from './verifying-key.ts';
