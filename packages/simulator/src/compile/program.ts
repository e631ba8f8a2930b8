import { applyAll } from '../apply-operation.ts';
import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import { referenceKernels } from '../kernels/reference.ts';
import type { Operation } from '../operation.ts';
import type { RandomSource } from '../random.ts';
import { absentRandom, checkParameters, isRandom, largestTable } from '../run.ts';
import type { Amplitudes } from '../state-vector.ts';
import type { Batch } from './batch.ts';
import { type Lease, takeLease } from './lease.ts';
import type { Precision } from './precision.ts';
import type { CompiledState } from './state.ts';
import type { Unit } from './unit.ts';

/** A part of a program: compiled, or done by the reference kernels. */
export type Segment =
  | { readonly kind: 'compiled'; readonly unit: Unit }
  | { readonly kind: 'plain'; readonly operations: readonly Operation[] };

/** What a program needs of the compiler that made it. */
export interface ProgramHost<P extends Precision> {
  /** Whether programs can work on this state where it is. */
  owns(state: Amplitudes): state is CompiledState;
  /** A state of the circuit's size. */
  state(): CompiledState<P>;
  /** Runs on states side by side; undefined where a program is not one small unit. */
  batch(): Batch | undefined;
  /** Disposed of with the program. */
  readonly owned: Disposable | undefined;
}

/** A compiled circuit, to be run any number of times and disposed of. */
export class Program<P extends Precision = Precision> implements Disposable {
  readonly circuit: Circuit;
  readonly precision: P;
  readonly #host: ProgramHost<P>;
  readonly #needsRandom: boolean;
  readonly #size: number;
  /** The unit that does everything in one call, where there is one. */
  #only: Unit | undefined;
  readonly #lease: Lease;
  #batch: Batch | undefined;
  #batchLease: Lease | undefined;
  readonly #noBits = { bits: new Uint8Array(0) };
  #segments: readonly Segment[] | undefined;

