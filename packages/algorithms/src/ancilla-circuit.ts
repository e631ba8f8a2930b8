import { Circuit, compile } from '@sema/simulator';
import { checkInteger, checkLength } from './argument-checks.ts';
import { AlgorithmError } from './errors.ts';
import { foldedTangent, tangentsToAngles } from './half-angles.ts';
import { sortDescending } from './rank-order.ts';
import { prepareDistribution, writeGroverRudolphTangents } from './state-preparation.ts';

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

/** A trace in memory that may be filled again. */
export interface TraceMemory {
  readonly measurements: Float64Array;
  coherence: number;
  successProbability: number;
}

export interface CircuitOptions {
  /**
   * Shared by circuits that live together, and disposed of after them by whoever made it. A circuit
   * has one of its own when absent.
   */
  readonly compiler?: CircuitCompiler;
}

/** Makes circuits ready to run: a `Compiler`, or the model of a machine that errs. */
export interface CircuitCompiler {
  compile(circuit: Circuit, precision: 'f64'): CircuitProgram;
}

/** A circuit that is ready to run. */
export interface CircuitProgram extends Disposable {
  state(): CircuitState;
  /**
   * Applies the circuit to a state of this program, which is |0…0⟩ when it is called. Afterwards
   * only the probabilities of basis states and the signs of real amplitudes are relied on.
   */
  run(state: CircuitState, angles: Float64Array): unknown;
}

/** 2^qubits amplitudes. */
export interface CircuitState extends Disposable {
  readonly qubits: number;
  readonly dimension: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
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
 * The circuit is compiled once; a call binds angles and runs, in O(k·2^k) time and without making
 * any object.
 */
export class AncillaCircuit implements Disposable {
  readonly requiredQubits: number;
  /** 2^k. */
  readonly outcomes: number;
  /** fᵢ in [0, 1], to be filled before each call. Not checked here. */
  readonly factors: Float64Array;
  readonly #program: CircuitProgram;
  readonly #state: CircuitState;
  readonly #angles: Float64Array;
  readonly #tree: Float64Array;
  readonly #ranked: Float64Array;
  readonly #order: Uint16Array;
  /** Squared norms of the two halves of the state, by what the ancilla reads. */
  readonly #weights = new Float64Array(2);
  #disposed = false;

  /**
   * @param dataQubits - k, 1 … 14.
   * @throws {AlgorithmError} `OUT_OF_RANGE`
   */
  constructor(dataQubits: number, { compiler }: CircuitOptions = {}) {
    checkInteger('data qubits', dataQubits, { from: 1, to: LARGEST_DATA_QUBITS });
    this.requiredQubits = dataQubits + 1;
    this.outcomes = 1 << dataQubits;
    this.factors = new Float64Array(this.outcomes);
    const circuit = ancillaCircuit(dataQubits);
    this.#program = compiler?.compile(circuit, 'f64') ?? compile(circuit);
    this.#state = this.#program.state();
    this.#angles = new Float64Array(circuit.parameters.length);
    this.#tree = new Float64Array(2 * this.outcomes);
    this.#ranked = new Float64Array(this.outcomes);
    this.#order = Uint16Array.from({ length: this.outcomes }, (_, outcome) => outcome);
  }

  /** Memory for the trace of a filter. */
  filterTrace(): TraceMemory {
    return traceMemory(Math.min(this.outcomes, MOST_MEASUREMENTS));
  }

  /** Memory for the trace of a mean. */
  meanTrace(): TraceMemory {
    return traceMemory(2);
  }

