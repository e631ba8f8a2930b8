import type { Candles } from '@sema/qar';
import type { BlobStore } from '@sema/qar/ports';
import { decodeCandles } from './candle-blob.ts';
import { candlesName } from './sweep-task.ts';

/** The candles that this machine's workers are busy with, read once for all of them. */
export class CandleShelf {
  readonly #blobs: BlobStore;
  #last: { readonly hash: string; readonly candles: Promise<Candles> } | undefined;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /**
   * The candles of a hash, checked against it.
   *
   * @throws {PortError} `UNAVAILABLE`; {Error} where they are not there or are not those.
   */
  async take(hash: string): Promise<Candles> {
    if (this.#last?.hash !== hash) this.#last = { hash, candles: this.#read(hash) };
    const { candles } = this.#last;
    try {
      return await candles;
    } catch (error) {
      // The next one tries again.
      if (this.#last.candles === candles) this.#last = undefined;
      throw error;
    }
  }

  async #read(hash: string): Promise<Candles> {
    const bytes = await this.#blobs.get(candlesName(hash));
    if (bytes === undefined) throw new Error(`the candles ${hash} are not there`);
    const candles = decodeCandles(bytes, hash);
    if (candles === undefined) throw new Error(`the candles ${hash} are not those of their name`);
    return candles;
  }
}
