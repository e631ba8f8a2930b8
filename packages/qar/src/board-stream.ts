import { EXPERTS } from './experts/board.ts';
import { abstain } from './experts/expert.ts';
import type { ExpertStream, Opinion } from './experts/expert.ts';
import type { CandleWindow } from './market-data/candles.ts';
import { ReturnBins } from './return-bins.ts';
import type { ReturnDistribution } from './return-bins.ts';

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
const NOTHING = new Float64Array(0);

/** What is read off a window before anyone votes. */
export interface BoardReading {
  /** In the order of `EXPERTS`. */
  readonly opinions: readonly Opinion[];
  readonly distribution: ReturnDistribution;
}

/**
 * Reads window after window. Where one is the last moved on by a candle, every expert and the
 * return distribution take that candle only; any other is read anew. Both ways give the same bits,
 * so a reading is a function of its window, whatever was read before.
 *
 * Which of the two it is, is not assumed: the numbers that the windows share are compared, because
 * candles may be revised and memory written to. That is O(window) and about a microsecond.
 */
export class BoardStream {
  /** None where the window is too short for the expert. */
  #streams: readonly (ExpertStream | undefined)[] = [];
  #bins: ReturnBins;
  readonly #returnQubits: number;
  /** Copies of the last window's columns; NaN for a number that no candle may have. */
  #columns: readonly Float64Array[] = COLUMNS.map(() => NOTHING);

  /** @param returnQubits - k, for 2^k bins of returns. */
  constructor(returnQubits: number) {
    this.#returnQubits = returnQubits;
    this.#bins = new ReturnBins(256, returnQubits);
  }

  read(window: CandleWindow): BoardReading {
    const last = window.length - 1;
    const goesOn = this.#goesOn(window);
    if (goesOn) {
      for (const stream of this.#streams) stream?.take(window, last);
      this.#bins.take(window, last);
    } else this.#begin(window);
    this.#keep(window, goesOn);
    return {
      opinions: this.#streams.map(
        (stream) => stream?.opinion(window) ?? abstain('NOT_ENOUGH_HISTORY'),
      ),
      distribution: this.#bins.distribution(),
    };
  }

  #begin(window: CandleWindow): void {
    this.#streams = EXPERTS.map((expert) =>
      window.length < expert.lookback ? undefined : expert.stream(window),
    );
    this.#bins = new ReturnBins(window.length, this.#returnQubits);
    for (let index = 0; index < window.length; index++) this.#bins.take(window, index);
  }

  /** NaN equals nothing: after an unsound number every window is read anew until it has left. */
  #goesOn(window: CandleWindow): boolean {
    const { length } = window;
    for (let c = 0; c < COLUMNS.length; c++) {
      const column = window[COLUMNS[c]];
      const before = this.#columns[c];
      if (before.length !== length || Number.isNaN(before[0])) return false;
      for (let i = 1; i < length; i++) if (column[i - 1] !== before[i]) return false;
      if (!isSound(column[length - 1], c)) return false;
    }
    return true;
  }

  /** Keeps the numbers of the window; when it went on, all but the last are there already. */
  #keep(window: CandleWindow, wentOn: boolean): void {
    const { length } = window;
    if (!wentOn) this.#columns = COLUMNS.map((name) => new Float64Array(window[name]));
    for (let c = 0; c < COLUMNS.length; c++) {
      const kept = this.#columns[c];
      if (wentOn) {
        kept.copyWithin(0, 1);
        kept[length - 1] = window[COLUMNS[c]][length - 1];
      } else {
        for (let i = 0; i < length; i++) if (!isSound(kept[i], c)) kept[i] = NaN;
      }
    }
  }
}

/** Whether a candle may have this number in column `c`. */
function isSound(value: number, c: number): boolean {
  const smallest = c === 0 ? -Number.MAX_VALUE : c === 5 ? 0 : Number.MIN_VALUE;
  return value >= smallest && value <= Number.MAX_VALUE;
}
