import type { CanonicalValue } from '../src/index.ts';

const PREFIX = 'SCB1';

/** The inverse of `canonicalBytes`, from the layout alone: that it exists makes them injective. */
export function decodeCanonical(bytes: Uint8Array): CanonicalValue {
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== PREFIX) throw new Error('prefix');
  const reader = new Reader(bytes, PREFIX.length);
  const value = reader.item();
  if (reader.at !== bytes.length) throw new Error('bytes are left over');
  return value;
}

class Reader {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  item(): CanonicalValue {
    const tag = this.#take(1)[0];
    switch (tag) {
      case 0:
        return null;
      case 1:
        return false;
      case 2:
        return true;
      case 3:
        this.at += 8;
        return this.#view.getFloat64(this.at - 8);
      case 4:
        return this.#magnitude();
      case 5:
        return -this.#magnitude();
      case 6:
        return this.#text();
      case 7:
        return Uint8Array.from(this.#take(this.#uint32()));
      case 8:
        return Array.from({ length: this.#uint32() }, () => this.item());
      case 9: {
        const count = this.#uint32();
        // From entries, because assigning to a key `__proto__` would not make one.
        return Object.fromEntries(
          Array.from({ length: count }, (): [string, CanonicalValue] => [
            this.#text(),
            this.item(),
          ]),
        );
      }
      default:
        throw new Error(`tag ${String(tag)}`);
    }
  }

  #take(count: number): Uint8Array {
    if (this.at + count > this.#bytes.length) throw new Error('bytes are missing');
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  #uint32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4);
  }

  #text(): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      this.#take(this.#uint32()),
    );
  }

  #magnitude(): bigint {
    return this.#take(this.#uint32()).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  }
}
