import {
  Circuit,
  postSelect,
  probabilities,
  probabilityOfOne,
  purity,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import { asin } from '@sema/simulator/elementary';
import { checkInteger } from './argument-checks.ts';
import { AlgorithmError } from './errors.ts';
import { prepareDistribution, writeGroverRudolphAngles } from './state-preparation.ts';

/** Qubits lent for one computation. A lease of a qubit pool is one. */
export interface QubitRegister {
  readonly qubits: readonly number[];
}

/** What one run of a circuit showed. */
export interface CircuitTrace {
  /**
   * Born probabilities of the register that was read, at most 16: of a filter the data register
   * (beyond 4 qubits its 4 most significant ones), of a mean the ancilla: [P(0), P(1)].
   */
  readonly measurements: Float64Array;
  /**
   * Purity Tr ρ² of the data register when the ancilla has been read and its outcome forgotten, in
   * [½, 1]: 1 when the read learned nothing, ½ when it learned a whole bit.
   */
  readonly coherence: number;
  /** Probability that the post-selection succeeded; 1 where nothing was selected. */
  readonly successProbability: number;
}

/** 2^14 outcomes and the ancilla: the most a pool lends to one algorithm. */
const LARGEST_DATA_QUBITS = 14;

const MOST_MEASUREMENTS = 16;

/**
 * The one circuit of this package. k data qubits are prepared as Σ √pᵢ |i⟩, and a multiplexed RY
 * turns an ancilla by 2 arcsin fᵢ:
 *
 *   Σ √pᵢ |i⟩ (√(1 − fᵢ²) |0⟩ + fᵢ |1⟩)
 *
 * Reading the ancilla gives the mean P(1) = Σ pᵢfᵢ²; keeping only its 1 filters the distribution to
 * pᵢfᵢ² / P(1). (This is the filter RY(2 arccos fᵢ) that keeps 0, with the ancilla's labels
 * exchanged: the sine holds small factors to full relative precision.)
 *
 * Basis state r of the data register stands for the outcome of rank r, most probable first; results
 * are in the caller's order. So the lighter half of every node sits in the sine too, and an outcome
 * of probability 1e-300 that a filter lifts to ½ is still right to 1e-14.
 *
 * Circuit, state and scratch are made once; a call binds angles and runs. O(k·2^k) time.
 */
export class AncillaCircuit implements Disposable {
  readonly requiredQubits: number;
  /** 2^k. */
  readonly outcomes: number;
  readonly #dataQubits: readonly number[];
  readonly #ancilla: number;
  readonly #circuit: Circuit;
  readonly #state: StateVector;
  readonly #angles: Float64Array;
  readonly #tree: Float64Array;
  readonly #ranked: Float64Array;
  readonly #order: Uint16Array;
  #disposed = false;

  /**
   * @param dataQubits - k, 1 … 14.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(dataQubits: number) {
    checkInteger('data qubits', dataQubits, { from: 1, to: LARGEST_DATA_QUBITS });
    this.requiredQubits = dataQubits + 1;
    this.outcomes = 1 << dataQubits;
    this.#dataQubits = Array.from({ length: dataQubits }, (_, qubit) => qubit);
    this.#ancilla = dataQubits;
    this.#circuit = new Circuit(this.requiredQubits);
    const nodes = Array.from({ length: this.outcomes - 1 }, (_, node) =>
      this.#circuit.parameter(`node ${node}`),
    );
    const factors = Array.from({ length: this.outcomes }, (_, rank) =>
      this.#circuit.parameter(`factor ${rank}`),
    );
    prepareDistribution(this.#circuit, this.#dataQubits, nodes);
    this.#circuit.multiplexedRy(factors, this.#dataQubits, this.#ancilla);
    this.#state = new StateVector(this.requiredQubits);
    this.#angles = new Float64Array(nodes.length + factors.length);
    this.#tree = new Float64Array(2 * this.outcomes);
    this.#ranked = new Float64Array(this.outcomes);
    this.#order = Uint16Array.from({ length: this.outcomes }, (_, outcome) => outcome);
  }

  /**
   * Σ pᵢfᵢ², read from the ancilla.
   *
   * @param distribution - pᵢ ≥ 0, 2^k of them, some > 0; only their ratios count. Not checked here.
   * @param factors - fᵢ in [0, 1], as many. Not checked here.
   * @throws {AlgorithmError} `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  mean(
    distribution: ArrayLike<number>,
    factors: ArrayLike<number>,
    register: QubitRegister,
  ): { mean: number; trace: CircuitTrace } {
    this.#run(distribution, factors, register);
    // Rounding may carry a sum of squares past 1 by an ulp.
    const mean = Math.min(1, probabilityOfOne(this.#state, this.#ancilla));
    const measurements = Float64Array.of(1 - mean, mean);
    return { mean, trace: { measurements, coherence: this.#coherence(), successProbability: 1 } };
  }

  /**
   * The distribution pᵢfᵢ² / Σ pⱼfⱼ², by post-selection; the sum is the trace's success
   * probability. At least one factor of an outcome with mass must not be 0.
   *
   * @param distribution - pᵢ ≥ 0, 2^k of them, some > 0; only their ratios count. Not checked here.
   * @param factors - fᵢ in [0, 1], as many. Not checked here.
   * @throws {AlgorithmError} `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  filter(
    distribution: ArrayLike<number>,
    factors: ArrayLike<number>,
    register: QubitRegister,
  ): { distribution: Float64Array; trace: CircuitTrace } {
    this.#run(distribution, factors, register);
    const coherence = this.#coherence();
    const successProbability = Math.min(1, postSelect(this.#state, this.#ancilla, 1));
    const ranked = probabilities(this.#state, this.#dataQubits);
    const filtered = new Float64Array(this.outcomes);
    for (let rank = 0; rank < this.outcomes; rank += 1) filtered[this.#order[rank]] = ranked[rank];
    const measurements = mostSignificant(filtered);
    return { distribution: filtered, trace: { measurements, coherence, successProbability } };
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#state[Symbol.dispose]();
  }

  #run(distribution: ArrayLike<number>, factors: ArrayLike<number>, register: QubitRegister): void {
    if (this.#disposed) throw new AlgorithmError('DISPOSED', 'the circuit has been disposed');
    if (register.qubits.length < this.requiredQubits) {
      throw new AlgorithmError(
        'REGISTER_TOO_SMALL',
        `the register has ${register.qubits.length} qubits, not ${this.requiredQubits}`,
      );
    }
    // Equal probabilities rank by index, so that a result never depends on the call before.
    this.#order.sort((a, b) => distribution[b] - distribution[a] || a - b);
    for (let rank = 0; rank < this.outcomes; rank += 1) {
      const outcome = this.#order[rank];
      this.#ranked[rank] = distribution[outcome];
      this.#angles[this.outcomes - 1 + rank] = 2 * asin(factors[outcome]);
    }
    writeGroverRudolphAngles(this.#ranked, this.#tree, this.#angles);
    this.#state.reset();
    run(this.#circuit, this.#state, { parameters: this.#angles });
  }

  /** The halves of a pure state are equally pure, and the ancilla's half is only 2×2. */
  #coherence(): number {
    return Math.min(1, purity(reducedDensityMatrix(this.#state, [this.#ancilla])));
  }
}

function mostSignificant(distribution: Float64Array): Float64Array {
  const block = Math.max(1, distribution.length / MOST_MEASUREMENTS);
  const sums = new Float64Array(distribution.length / block);
  for (let i = 0; i < distribution.length; i += 1) sums[Math.floor(i / block)] += distribution[i];
  return sums;
}
