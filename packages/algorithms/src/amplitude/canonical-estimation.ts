import { asin, sin } from '@sema/simulator/elementary';
import { Circuit } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import { checkInteger, checkRange } from '../argument-checks.ts';
import { AlgorithmError } from '../errors.ts';
import { amplitudeAt } from './amplitude-oracle.ts';
import type { AmplitudeEstimate, AmplitudeOracle } from './amplitude-oracle.ts';
import { binomialTail } from './binomial-interval.ts';

export interface CanonicalOptions {
  /** m, 1 … 20: M = 2^m grid points, and M − 1 calls of Q for each run. */
  readonly evaluationQubits: number;
  /** Runs of which the median counts: odd, 1 … 1001. */
  readonly repetitions: number;
  readonly random: RandomSource;
}

/** The chance that one run is off by at most π/M in θ. */
const ONE_RUN = 8 / (Math.PI * Math.PI);

/**
 * The exact probabilities of what phase estimation with m qubits reads: y means sin²(πy/M), M =
 * 2^m.
 *
 *   P(y) = ½ F(θ/π − y/M) + ½ F(θ/π + y/M),  F(Δ) = sin²(MπΔ) / (M² sin²(πΔ))
 *
 * @param amplitude - a = sin²θ in [0, 1].
 * @param evaluationQubits - m, 1 … 20.
 * @returns 2^m probabilities, sum 1.
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 * @see Brassard, Høyer, Mosca & Tapp (2002), "Quantum amplitude amplification and estimation", §4
 */
export function canonicalLaw(amplitude: number, evaluationQubits: number): Float64Array {
  checkRange('amplitude', amplitude, { from: 0, to: 1 });
  checkInteger('evaluation qubits', evaluationQubits, { from: 1, to: 20 });
  const points = 1 << evaluationQubits;
  const phase = asin(Math.sqrt(amplitude)) / Math.PI;
  return Float64Array.from(
    { length: points },
    (_, y) => 0.5 * (fejer(phase - y / points, points) + fejer(phase + y / points, points)),
  );
}

/** F of {@link canonicalLaw}; its period is 1. */
function fejer(delta: number, points: number): number {
  const offset = delta - Math.round(delta);
  const below = sin(Math.PI * offset);
  // Nearer to a grid point than this, F is 1 to the last bit.
  if (Math.abs(below) < 1e-12) return 1;
  const above = sin(Math.PI * points * offset);
  return (above * above) / (points * points * below * below);
}

/**
 * Canonical amplitude estimation: runs of phase estimation on Q, and the median of what they read.
 * A run is off by at most π/M in θ with probability 8/π² at least, so that
 * |ã − a| ≤ 2π√(a(1 − a))/M + π²/M²; the median of more runs is so more often. Draws one number a
 * run, from the law of the circuit.
 *
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 */
export function canonicalEstimate(
  oracle: AmplitudeOracle,
  { evaluationQubits, repetitions, random }: CanonicalOptions,
): AmplitudeEstimate {
  checkInteger('repetitions', repetitions, { from: 1, to: 1001 });
  checkRange('repetitions modulo 2', repetitions % 2, { from: 1, to: 1 });
  const law = canonicalLaw(Math.min(1, oracle.hitProbability(0)), evaluationQubits);
  const points = law.length;
  for (let y = 1; y < points; y += 1) law[y] += law[y - 1];
  const angles = Float64Array.from({ length: repetitions }, () => {
    const y = firstAbove(law, random);
    return (Math.PI * Math.min(y, points - y)) / points;
  }).sort();
  const theta = angles[(repetitions - 1) / 2];
  const reach = Math.PI / points;
  return {
    estimate: amplitudeAt(theta),
    confidence: binomialTail((repetitions + 1) / 2, repetitions, ONE_RUN),
    lower: amplitudeAt(Math.max(0, theta - reach)),
    upper: amplitudeAt(Math.min(Math.PI / 2, theta + reach)),
    oracleCalls: repetitions * (points - 1),
    shots: repetitions,
  };
}

function firstAbove(cumulative: Float64Array, random: RandomSource): number {
  const drawn = random.next();
  if (!(drawn >= 0 && drawn < 1)) {
    throw new AlgorithmError('OUT_OF_RANGE', `the random source gave ${drawn}, not in [0, 1)`);
  }
  const threshold = drawn * cumulative[cumulative.length - 1];
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > threshold) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The circuit whose readings {@link canonicalLaw} gives: Hadamards, Q^(2^j) controlled by
 * evaluation qubit j, the inverse Fourier transform. Only the reflections need controls, because
 * without them A and A† cancel.
 *
 * @param preparation - A on qubits 0 … n − 1, the last of which is the marked one; invertible.
 * @param evaluationQubits - m, 1 … 10; they are the qubits n … n + m − 1, the first the least
 * significant of y.
 * @throws {AlgorithmError} `OUT_OF_RANGE`
 */
export function canonicalCircuit(preparation: Circuit, evaluationQubits: number): Circuit {
  checkInteger('evaluation qubits', evaluationQubits, { from: 1, to: 10 });
  const own = preparation.qubits;
  const state = Array.from({ length: own }, (_, qubit) => qubit);
  const evaluation = Array.from({ length: evaluationQubits }, (_, j) => own + j);
  const circuit = new Circuit(own + evaluationQubits);
  circuit.append(preparation, state);
  for (const qubit of evaluation) circuit.h(qubit);
  evaluation.forEach((control, j) => {
    for (let round = 0; round < 1 << j; round += 1) {
      circuit.cz(control, own - 1);
      circuit.append(preparation.inverse(), state);
      for (const qubit of state) circuit.x(qubit);
      circuit.controlled('z', [control, ...state.slice(0, -1)], [own - 1]);
      for (const qubit of state) circuit.x(qubit);
      circuit.append(preparation, state);
      // Q has a minus sign, which under a control is a phase.
      circuit.z(control);
    }
  });
  return circuit.append(fourier(evaluationQubits).inverse(), evaluation);
}

function fourier(qubits: number): Circuit {
  const circuit = new Circuit(qubits);
  for (let i = qubits - 1; i >= 0; i -= 1) {
    circuit.h(i);
    for (let j = 0; j < i; j += 1) circuit.cp(Math.PI / (1 << (i - j)), j, i);
  }
  for (let i = 0; 2 * i < qubits - 1; i += 1) circuit.swap(i, qubits - 1 - i);
  return circuit;
}
