/** Bytes in the WebAssembly binary format, growing as they are written. */
export class Bytes {
  #buffer = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A view of what was written so far, valid until more is. */
  get view(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#buffer.length) this.#grow(1);
    this.#buffer[this.#length++] = value;
  }

  all(values: ArrayLike<number>): void {
    if (this.#length + values.length > this.#buffer.length) this.#grow(values.length);
    this.#buffer.set(values, this.#length);
    this.#length += values.length;
  }

  /** LEB128 of an integer in [0, 2^32). */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of an integer in [−2^31, 2^31). */
  signed(value: number): void {
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  float64(value: number): void {
    this.all(new Uint8Array(Float64Array.of(value).buffer));
  }

  name(text: string): void {
    this.unsigned(text.length);
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  /** `content` with its length before it. */
  sized(content: Bytes): void {
    this.unsigned(content.length);
    this.all(content.view);
  }

  #grow(room: number): void {
    const larger = new Uint8Array(2 * (this.#buffer.length + room));
    larger.set(this.view);
    this.#buffer = larger;
  }
}
