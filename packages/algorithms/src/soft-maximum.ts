import { expInto, logInto } from '@sema/simulator/elementary';

/**
 * The soft maximum S(v) = (1/β) ln(Σ mᵢ e^{βvᵢ} / Σ mᵢ) of `values` under a prior m, and the Gibbs
 * weights wᵢ = mᵢ e^{βvᵢ} / Σ mⱼ e^{βvⱼ} that are its gradient. Both market
 * maker and learner rest on it:
 *
 * - LMSR with liquidity b: a trade Δq costs S(Δq) at β = 1/b under the prices, and the weights are
 *   the new prices;
 * - Hedge with rate η: the mix loss is −S(−ℓ) at β = η under the old weights, and the weights are
 *   the new ones;
 * - the logit rule: the weights at β = sensitivity.
 *
 * So a market maker is a Hedge learner with q = −(cumulative loss) and b = 1/η.
 *
 * The largest value is taken out before exponentiating: nothing overflows, and a weight underflows
 * to 0 only below 1e-307 of what the largest value has for each unit of prior mass. O(n).
 *
 * @param values - finite.
 * @param inverseTemperature - β ≥ 0. At 0 the weights are the prior, and S is not defined (NaN).
 * @param prior - masses ≥ 0, not all 0; need not sum to 1.
 * @param weights - receives the weights; may be `values`, but not `prior`.
 * @returns S, in the unit of `values`; exact to about 1e-15 × (1/β + max |v|).
 * @see Chen & Vaughan (2010), "A New Understanding of Prediction Markets via No-Regret Learning"
 */
export function softMaximum(
  values: ArrayLike<number>,
  inverseTemperature: number,
  prior: ArrayLike<number>,
  weights: Float64Array,
): number {
  const terms = Float64Array.of(inverseTemperature, 0);
  writeSoftMaximum(values, terms, prior, weights);
  return terms[1];
}

/**
 * The same, and nothing is put on the heap: a number given or returned may be, an entry is not.
 *
 * @param terms - β and S, which is received.
 */
export function writeSoftMaximum(
  values: ArrayLike<number>,
  terms: Float64Array,
  prior: ArrayLike<number>,
  weights: Float64Array,
): void {
  const count = values.length;
  const inverseTemperature = terms[0];
  let largest = -Infinity;
  for (let i = 0; i < count; i += 1) largest = Math.max(largest, values[i]);
  for (let i = 0; i < count; i += 1) weights[i] = inverseTemperature * (values[i] - largest);
  expInto(weights, weights);
  let mass = 0;
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    const own = prior[i];
    const tilted = own * weights[i];
    mass += own;
    total += tilted;
    weights[i] = tilted;
  }
  for (let i = 0; i < count; i += 1) weights[i] /= total;
  terms[1] = total / mass;
  logInto(terms, terms, 1, 2);
  terms[1] = largest + terms[1] / inverseTemperature;
}
