import { heaviestState, LEARNING_RATE_RANGE, requireUpdate } from './coherent-update.ts';
import { scaleToUnit, type PlaneRotation } from './plane-rotation.ts';
import type { Range } from './validation.ts';

/** Up to here no amplitude changes sign and the bound below holds. */
export const FIRST_ORDER_RATE_RANGE: Range = { min: LEARNING_RATE_RANGE.min, max: 0.5 };

/**
 * The unitary e^{−iA} of the generator A = i(η/2)[|ψ⟩⟨ψ|, L], L = diag(losses): traceless,
 * Hermitian, and e^{−iA}ψ = ψ − (η/2)(L − ⟨L⟩)ψ + O(η²). Since A = −i(η/2)(|v⟩⟨ψ| − |ψ⟩⟨v|) with v
 * = (L − ⟨L⟩)ψ, it turns ψ towards −v by (η/2)‖v‖. O(d).
 *
 * Its weights differ from those of Hedge by O(η²) a round. Against every expert its regret is at
 * most ln N/η + 0.6·ηT for η ≤ 1/2: a weight is multiplied by cos²φ(1 − u)², with φ = ησ/2, σ ≤ 1/2
 * the deviation of the losses and u = (tan φ/σ)(ℓ − ⟨L⟩) ≤ 0.253; and ln(1 − u) ≥ −u − u² there.
 *
 * @param amplitudes - real unit vector ψ of d entries.
 * @param losses - d numbers in [0, 1].
 * @param learningRate - η in [1e-9, 1/2].
 * @throws {LearningError} `LENGTH_MISMATCH`, `INVALID_AMPLITUDES`, `INVALID_LOSS`, `INVALID_OPTION`
 * @see Cesa-Bianchi, Mansour & Stoltz (2007), of whose Prod rule this is the coherent relative
 */
export function firstOrderRotation(
  amplitudes: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
): PlaneRotation {
  requireUpdate(amplitudes, losses, learningRate, FIRST_ORDER_RATE_RANGE);
  return generatedRotation(Float64Array.from(amplitudes), Float64Array.from(losses), learningRate);
}

/** `firstOrderRotation` of what has been checked. */
export function generatedRotation(
  amplitudes: Float64Array,
  losses: Float64Array,
  learningRate: number,
): PlaneRotation {
  const dimension = amplitudes.length;
  // Relative to the heaviest state's loss, so that nothing cancels when the losses are nearly
  // equal.
  const heaviest = heaviestState(amplitudes);
  let norm = 0;
  let mean = 0;
  for (let i = 0; i < dimension; i += 1) {
    const weight = amplitudes[i] * amplitudes[i];
    norm += weight;
    mean += weight * (losses[i] - losses[heaviest]);
  }
  mean /= norm;
  const axis = new Float64Array(dimension);
  for (let i = 0; i < dimension; i += 1) {
    axis[i] = (mean - (losses[i] - losses[heaviest])) * amplitudes[i];
  }
  const deviation = scaleToUnit(axis);
  return { angle: (learningRate / 2) * deviation, axis };
}
