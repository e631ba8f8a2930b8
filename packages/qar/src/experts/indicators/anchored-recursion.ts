import type { CandleWindow } from '../../market-data/candles.ts';

/** A recursion along the candles of a window. */
export interface Recursion {
  /** Forgets everything; candle `index` is where it begins. */
  start(window: CandleWindow, index: number): void;
  /** Goes on to candle `index`, the one after the last. */
  step(window: CandleWindow, index: number): void;
}

export interface AnchorRegion {
  /** How many candles at the end of the window matter. */
  readonly lookback: number;
  /** The first of them at which the recursion may start. */
  readonly first: number;
  /** At how many of them it may start, from there on. */
  readonly choices: number;
}

/**
 * Runs a recursion, such as an exponential average, that must depend on the last `lookback` candles
 * only and yet not start over at each.
 *
 * It starts at an anchor: of the first `choices` candles, that whose time has the smallest hash,
 * the latest of equals. As the window moves the anchor stays until it drops out or one with a
 * smaller hash comes in, which happens about twice in `choices` + 1 candles; only then the
 * recursion runs anew. A candle costs O(1) on average, and the state is that of a run over the
 * window from its own anchor, bit for bit. The hash spreads anchors whatever the calendar of the
 * market is.
 *
 * @see Schleimer, Wilkerson & Aiken (2003), Winnowing: local algorithms for document fingerprinting
 */
export class AnchoredRecursion {
  readonly #recursion: Recursion;
  readonly #region: AnchorRegion;
  /** Candles since the anchor, −1 before the first. */
  #age = -1;

  constructor(recursion: Recursion, region: AnchorRegion) {
    this.#recursion = recursion;
    this.#region = region;
  }

  /** Takes candle `index`, the one after the last that was taken. */
  take(window: CandleWindow, index: number): void {
    const { lookback, first, choices } = this.#region;
    const from = index + 1 - lookback + first;
    if (from < first) return;
    const { time } = window;
    const anchor = this.#age < 0 ? -1 : index - this.#age - 1;
    const newest = from + choices - 1;
    if (anchor < from) this.#run(window, smallestHash(time, from, newest), index);
    else if (timeHash(time[newest]) <= timeHash(time[anchor])) this.#run(window, newest, index);
    else {
      this.#age++;
      this.#recursion.step(window, index);
    }
  }

  #run(window: CandleWindow, anchor: number, index: number): void {
    this.#recursion.start(window, anchor);
    for (let i = anchor + 1; i <= index; i++) this.#recursion.step(window, i);
    this.#age = index - anchor;
  }
}

function smallestHash(time: Float64Array, from: number, to: number): number {
  let found = from;
  let smallest = timeHash(time[from]);
  for (let i = from + 1; i <= to; i++) {
    const hash = timeHash(time[i]);
    if (hash > smallest) continue;
    smallest = hash;
    found = i;
  }
  return found;
}

const TWO_32 = 4_294_967_296;

/** 32 bits of a time in ms, mixed by the finaliser of MurmurHash3 (Appleby, 2011). */
function timeHash(time: number): number {
  let hash = (time | 0) ^ Math.imul(Math.floor(time / TWO_32), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