  /** Made by `compiler.compile`. */
  constructor(circuit: Circuit, precision: P, segments: readonly Segment[], host: ProgramHost<P>) {
    this.circuit = circuit;
    this.precision = precision;
    this.#segments = segments;
    this.#host = host;
    const { owned } = host;
    this.#lease = takeLease(this, () => {
      for (const segment of segments) {
        if (segment.kind === 'compiled') segment.unit[Symbol.dispose]();
      }
      owned?.[Symbol.dispose]();
    });
    this.#needsRandom = circuit.operations.some(isRandom);
    const [first] = segments;
    const isOnly = segments.length === 1 && first.kind === 'compiled' && first.unit.isWhole;
    this.#only = isOnly && circuit.bits === 0 ? first.unit : undefined;
    this.#size = largestTable(circuit.operations, 4);
  }

  /**
   * The state |0…0⟩ where the program works on it in place.
   *
   * @throws {SimulatorError} `OUT_OF_MEMORY`, `DISPOSED`
   */
  state(): CompiledState<P> {
    if (this.#segments === undefined) disposed();
    return this.#host.state();
  }

  /**
   * Applies the circuit to a state in place. A state of the compiler that made the program is
   * worked on where it is; any other is copied there and back.
   *
   * @param parameters - one finite number for each of circuit.parameters.
   * @param random - needed when the circuit measures or resets.
   * @returns the classical bits at the end.
   * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `UNBOUND_PARAMETERS`, `INVALID_ANGLE`,
   *   `RANDOM_SOURCE_MISSING`, `RANDOM_OUT_OF_RANGE`, `OUT_OF_MEMORY`, `DISPOSED`
   */
  run(
    state: Amplitudes,
    parameters: ArrayLike<number> = [],
    random: RandomSource = absentRandom,
  ): { readonly bits: Uint8Array } {
    const only = this.#only;
    if (only !== undefined && this.#fits(state)) {
      const { realAddress, imaginaryAddress } = state;
      if (only.tryAll(realAddress, imaginaryAddress, parameters)) return this.#noBits;
    }
    return { bits: this.#runAny(state, parameters, random) };
  }

  /**
   * Runs the circuit on states[k] with parameterSets[k], for every k. Circuits of up to
   * three qubits without measurement run on several states at once, one in each lane of a vector;
   * with the same bits as one by one.
   *
   * @param states - distinct states of the compiler that made the program, in its precision.
   * @throws {SimulatorError} `WRONG_LENGTH`, and what `run` throws
   */
  runBatch(
    states: readonly CompiledState<P>[],
    parameterSets: readonly ArrayLike<number>[],
    random?: RandomSource,
  ): void {
    if (states.length !== parameterSets.length) {
      throw new SimulatorError(
        'WRONG_LENGTH',
        `${parameterSets.length} sets of parameters for ${states.length} states`,
      );
    }
    if (this.#segments === undefined) disposed();
    const batch = this.#sideBySide();
    let next = 0;
    while (next < states.length) {
      const end = next + (batch?.lanes ?? 1);
      const isWhole =
        batch !== undefined && end <= states.length && this.#allFit(states, next, end);
      if (isWhole && batch.run(states, parameterSets, next)) next = end;
      else {
        this.run(states[next], parameterSets[next], random);
        next++;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#batchLease?.[Symbol.dispose]();
    this.#lease[Symbol.dispose]();
    this.#batch = undefined;
    this.#segments = undefined;
    this.#only = undefined;
  }

  /** Whether the program works on this state where it is. */
  #fits(state: Amplitudes): state is CompiledState {
    return (
      this.#host.owns(state) &&
      state.precision === this.precision &&
      state.qubits === this.circuit.qubits
    );
  }

  #allFit(states: readonly CompiledState<P>[], first: number, end: number): boolean {
    for (let k = first; k < end; k++) if (!this.#fits(states[k])) return false;
    return true;
  }

  #sideBySide(): Batch | undefined {
    if (this.#only === undefined || this.#batch !== undefined) return this.#batch;
    const batch = this.#host.batch();
    if (batch === undefined) return undefined;
    this.#batchLease = takeLease(this, () => {
      batch[Symbol.dispose]();
    });
    this.#batch = batch;
    return batch;
  }

  /** Apart from `run`, which allocates nothing where one call does everything. */
  #runAny(state: Amplitudes, parameters: ArrayLike<number>, random: RandomSource): Uint8Array {
    const segments = this.#segments ?? disposed();
    const { circuit } = this;
    if (circuit.qubits !== state.qubits) {
      throw new SimulatorError(
        'QUBIT_COUNT_MISMATCH',
        `a circuit of ${circuit.qubits} qubits does not fit a state of ${state.qubits}`,
      );
    }
    checkParameters(circuit, parameters);
    if (random === absentRandom && this.#needsRandom) random.next();
    if (this.#fits(state)) {
      return this.#run(segments, state, parameters, random);
    }
    const { real, imaginary } = state;
    using copy = this.#host.state();
    copy.copyFrom(state);
    const bits = this.#run(segments, copy, parameters, random);
    real.set(copy.real);
    imaginary.set(copy.imaginary);
    return bits;
  }

  #run(
    segments: readonly Segment[],
    state: CompiledState,
    parameters: ArrayLike<number>,
    random: RandomSource,
  ): Uint8Array {
    const bits = new Uint8Array(this.circuit.bits);
    const apply = (operations: readonly Operation[]) => {
      const { real, imaginary } = state;
      applyAll(operations, {
        real,
        imaginary,
        kernels: referenceKernels,
        parameters,
        random,
        bits,
        matrix: new Float64Array(32),
        offsets: new Int32Array(this.#size),
        table: new Float64Array(2 * this.#size),
      });
    };
    for (const segment of segments) {
      if (segment.kind === 'plain') {
        apply(segment.operations);
        continue;
      }
      segment.unit.bind(parameters);
      segment.unit.run(state.realAddress, state.imaginaryAddress, (operation) => {
        apply([operation]);
      });
    }
    return bits;
  }
}

function disposed(): never {
  throw new SimulatorError('DISPOSED', 'the program has been disposed of');
}
