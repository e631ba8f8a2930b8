import { windowAt } from '../market-data/candles.ts';
import type { CandleWindow } from '../market-data/candles.ts';

/**
 * Why an expert has no opinion.
 *
 * - `NO_SIGNAL`: the rule's condition does not hold.
 * - `NOT_ENOUGH_HISTORY`: the window is shorter than the expert's lookback.
 * - `DEGENERATE_WINDOW`: what the rule divides by is zero, below rounding, or not finite.
 * - `NOT_SIGNIFICANT`: the rule's own test cannot tell the signal from chance.
 * - `NO_VOLUME`: the rule weighs volume and there is none.
 * - `OUT_OF_SEASON`: the next candle is outside the part of the calendar that the rule speaks of.
 * - `UNSUITABLE_INTERVAL`: the rule is documented for candles of another length.
 */
export type AbstentionReason =
  | 'NO_SIGNAL'
  | 'NOT_ENOUGH_HISTORY'
  | 'DEGENERATE_WINDOW'
  | 'NOT_SIGNIFICANT'
  | 'NO_VOLUME'
  | 'OUT_OF_SEASON'
  | 'UNSUITABLE_INTERVAL';

/** What an expert expects of the candle after the window. */
export type Opinion =
  | {
      readonly kind: 'opinion';
      /** 1: the next close is above the last one; −1: below. */
      readonly direction: 1 | -1;
      /** In (0, 1]: how far the rule's quantity is from deciding otherwise. Not a probability. */
      readonly strength: number;
    }
  | { readonly kind: 'abstention'; readonly reason: AbstentionReason };

/** An expert that is told every candle once. */
export interface ExpertStream {
  /** Takes candle `index` of the window, the one after the last that was taken. */
  take(window: CandleWindow, index: number): void;
  /** Says what `opine` says, bit for bit, once `lookback` candles of this window were taken. */
  opinion(window: CandleWindow): Opinion;
}

/** One trading rule as a pure function of a window. */
export interface Expert {
  /** Stable and unique: lower-case words joined by hyphens. */
  readonly name: string;
  readonly title: string;
  /** Where the rule and its parameters come from. */
  readonly source: string;
  /** How many candles at the end of the window the rule reads; no earlier one matters. */
  readonly lookback: number;
  /** Total: never throws, never gives NaN. The window's candles must be valid `Candles`. */
  opine(window: CandleWindow): Opinion;
  /**
   * A stream that has taken the last `lookback` candles of a window at least so long. Each further
   * candle costs it O(1), in the window's length and on average.
   */
  stream(window: CandleWindow): ExpertStream;
}

type ExpertParts = Omit<Expert, 'opine' | 'stream'>;

/**
 * An expert whose rule looks at a few candles only, and so needs no memory between them. The rule
 * is asked only when the window is long enough; `from` is the index of the first of the `lookback`
 * candles that it may read.
 */
export function defineExpert(
  parts: ExpertParts & { readonly rule: (window: CandleWindow, from: number) => Opinion },
): Expert {
  const { rule, ...named } = parts;
  const opinion = (window: CandleWindow): Opinion => rule(window, window.length - named.lookback);
  return defineStreamingExpert({
    ...named,
    stream: () => ({ take: () => undefined, opinion }),
  });
}

/** An expert from its stream. To speak on a single window, a new stream takes its last candles. */
export function defineStreamingExpert(
  parts: ExpertParts & { readonly stream: () => ExpertStream },
): Expert {
  const { name, title, source, lookback } = parts;
  const stream = (window: CandleWindow): ExpertStream => {
    const fresh = parts.stream();
    const read = windowAt(window, window.length - 1, lookback);
    for (let index = 0; index < lookback; index++) fresh.take(read, index);
    return fresh;
  };
  return {
    name,
    title,
    source,
    lookback,
    stream,
    opine: (window) =>
      window.length < lookback ? abstain('NOT_ENOUGH_HISTORY') : stream(window).opinion(window),
  };
}

export function abstain(reason: AbstentionReason): Opinion {
  return { kind: 'abstention', reason };
}

/** Scores are ratios of sums of a few hundred terms; a smaller one is what their rounding left. */
const ROUNDING = 1e-12;

/**
 * The opinion that has the sign of `score` and a strength in proportion to it, full at |score| ≥
 * `full`. Zero, to within rounding, is `NO_SIGNAL`, NaN and ±Infinity are a `DEGENERATE_WINDOW`.
 */
export function lean(score: number, full: number): Opinion {
  if (!Number.isFinite(score)) return abstain('DEGENERATE_WINDOW');
  const size = Math.abs(score);
  if (size < ROUNDING) return abstain('NO_SIGNAL');
  return { kind: 'opinion', direction: score > 0 ? 1 : -1, strength: Math.min(1, size / full) };
}

/**
 * The opinion that has the sign of `score` once |score| is over `threshold`; its strength, 1 −
 * threshold / |score|, grows from 0 at the threshold. Otherwise an abstention: `within` the
 * threshold, `DEGENERATE_WINDOW` when the score is NaN or ±Infinity.
 */
export function exceed(score: number, threshold: number, within: AbstentionReason): Opinion {
  if (!Number.isFinite(score)) return abstain('DEGENERATE_WINDOW');
  const size = Math.abs(score);
  if (size <= threshold) return abstain(within);
  return { kind: 'opinion', direction: score > 0 ? 1 : -1, strength: (size - threshold) / size };
}
