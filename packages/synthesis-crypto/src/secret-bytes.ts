/**
 * Secret bytes with one owner, zero once it lets go, however its scope ends. The array given is
 * taken over, not copied.
 */
export class SecretBytes implements Disposable {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Zeroes the bytes. Safe to call again. */
  [Symbol.dispose](): void {
    this.bytes.fill(0);
  }
}
