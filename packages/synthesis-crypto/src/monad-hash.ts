import { hash } from 'node:crypto';
import { ByteWriter } from './byte-writer.ts';
import { MAX_CANONICAL_BYTES, writePrefixedItems } from './canonical-bytes.ts';
import type { CanonicalValue } from './canonical-bytes.ts';
import { SynthesisCryptoError } from './errors.ts';

const MAX_DOMAIN_LENGTH = 256;

/**
 * SHA-256, as 64 lower-case hexadecimal digits, of the prefix `SMH1`, the item of the domain and
 * the item of the value, in the layout of `canonicalBytes`.
 *
 * @param domain - what the hash is for, such as `sema.receipt.v1`: 1 to 256 UTF-16 code units. The
 *   same value has unrelated hashes in different domains.
 * @throws {SynthesisCryptoError} `DOMAIN_INVALID`, and what `canonicalBytes` throws.
 * @see FIPS 180-4
 */
export function monadHash(domain: string, value: CanonicalValue): string {
  return new MonadHasher().hash(domain, value);
}

/**
 * Takes one hash after another in the same memory, which grows to the largest value and is not
 * erased: for what is hashed often and is no secret.
 */
export class MonadHasher {
  readonly #writer = new ByteWriter(MAX_CANONICAL_BYTES);

  /** As {@link monadHash}. */
  hash(domain: string, value: CanonicalValue): string {
    if (typeof domain !== 'string' || domain.length < 1 || domain.length > MAX_DOMAIN_LENGTH) {
      throw new SynthesisCryptoError(
        'DOMAIN_INVALID',
        `the domain must be a string of 1 to ${MAX_DOMAIN_LENGTH} characters`,
      );
    }
    const writer = this.#writer;
    writer.clear();
    writePrefixedItems(writer, 'SMH1', [domain, value]);
    return hash('sha256', writer.written(), 'hex');
  }
}