  /**
   * Σ pᵢfᵢ², read from the ancilla into `trace.measurements[1]`.
   *
   * @param distribution - pᵢ ≥ 0, 2^k of them, some > 0; only their ratios count. Not checked here.
   * @throws {AlgorithmError} `REGISTER_TOO_SMALL`, `DISPOSED`
   */
  mean(distribution: ArrayLike<number>, register: QubitRegister, trace: TraceMemory): void {
    this.#run(distribution, register);
    this.#read(trace);
    // Rounding may carry a sum of squares past 1 by an ulp.
    const mean = Math.min(1, this.#weights[1]);
    trace.measurements[0] = 1 - mean;
    trace.measurements[1] = mean;
    trace.successProbability = 1;
  }

  /**
   * The distribution pᵢfᵢ² / Σ pⱼfⱼ², by post-selection; the sum is the trace's success
   * probability. At least one factor of an outcome with mass must not be 0.
   *
   * @param distribution - pᵢ ≥ 0, 2^k of them, some > 0; only their ratios count. Not checked here.
   * @param filtered - receives the 2^k probabilities.
   * @throws {AlgorithmError} `REGISTER_TOO_SMALL`, `DISPOSED`, `LENGTH_MISMATCH`
   */
  filter(
    distribution: ArrayLike<number>,
    register: QubitRegister,
    filtered: Float64Array,
    trace: TraceMemory,
  ): void {
    checkLength('the memory for the result', filtered, this.outcomes);
    this.#run(distribution, register);
    this.#read(trace);
    const { real } = this.#state;
    const { outcomes } = this;
    const lost = this.#weights[0];
    const kept = this.#weights[1];
    trace.successProbability = Math.min(1, kept / (lost + kept));
    const scale = 1 / Math.sqrt(kept);
    for (let rank = 0; rank < outcomes; rank += 1) {
      const amplitude = scale * real[outcomes + rank];
      filtered[this.#order[rank]] = amplitude * amplitude;
    }
    const { measurements } = trace;
    const block = outcomes / measurements.length;
    for (let group = 0; group < measurements.length; group += 1) {
      let sum = 0;
      for (let i = group * block; i < (group + 1) * block; i += 1) sum += filtered[i];
      measurements[group] = sum;
    }
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#state[Symbol.dispose]();
    this.#program[Symbol.dispose]();
  }

  #run(distribution: ArrayLike<number>, register: QubitRegister): void {
    if (this.#disposed) throw new AlgorithmError('DISPOSED', 'the circuit has been disposed');
    if (register.qubits.length < this.requiredQubits) {
      throw new AlgorithmError(
        'REGISTER_TOO_SMALL',
        `the register has ${register.qubits.length} qubits, not ${this.requiredQubits}`,
      );
    }
    const { factors, outcomes } = this;
    // Equal probabilities rank by index, so that a result never depends on the call before.
    sortDescending(this.#order, distribution);
    for (let rank = 0; rank < outcomes; rank += 1) {
      const outcome = this.#order[rank];
      const sine = factors[outcome];
      this.#ranked[rank] = distribution[outcome];
      // (1 − f)(1 + f) keeps its digits where 1 − f² would lose them.
      const cosine = Math.sqrt((1 - sine) * (1 + sine));
      this.#angles[outcomes - 1 + rank] = foldedTangent(sine, cosine);
    }
    writeGroverRudolphTangents(this.#ranked, this.#tree, this.#angles);
    tangentsToAngles(this.#angles, 0, this.#angles.length);
    this.#clear();
    this.#program.run(this.#state, this.#angles);
  }

  /** |0…0⟩, by loops: what the engine does for `fill` puts something on the heap. */
  #clear(): void {
    const { real, imaginary } = this.#state;
    for (let i = 0; i < real.length; i += 1) {
      real[i] = 0;
      imaginary[i] = 0;
    }
    real[0] = 1;
  }

  /** The ancilla's weights, and the purity of either half of the pure state. */
  #read(trace: TraceMemory): void {
    const { real } = this.#state;
    const { outcomes } = this;
    let zero = 0;
    let one = 0;
    let across = 0;
    // All angles are real rotations, so there are no imaginary parts.
    for (let rank = 0; rank < outcomes; rank += 1) {
      const lost = real[rank];
      const kept = real[outcomes + rank];
      zero += lost * lost;
      one += kept * kept;
      across += lost * kept;
    }
    trace.coherence = Math.min(1, zero * zero + 2 * across * across + one * one);
    this.#weights[0] = zero;
    this.#weights[1] = one;
  }
}

function traceMemory(measurements: number): TraceMemory {
  // Not 0: a field that begins as a small integer is made anew by its first fraction.
  return { measurements: new Float64Array(measurements), coherence: 0.5, successProbability: 0.5 };
}

/** Parameters: the angles of the tree's nodes, then those of the factors by rank. */
function ancillaCircuit(dataQubits: number): Circuit {
  const outcomes = 1 << dataQubits;
  const qubits = Array.from({ length: dataQubits }, (_, qubit) => qubit);
  const circuit = new Circuit(dataQubits + 1);
  const parameters = (name: string, length: number) =>
    Array.from({ length }, (_, index) => circuit.parameter(`${name} ${index}`));
  prepareDistribution(circuit, qubits, parameters('node', outcomes - 1));
  return circuit.multiplexedRy(parameters('factor', outcomes), qubits, dataQubits);
}
