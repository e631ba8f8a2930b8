import { checkRange, checkValues, LARGEST_QUANTITY } from './argument-checks.ts';
import { softMaximum } from './soft-maximum.ts';

const VALUE = { from: -LARGEST_QUANTITY, to: LARGEST_QUANTITY };
const SENSITIVITY = { from: 0, to: LARGEST_QUANTITY };

/**
 * The logit (Luce) choice rule: each option is chosen with probability e^{s·vᵢ} / Σ e^{s·vⱼ}. O(n).
 *
 * @param values - of the options, within ±1e300.
 * @param sensitivity - s in [0, 1e300]: 0 chooses evenly, a huge one takes the best, evenly among
 * equals.
 * @returns as many probabilities as values, sum 1.
 * @throws {AlgorithmError} `EMPTY`, `OUT_OF_RANGE`
 */
export function choiceProbabilities(values: ArrayLike<number>, sensitivity: number): Float64Array {
  checkValues('values', values, VALUE);
  checkRange('sensitivity', sensitivity, SENSITIVITY);
  const probabilities = new Float64Array(values.length);
  const even = new Float64Array(values.length).fill(1);
  softMaximum(values, sensitivity, even, probabilities);
  return probabilities;
}
