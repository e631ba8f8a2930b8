import { SynthesisCryptoError } from './errors.ts';

const INITIAL_BYTES = 256;
const FIRST_NON_ASCII = 0x80;

/** Bytes that grow as they are written, up to a limit; numbers are big-endian. */
export class ByteWriter {
  readonly #limit: number;
  #bytes = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** @param limit - the most bytes to hold; one more is `TOO_LARGE`. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes were written. */
  get length(): number {
    return this.#length;
  }

  /** Begins anew in the same memory. */
  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    const start = this.#reserve(1);
    this.#bytes[start] = value;
  }

  uint32(value: number): void {
    const start = this.#reserve(4);
    this.#view.setUint32(start, value);
  }

  /** Replaces four bytes that were written. */
  uint32At(start: number, value: number): void {
    this.#view.setUint32(start, value);
  }

  float64(value: number): void {
    const start = this.#reserve(8);
    this.#view.setFloat64(start, value);
  }

  /** The length, then the bytes. */
  sized(bytes: Uint8Array): void {
    const length = trueLength(bytes);
    this.uint32(length);
    const start = this.#reserve(length);
    this.#bytes.set(bytes, start);
  }

  /** As {@link sized}, of a text's ASCII codes; false, and nothing written, when it has others. */
  sizedAscii(text: string): boolean {
    const before = this.#length;
    this.uint32(text.length);
    let end = this.#reserve(text.length);
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit >= FIRST_NON_ASCII) {
        this.#length = before;
        return false;
      }
      bytes[end] = unit;
      end += 1;
    }
    return true;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.written().slice();
  }

  /** What was written, in memory that the next write may change. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Makes room for `count` more bytes and returns where they begin. It may replace the array, so
   * the fields are read only after it.
   */
  #reserve(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#limit) {
      throw new SynthesisCryptoError('TOO_LARGE', `the bytes would exceed ${this.#limit}`);
    }
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = end;
    return start;
  }
}

/** What every typed array inherits its length from. */
const typedArrays = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** The length that `set` copies, also where a subclass or a property says otherwise. */
function trueLength(bytes: Uint8Array): number {
  return Number(Reflect.get(typedArrays, 'length', bytes));
}
