import type { MonadHasher } from '@sema/synthesis-crypto';
import type { CandleWindow } from './market-data/candles.ts';

/** Hash of the window's columns, little-endian doubles. O(window). */
export function windowHash(hasher: MonadHasher, window: CandleWindow): string {
  return hasher.hash('sema/window/v1', windowColumns(window));
}

/** The window's columns as bytes, not copied, named in the order in which they are hashed. */
export function windowColumns(window: CandleWindow) {
  return {
    close: bytesOf(window.close),
    high: bytesOf(window.high),
    low: bytesOf(window.low),
    open: bytesOf(window.open),
    time: bytesOf(window.time),
    volume: bytesOf(window.volume),
  };
}

function bytesOf(column: Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
