import type { Comparison, ContenderId } from './comparison.ts';
import { change, percent, ratio, tiny } from './figures.ts';
import type { PerformanceMetrics } from '@sema/qar';

/** What the figures amount to, in words. */
export interface Verdict {
  readonly headline: string;
  readonly sentences: readonly string[];
  /** By total return. */
  readonly beatsBuyAndHold: boolean;
  /** By total return, against holding the share of equity that Sema risked on average. */
  readonly beatsScaledBuyAndHold: boolean;
  readonly equalsTwin: boolean;
}

/**
 * How far apart circuits and closed form may be and still count as the same: a decision passes
 * through some hundred gates, each right to about 1e-16.
 */
const TWIN_TOLERANCE = 1e-9;

/**
 * Says plainly whether Sema beat holding the market, and whether its circuits did what the twin
 * does.
 */
export function verdictOf(comparison: Comparison): Verdict {
  const sema = comparison.sema.metrics;
  const hold = metricsOf(comparison, 'buy-and-hold');
  const scaled = metricsOf(comparison, 'scaled-buy-and-hold');
  const beatsBuyAndHold = sema.totalReturn > hold.totalReturn;
  const beatsScaledBuyAndHold = sema.totalReturn > scaled.totalReturn;
  const equalsTwin =
    comparison.sameEquity && comparison.largestPreferenceDifference <= TWIN_TOLERANCE;
  return {
    headline: headline(sema, beatsBuyAndHold),
    sentences: [
      `Total return: Sema ${change(sema.totalReturn)}, buy and hold ${change(hold.totalReturn)}.`,
      `Return for risk (Sharpe): Sema ${ratio(sema.sharpe)}, buy and hold ${ratio(hold.sharpe)}. ` +
        `Maximum draw-down: ${percent(sema.maximumDrawdown, 2)} and ` +
        `${percent(hold.maximumDrawdown, 2)}.`,
      scaledSentence(sema, scaled, beatsScaledBuyAndHold),
      twinSentence(comparison, equalsTwin),
    ],
    beatsBuyAndHold,
    beatsScaledBuyAndHold,
    equalsTwin,
  };
}

function headline(sema: PerformanceMetrics, beats: boolean): string {
  if (sema.trades === 0) return 'Sema did not trade on this span.';
  return beats
    ? 'Sema beat buy-and-hold on this span.'
    : 'Sema did not beat buy-and-hold on this span.';
}

function scaledSentence(
  sema: PerformanceMetrics,
  scaled: PerformanceMetrics,
  beats: boolean,
): string {
  return (
    `Sema had ${percent(sema.meanExposure, 2)} of its equity in the market on average. ` +
    `Buying that share once and keeping it returned ${change(scaled.totalReturn)}: ` +
    `for the risk it took, Sema did ${beats ? 'better' : 'no better'}.`
  );
}

function twinSentence(comparison: Comparison, equal: boolean): string {
  const apart = tiny(comparison.largestPreferenceDifference);
  return equal
    ? `The circuits and their classical twin decided alike (preferences at most ${apart} apart, ` +
        'the same equity throughout): nothing here is a quantum advantage.'
    : `The circuits and their classical twin did NOT decide alike: their preferences are up to ` +
        `${apart} apart, their equity ${comparison.sameEquity ? 'is the same' : 'differs'}.`;
}

function metricsOf(comparison: Comparison, id: ContenderId): PerformanceMetrics {
  const found = comparison.contenders.find((contender) => contender.id === id);
  if (found === undefined) throw new TypeError(`the comparison has no ${id}`);
  return found.metrics;
}
