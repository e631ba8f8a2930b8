import { SimulatorError } from './errors.ts';
import type { Parts } from './kernels/kernels.ts';
import { checkQubitCount, qubitsOfDimension } from './qubits.ts';

/**
 * How far from 1 the norm of given amplitudes may be: a thousand roundings of 2^25 terms stay far
 * inside.
 */
const NORM_TOLERANCE = 1e-9;

/** What measurements and observables work on: a StateVector, or a state of a compiler. */
export interface Amplitudes {
  readonly qubits: number;
  readonly dimension: number;
  readonly real: Parts;
  readonly imaginary: Parts;
}

/**
 * A pure state of up to 25 qubits, 16 bytes an amplitude.
 *
 * Little-endian: qubit q is bit q of the basis index, so qubit 0 is the least significant.
 * Amplitude i is real[i] + i·imaginary[i]. The arrays belong to the state and may be written;
 * whoever does so answers for the norm. Disposal lets the memory go: afterwards every access but
 * another disposal throws `DISPOSED`.
 */
export class StateVector implements Disposable {
  readonly qubits: number;
  readonly dimension: number;
  #real: Float64Array | undefined;
  #imaginary: Float64Array | undefined;

  /**
   * The state |0…0⟩. O(2^qubits).
   *
   * @param qubits - integer in [0, 25].
   * @throws {SimulatorError} `INVALID_QUBIT_COUNT`, `TOO_MANY_QUBITS`
   */
  constructor(qubits: number) {
    checkQubitCount(qubits);
    this.qubits = qubits;
    this.dimension = 1 << qubits;
    this.#real = new Float64Array(this.dimension);
    this.#imaginary = new Float64Array(this.dimension);
    this.#real[0] = 1;
  }

  /**
   * The state with the given amplitudes, which are copied and not renormalised.
   *
   * @param real - a power of two of finite numbers, at most 2^25.
   * @param imaginary - as many finite numbers; zeros when absent. The norm must be 1 ± 1e-9.
   * @throws {SimulatorError} `WRONG_LENGTH`, `TOO_MANY_QUBITS`, `NOT_FINITE`, `NOT_NORMALIZED`
   */
  static from(real: ArrayLike<number>, imaginary?: ArrayLike<number>): StateVector {
    const length = real.length;
    const qubits = qubitsOfDimension(length);
    if (imaginary !== undefined && imaginary.length !== length) {
      throw new SimulatorError(
        'WRONG_LENGTH',
        `${imaginary.length} imaginary parts do not fit ${length} real parts`,
      );
    }
    const state = new StateVector(qubits);
    let weight = 0;
    for (let i = 0; i < length; i++) {
      const re = real[i];
      const im = imaginary === undefined ? 0 : imaginary[i];
      if (!Number.isFinite(re) || !Number.isFinite(im)) {
        throw new SimulatorError('NOT_FINITE', `amplitude ${i} is ${re} + ${im}i`);
      }
      state.real[i] = re;
      state.imaginary[i] = im;
      weight += re * re + im * im;
    }
    const norm = Math.sqrt(weight);
    if (!(Math.abs(norm - 1) <= NORM_TOLERANCE)) {
      throw new SimulatorError('NOT_NORMALIZED', `the norm ${norm} is not 1 ± ${NORM_TOLERANCE}`);
    }
    return state;
  }

  get real(): Float64Array {
    return this.#real ?? disposed();
  }

  get imaginary(): Float64Array {
    return this.#imaginary ?? disposed();
  }

  /**
   * Makes this the basis state |basisState⟩, |0…0⟩ when absent.
   *
   * @throws {SimulatorError} `BASIS_STATE_OUT_OF_RANGE`
   */
  reset(basisState = 0): void {
    if (!Number.isInteger(basisState) || basisState < 0 || basisState >= this.dimension) {
      throw new SimulatorError(
        'BASIS_STATE_OUT_OF_RANGE',
        `basis state ${basisState} is not in [0, ${this.dimension})`,
      );
    }
    this.real.fill(0);
    this.imaginary.fill(0);
    this.real[basisState] = 1;
  }

  copy(): StateVector {
    const other = new StateVector(this.qubits);
    other.copyFrom(this);
    return other;
  }

  /**
   * Takes over the amplitudes of a state of as many qubits.
   *
   * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`
   */
  copyFrom(other: StateVector): void {
    if (other.qubits !== this.qubits) {
      throw new SimulatorError(
        'QUBIT_COUNT_MISMATCH',
        `a state of ${other.qubits} qubits does not fit one of ${this.qubits}`,
      );
    }
    this.real.set(other.real);
    this.imaginary.set(other.imaginary);
  }

  [Symbol.dispose](): void {
    this.#real = undefined;
    this.#imaginary = undefined;
  }
}

function disposed(): never {
  throw new SimulatorError('DISPOSED', 'the state has been disposed of');
}
