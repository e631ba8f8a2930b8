import { Circuit, probabilities, run, StateVector } from '@sema/simulator';
import type { QubitRegister } from './ancilla-circuit.ts';
import { checkRange } from './argument-checks.ts';
import { AlgorithmError } from './errors.ts';
import { hedgeUpdate } from './hedge.ts';
import { groverRudolphAngles, prepareDistribution } from './state-preparation.ts';

/**
 * The rotation that takes ψ = Σ √wᵢ |i⟩ to the ψ′ of the next round of Hedge, in the plane of both
 * and leaving everything else: e^{−iG} with G = iφ(|r⟩⟨ψ| − |ψ⟩⟨r|), ψ′ = cos φ ψ + sin φ r. To
 * first order in η it is the flow of the traceless Hermitian i(η/2)[|ψ⟩⟨ψ|, L]. It needs no
 * post-selection, but depends on the state that it is for. O(N²).
 *
 * @param weights - 2^k, ≥ 0, sum 1.
 * @param losses - one in [0, 1] for each weight.
 * @param learningRate - η in [1e-9, 500].
 * @returns an orthogonal N × N matrix, row-major, interleaved re/im.
 * @throws {AlgorithmError} `EMPTY`, `NOT_A_DISTRIBUTION`, `LENGTH_MISMATCH`, `OUT_OF_RANGE`
 */
export function hedgeRotation(
  weights: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
): Float64Array {
  const { weights: after } = hedgeUpdate(weights, losses, learningRate);
  const count = after.length;
  let mass = 0;
  for (let i = 0; i < count; i += 1) mass += weights[i];
  const psi = Float64Array.from({ length: count }, (_, i) => Math.sqrt(weights[i] / mass));
  const next = Float64Array.from(after, Math.sqrt);
  let cosine = 0;
  for (let i = 0; i < count; i += 1) cosine += psi[i] * next[i];
  const rest = next.map((amplitude, i) => amplitude - cosine * psi[i]);
  let sine = 0;
  for (let i = 0; i < count; i += 1) sine += rest[i] * rest[i];
  sine = Math.sqrt(sine);
  const matrix = new Float64Array(2 * count * count);
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      let entry = row === column ? 1 : 0;
      if (sine > 0) {
        const across = (rest[row] * psi[column] - psi[row] * rest[column]) / sine;
        const along = psi[row] * psi[column] + (rest[row] * rest[column]) / (sine * sine);
        // 1 − cos φ as sin²φ/(1 + cos φ), which keeps its digits for small turns.
        entry += sine * across - ((sine * sine) / (1 + cosine)) * along;
      }
      matrix[2 * (row * count + column)] = entry;
    }
  }
  return matrix;
}

/**
 * One round of Hedge by that rotation on a circuit: never fails, learns no outcome. Of 2 … 256
 * weights.
 *
 * @param register - lends at least k qubits for 2^k weights.
 * @returns the Born weights after it, within 1e-14 of Hedge's.
 * @throws {AlgorithmError} as {@link hedgeRotation}, and `REGISTER_TOO_SMALL`
 */
export function rotateWeights(
  weights: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
  register: QubitRegister,
): Float64Array {
  const angles = groverRudolphAngles(weights);
  const size = 31 - Math.clz32(weights.length);
  checkRange('qubits of experts', size, { from: 1, to: 8 });
  if (register.qubits.length < size) {
    throw new AlgorithmError(
      'REGISTER_TOO_SMALL',
      `the register has ${register.qubits.length} qubits, not ${size}`,
    );
  }
  const qubits = Array.from({ length: size }, (_, qubit) => qubit);
  const circuit = new Circuit(size);
  prepareDistribution(circuit, qubits, [...angles]);
  circuit.unitary(hedgeRotation(weights, losses, learningRate), qubits);
  using state = new StateVector(size);
  run(circuit, state);
  return probabilities(state);
}
