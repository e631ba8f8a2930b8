import type { Candle } from '../src/market-data/candle-fault.ts';
import type { Candles } from '../src/market-data/candles.ts';
import type { SessionStore } from '../src/session.ts';

/** A store that outlives its session but not the test. */
export class MemoryStore implements SessionStore {
  readonly #candles: Candle[] = [];
  readonly #lines: string[] = [];
  #snapshot: Uint8Array | undefined;

  candles(): readonly Candle[] {
    return this.#candles;
  }

  journal(): readonly string[] {
    return this.#lines;
  }

  snapshot(): Uint8Array | undefined {
    return this.#snapshot;
  }

  appendCandle(candle: Candle): void {
    this.#candles.push(candle);
  }

  appendLine(line: string): void {
    this.#lines.push(line);
  }

  writeSnapshot(bytes: Uint8Array): void {
    this.#snapshot = bytes;
  }
}

export function candleAt(candles: Candles, index: number): Candle {
  const { time, open, high, low, close, volume } = candles;
  return {
    time: time[index],
    open: open[index],
    high: high[index],
    low: low[index],
    close: close[index],
    volume: volume[index],
  };
}
