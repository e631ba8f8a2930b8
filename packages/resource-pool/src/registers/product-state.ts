import { measure } from '@sema/simulator';
import type { RandomSource } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';
import { factors, zeroRegister } from './register.ts';
import type { Register } from './register.ts';
import { joined, withoutBit } from './separate.ts';

const AMPLITUDE_BYTES = 16;
/** The largest state vector of the simulator. */
const MAX_REGISTER_QUBITS = 25;

/** Which register each qubit is in, and the bytes they take. Arguments are known to be good. */
export class ProductState {
  readonly tolerance: number;
  readonly #memoryLimit: number;
  readonly #byQubit: Register[];
  #bytes: number;

  constructor(qubits: number, memoryLimitBytes: number, tolerance: number) {
    this.tolerance = tolerance;
    this.#memoryLimit = memoryLimitBytes;
    this.#byQubit = Array.from({ length: qubits }, (_, qubit) => zeroRegister(qubit));
    this.#bytes = 2 * AMPLITUDE_BYTES * qubits;
  }

  /** The bytes of all state vectors. */
  get bytes(): number {
    return this.#bytes;
  }

  of(qubit: number): Register {
    return this.#byQubit[qubit];
  }

  /** The distinct registers of some qubits, of all when none are given. */
  registers(qubits?: readonly number[]): Register[] {
    return [...new Set(qubits?.map((qubit) => this.#byQubit[qubit]) ?? this.#byQubit)];
  }

  /** Puts new registers in the place of old ones that had the same qubits. */
  replace(old: readonly Register[], fresh: readonly Register[]): void {
    for (const { state } of old) this.#bytes -= AMPLITUDE_BYTES * state.dimension;
    for (const register of fresh) {
      this.#bytes += AMPLITUDE_BYTES * register.state.dimension;
      for (const qubit of register.qubits) this.#byQubit[qubit] = register;
    }
  }

  /** Splits a register into what it is a product of. */
  settle(register: Register): void {
    if (!register.mayFactor) return;
    const parts = factors(register, this.tolerance);
    if (parts.length > 1) this.replace([register], parts);
  }

  settleAll(qubits?: readonly number[]): void {
    for (const register of this.registers(qubits)) this.settle(register);
  }

  /**
   * One register that holds all these qubits. Each register is first split as far as it goes.
   *
   * @throws {ResourcePoolError} `MEMORY_LIMIT`, `TOO_MANY_QUBITS`; nothing is merged then
   */
  merged(qubits: readonly number[]): Register {
    if (this.registers(qubits).length === 1) return this.#byQubit[qubits[0]];
    this.settleAll(qubits);
    const parts = this.registers(qubits).sort((a, b) => b.qubits.length - a.qubits.length);
    this.checkRoom(parts.reduce((sum, part) => sum + part.qubits.length, 0));
    const whole = {
      qubits: parts.flatMap((part) => part.qubits),
      state: parts.map(({ state }) => state).reduce(joined),
      mayFactor: true,
    };
    this.replace(parts, [whole]);
    return whole;
  }

  /**
   * @throws {ResourcePoolError} `MEMORY_LIMIT`, `TOO_MANY_QUBITS` when one more register of so many
   *   qubits, and the work space to split it, has no room
   */
  checkRoom(qubits: number): void {
    if (qubits > MAX_REGISTER_QUBITS) {
      throw new ResourcePoolError(
        'TOO_MANY_QUBITS',
        `${qubits} qubits in one register are above ${MAX_REGISTER_QUBITS}`,
      );
    }
    const needed = this.#bytes + 2 * AMPLITUDE_BYTES * 2 ** qubits;
    if (needed > this.#memoryLimit) {
      throw new ResourcePoolError(
        'MEMORY_LIMIT',
        `a register of ${qubits} qubits brings the states to ${needed} bytes; ` +
          `the limit is ${this.#memoryLimit}`,
      );
    }
  }

  /** Measures a qubit and takes it out of its register, exactly. */
  collapse(qubit: number, random: RandomSource): 0 | 1 {
    const register = this.#byQubit[qubit];
    const bit = register.qubits.indexOf(qubit);
    const outcome = measure(register.state, bit, random);
    const alone = zeroRegister(qubit);
    alone.state.reset(outcome);
    if (register.qubits.length === 1) {
      this.replace([register], [alone]);
      return outcome;
    }
    const rest = {
      qubits: register.qubits.filter((other) => other !== qubit),
      state: withoutBit(register.state, bit, outcome),
      mayFactor: register.qubits.length > 2,
    };
    this.replace([register], [alone, rest]);
    return outcome;
  }

  /** Exchanges two qubits by name. */
  exchange(a: number, b: number): void {
    const first = this.#byQubit[a];
    const second = this.#byQubit[b];
    const bitOfA = first.qubits.indexOf(a);
    const bitOfB = second.qubits.indexOf(b);
    first.qubits[bitOfA] = b;
    second.qubits[bitOfB] = a;
    this.#byQubit[a] = second;
    this.#byQubit[b] = first;
  }

  /** Renames qubit q to destination[q]. */
  relabel(destination: readonly number[]): void {
    for (const register of this.registers()) {
      register.qubits.forEach((qubit, bit) => {
        register.qubits[bit] = destination[qubit];
      });
      for (const qubit of register.qubits) this.#byQubit[qubit] = register;
    }
  }
}
