import type { Candle, SessionStore } from '@sema/qar';

/** A session's store that counts what it is given and keeps none of it but the last snapshot. */
export class DiscardingStore implements SessionStore {
  #lines = 0;
  #snapshot: Uint8Array | undefined;

  /** Journal lines, the header included. */
  get linesTaken(): number {
    return this.#lines;
  }

  candles(): readonly Candle[] {
    return [];
  }

  journal(): readonly string[] {
    return [];
  }

  snapshot(): Uint8Array | undefined {
    return this.#snapshot;
  }

  appendCandle(): void {
    // Nobody reads them again.
  }

  appendLine(): void {
    this.#lines++;
  }

  writeSnapshot(bytes: Uint8Array): void {
    this.#snapshot = bytes;
  }
}
