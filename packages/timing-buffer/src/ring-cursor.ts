import type { OverwritingRing } from './overwriting-ring.ts';

/**
 * Reads a ring entry by entry, where the entries lie: nothing is copied or allocated.
 *
 * ```ts
 * while (cursor.next()) total += cursor.executionNs;
 * ```
 *
 * What it stands on stays readable until the writer comes round; reading it later throws
 * `ENTRY_UNREADABLE`.
 */
export class RingCursor {
  readonly #ring: OverwritingRing;
  readonly #end: number;
  #sequence: number;
  #lost = 0;

  /**
   * @param start - the first sequence to read.
   * @param end - the sequence to stop before; Infinity follows the writer.
   */
  constructor(ring: OverwritingRing, start: number, end: number) {
    this.#ring = ring;
    this.#end = end;
    this.#sequence = start - 1;
  }

  /** Moves to the next entry that is still there; false, without moving, when there is none yet. */
  next(): boolean {
    const oldest = Math.min(this.#ring.overwritten, this.#end);
    const wanted = this.#sequence + 1;
    if (wanted < oldest) {
      this.#lost += oldest - wanted;
      this.#sequence = oldest - 1;
    }
    if (this.#sequence + 1 >= Math.min(this.#ring.nextSequence, this.#end)) return false;
    this.#sequence += 1;
    return true;
  }

  /** How many entries the writer overwrote before this reader came to them. */
  get lost(): number {
    return this.#lost;
  }

  get sequence(): number {
    return this.#sequence;
  }

  get timestampNs(): number {
    return this.#ring.timestampNs(this.#sequence);
  }

  get coherence(): number {
    return this.#ring.coherence(this.#sequence);
  }

  get executionNs(): number {
    return this.#ring.executionNs(this.#sequence);
  }

  get measurementCount(): number {
    return this.#ring.measurementCount(this.#sequence);
  }

  /** Where the entry's measurements begin in the ring's `measurements`. */
  get measurementOffset(): number {
    return this.#ring.measurementOffset(this.#sequence);
  }
}
