import { SimulatorError } from '../errors.ts';
import { type Lease, takeLease } from './lease.ts';
import type { Region } from './memory.ts';
import type { Precision } from './precision.ts';

/** The array type that holds amplitudes of a precision. */
export type Parts<P extends Precision> = P extends 'f64' ? Float64Array : Float32Array;

/** Where amplitudes are kept. */
export interface Room {
  take(bytes: number): Region;
  giveBack(region: Region): void;
  /** What a region lies in; changes when views of it have to be made anew. */
  bufferOf(region: Region): ArrayBuffer;
}

/** Memory that is no program's: a buffer for each region. */
export class PlainRoom implements Room {
  readonly #buffers = new Map<Region, ArrayBuffer>();

  take(bytes: number): Region {
    const region = { address: 0, bytes };
    this.#buffers.set(region, new ArrayBuffer(bytes));
    return region;
  }

  giveBack(region: Region): void {
    this.#buffers.delete(region);
  }

  bufferOf(region: Region): ArrayBuffer {
    return this.#buffers.get(region) ?? disposed();
  }
}

/** Keeps imaginary parts off the cache sets of the real parts. */
const PAD_BYTES = 4416;

/** The bytes that a state of so many qubits takes. */
export function stateBytes(qubits: number, numberBytes: number): number {
  // Not a shift: 27 qubits are beyond 31 bits.
  let bytes = 2 * numberBytes;
  for (let qubit = 0; qubit < qubits; qubit++) bytes *= 2;
  return bytes + PAD_BYTES;
}

/**
 * 2^qubits amplitudes in the memory of a compiler, where its programs work on them in place. To be
 * disposed of, at the latest with the compiler.
 */
export class CompiledState<P extends Precision = Precision> implements Disposable {
  readonly qubits: number;
  readonly dimension: number;
  readonly precision: P;
  readonly #room: Room;
  #region: Region | undefined;
  #buffer: ArrayBuffer | undefined;
  #real: Parts<P> | undefined;
  #imaginary: Parts<P> | undefined;

  readonly #lease: Lease;

  /** Made by `compiler.state`. */
  constructor(qubits: number, precision: P, room: Room) {
    this.qubits = qubits;
    this.dimension = 1 << qubits;
    this.precision = precision;
    this.#room = room;
    const region = room.take(stateBytes(qubits, precision === 'f64' ? 8 : 4));
    this.#region = region;
    this.#lease = takeLease(this, () => {
      room.giveBack(region);
    });
    this.reset();
  }

  /** A view, valid until the compiler takes more memory: read it again rather than keep it. */
  get real(): Parts<P> {
    this.#refresh();
    return this.#real ?? disposed();
  }

  get imaginary(): Parts<P> {
    this.#refresh();
    return this.#imaginary ?? disposed();
  }

  /** Byte address of the real parts. */
  get realAddress(): number {
    return (this.#region ?? disposed()).address;
  }

  /** Byte address of the imaginary parts. */
  get imaginaryAddress(): number {
    const bytes = this.dimension * (this.precision === 'f64' ? 8 : 4);
    return this.realAddress + bytes + PAD_BYTES;
  }

  /** Whether the state lives in this room. */
  isIn(room: Room): boolean {
    return this.#room === room;
  }

  /**
   * Makes this the basis state |basisState⟩, |0…0⟩ when absent.
   *
   * @throws {SimulatorError} `BASIS_STATE_OUT_OF_RANGE`, `DISPOSED`
   */
  reset(basisState = 0): void {
    if (!Number.isInteger(basisState) || basisState < 0 || basisState >= this.dimension) {
      throw new SimulatorError(
        'BASIS_STATE_OUT_OF_RANGE',
        `basis state ${basisState} is not in [0, ${this.dimension})`,
      );
    }
    const { real, imaginary } = this;
    real.fill(0);
    imaginary.fill(0);
    real[basisState] = 1;
  }

  /**
   * Takes over the amplitudes of a state of as many qubits, rounded to this precision.
   *
   * @throws {SimulatorError} `QUBIT_COUNT_MISMATCH`, `DISPOSED`
   */
  copyFrom(other: {
    readonly qubits: number;
    readonly real: ArrayLike<number>;
    readonly imaginary: ArrayLike<number>;
  }): void {
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
    if (this.#region === undefined) return;
    this.#lease[Symbol.dispose]();
    this.#region = undefined;
    this.#real = undefined;
    this.#imaginary = undefined;
  }

  #refresh(): void {
    if (this.#region === undefined) disposed();
    const buffer = this.#room.bufferOf(this.#region);
    if (this.#buffer === buffer) return;
    this.#buffer = buffer;
    this.#real = this.#view(buffer, this.realAddress);
    this.#imaginary = this.#view(buffer, this.imaginaryAddress);
  }

  #view(buffer: ArrayBuffer, address: number): Parts<P> {
    const view =
      this.precision === 'f64'
        ? new Float64Array(buffer, address, this.dimension)
        : new Float32Array(buffer, address, this.dimension);
    // The compiler cannot see that P follows the precision.
    return view as Parts<P>;
  }
}

function disposed(): never {
  throw new SimulatorError('DISPOSED', 'the state has been disposed of');
}
