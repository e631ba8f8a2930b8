import { choiceProbabilities } from '@sema/algorithms';
import type { Regime } from '@sema/learning';
import { ACTIONS } from '../actions.ts';
import { actionFilters, fuseAmplitudes } from '../fusion.ts';
import { gainProbability } from '../return-bins.ts';
import { fuseEntangled, patternState, REGIME_PATTERNS } from './entanglement-pattern.ts';
import type { PathAnswer } from '../twin-path.ts';

const [SHORT, LONG] = [ACTIONS.indexOf('short'), ACTIONS.indexOf('long')];

/** The algorithms' results without what was made of them. */
export type AlgorithmResults = Pick<PathAnswer, 'prices' | 'prospects' | 'mixture'>;

/**
 * Each algorithm's probability of a gain, in the order of `ALGORITHMS`. LMSR and Hedge give one;
 * of prospect theory it is the preference for long among long and short.
 */
export function algorithmForecasts(
  { prices, prospects, mixture }: AlgorithmResults,
  choiceSensitivity: number,
): Float64Array {
  // Rounding may carry a sum of prices past 1 by an ulp.
  return Float64Array.of(
    Math.min(1, gainProbability(prices)),
    longShare(choicesOf(prospects, choiceSensitivity)),
    Math.min(1, mixture),
  );
}

/**
 * Where costs are so many times what the market moves that neither side has a probability above the
 * smallest double, the sides are chosen among alone: their shares of each other are the same.
 */
function choicesOf(prospects: Float64Array, choiceSensitivity: number): Float64Array {
  const choices = choiceProbabilities(prospects, choiceSensitivity);
  if (choices[SHORT] + choices[LONG] > 0) return choices;
  const sides = Float64Array.of(prospects[SHORT], prospects[LONG]);
  const [short, long] = choiceProbabilities(sides, choiceSensitivity);
  const alone = new Float64Array(ACTIONS.length);
  alone[SHORT] = short;
  alone[LONG] = long;
  return alone;
}

/**
 * The probability of a gain by the fusion before any feedback, without entanglement and with the
 * regime's pattern.
 */
export function fusionForecasts(
  { prices, prospects, mixture }: AlgorithmResults,
  choiceSensitivity: number,
  regime: Regime,
  angle: number,
): readonly [plain: number, entangled: number] {
  const choices = choicesOf(prospects, choiceSensitivity);
  const filters = actionFilters(prices, choices, mixture);
  const selected = patternState(REGIME_PATTERNS[regime], angle);
  const born = (amplitudes: Float64Array): Float64Array => amplitudes.map((a) => a * a);
  return [
    longShare(born(fuseAmplitudes(filters))),
    longShare(born(fuseEntangled(filters, selected))),
  ];
}

/**
 * The preference for long among long and short: a probability of a gain, flat left out; NaN where
 * there is neither.
 */
export function longShare(preferences: Float64Array): number {
  return preferences[LONG] / (preferences[LONG] + preferences[SHORT]);
}
