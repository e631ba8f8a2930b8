import { ACTION_QUBITS, ACTIONS } from './actions.ts';
import { gainProbability } from './return-bins.ts';

/**
 * The three results as filters on the action register, each a positive number per action in the
 * order of `ACTIONS`. Long gets the odds of a gain, short of a loss, and flat stands at their
 * geometric mean, the neutral point of the log odds.
 */
export function actionFilters(
  prices: Float64Array,
  choices: Float64Array,
  mixture: number,
): readonly Float64Array[] {
  return [oddsFilter(gainProbability(prices)), choices, oddsFilter(mixture)];
}

function oddsFilter(probabilityUp: number): Float64Array {
  const down = 1 - probabilityUp;
  return Float64Array.of(down, Math.sqrt(probabilityUp * down), probabilityUp);
}

/**
 * Logarithmic opinion pool of the filters on a uniform prior: p ∝ Π f. Returns the amplitudes √p of
 * the action register, its unused states at 0.
 *
 * @see Genest & Zidek (1986), Combining probability distributions.
 */
export function fuseAmplitudes(filters: readonly Float64Array[]): Float64Array {
  const amplitudes = new Float64Array(1 << ACTION_QUBITS);
  let total = 0;
  for (let action = 0; action < ACTIONS.length; action++) {
    let product = 1;
    for (const filter of filters) product *= filter[action];
    amplitudes[action] = product;
    total += product;
  }
  for (let k = 0; k < amplitudes.length; k++) amplitudes[k] = Math.sqrt(amplitudes[k] / total);
  return amplitudes;
}
