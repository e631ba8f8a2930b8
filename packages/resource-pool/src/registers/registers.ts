import { expectationValue, reducedDensityMatrix } from '@sema/simulator';
import type { Circuit, DensityMatrix, RandomSource, StateVector } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';
import { CircuitExecution } from './circuit-execution.ts';
import { productOf } from './density-product.ts';
import { applyDrawn, checkChannel } from './kraus.ts';
import type { KrausOperators } from './kraus.ts';
import { ProductState } from './product-state.ts';
import { checkQubits, checkRun } from './register-arguments.ts';
import { zeroRegister } from './register.ts';
import type { Register } from './register.ts';
import { joined, reordered } from './separate.ts';

/** The most qubits that one system numbers. */
export const MAX_SYSTEM_QUBITS = 64;
/** The default bound on the second Schmidt coefficient of what counts as a product. */
export const SCHMIDT_TOLERANCE = 1e-10;
const MAX_READ_QUBITS = 12;

export interface RegistersOptions {
  /**
   * The most that all state vectors and the work space of one merge may take together, in bytes:
   * at least 32 a qubit. A merge to n qubits needs 16·2^n, and as much again to split it later.
   */
  readonly memoryLimitBytes: number;
  /**
   * Two parts count as unentangled when the norm of what separating them would drop is at most
   * this: in (0, 1e-3]; 1e-10 when absent, far above rounding and far below any amplitude of use.
   */
  readonly tolerance?: number;
}

export interface RegisterRunOptions {
  /** One finite number for each of circuit.parameters. */
  readonly parameters?: ArrayLike<number>;
  /** Needed when the circuit measures or resets. */
  readonly random?: RandomSource;
}

/**
 * The pure state of some qubits as a product of registers, one state vector for each set that is
 * entangled. All start in |0⟩. A gate across registers merges them, and whatever has become a
 * product is split off again; a swap only renames, and a control that is |0⟩ or |1⟩ merges
 * nothing.
 *
 * Arguments are checked before anything changes. `MEMORY_LIMIT` and `TOO_MANY_QUBITS` may come in
 * the middle of a circuit; the operations before have then been applied.
 */
export class Registers {
  readonly qubits: number;
  readonly #system: ProductState;

  /**
   * @param qubits - integer in [1, 64].
   * @throws {ResourcePoolError} `INVALID_CAPACITY`, `INVALID_OPTION`
   */
  constructor(qubits: number, options: RegistersOptions) {
    const { memoryLimitBytes, tolerance = SCHMIDT_TOLERANCE } = options;
    if (!Number.isInteger(qubits) || qubits < 1 || qubits > MAX_SYSTEM_QUBITS) {
      throw new ResourcePoolError(
        'INVALID_CAPACITY',
        `${qubits} qubits are not an integer in [1, ${MAX_SYSTEM_QUBITS}]`,
      );
    }
    if (!Number.isSafeInteger(memoryLimitBytes) || memoryLimitBytes < 32 * qubits) {
      throw new ResourcePoolError(
        'INVALID_OPTION',
        `memoryLimitBytes ${memoryLimitBytes} is not an integer of at least ${32 * qubits}`,
      );
    }
    if (!(tolerance > 0 && tolerance <= 1e-3)) {
      throw new ResourcePoolError('INVALID_OPTION', `tolerance ${tolerance} is not in (0, 1e-3]`);
    }
    this.qubits = qubits;
    this.#system = new ProductState(qubits, memoryLimitBytes, tolerance);
  }

  /** The bytes of all state vectors now. */
  get bytes(): number {
    return this.#system.bytes;
  }

  /** The sets of qubits that are entangled throughout, each ascending, ordered by their first. */
  groups(): number[][] {
    return this.#system.registers().map(({ qubits }) => ascending(qubits));
  }

  /**
   * The qubits outside the list that are entangled with some in it, ascending.
   *
   * @throws {ResourcePoolError} `INVALID_QUBITS`
   */
  partners(qubits: readonly number[]): number[] {
    checkQubits(qubits, this.qubits);
    const joint = this.#system.registers(qubits).flatMap((register) => register.qubits);
    return ascending(joint.filter((qubit) => !qubits.includes(qubit)));
  }

  /**
   * Runs a circuit, its qubit q on qubits[q]. Classical bits start at 0.
   *
   * @throws {ResourcePoolError} `INVALID_QUBITS`, `INVALID_REQUEST` when the parameters do not fit,
   *   `RANDOM_SOURCE_MISSING`, `MEMORY_LIMIT`, `TOO_MANY_QUBITS` above 25 in one register
   */
  run(
    circuit: Circuit,
    qubits: readonly number[],
    options: RegisterRunOptions = {},
  ): { bits: Uint8Array } {
    const { parameters = [], random } = options;
    checkQubits(qubits, this.qubits);
    checkRun(circuit, qubits, parameters, random);
    const execution = new CircuitExecution(this.#system, circuit, qubits, parameters, random);
    execution.run(circuit.operations);
    return { bits: execution.bits };
  }

  /**
   * Measures a qubit, which leaves it alone in its register. Draws one number.
   *
   * @throws {ResourcePoolError} `INVALID_QUBITS`
   */
  measure(qubit: number, random: RandomSource): 0 | 1 {
    checkQubits([qubit], this.qubits);
    const { qubits } = this.#system.of(qubit);
    const outcome = this.#system.collapse(qubit, random);
    this.#system.settleAll(qubits);
    return outcome;
  }

  /** Measures a qubit and leaves it |0⟩; gives the outcome. As `measure`. */
  reset(qubit: number, random: RandomSource): 0 | 1 {
    const outcome = this.measure(qubit, random);
    this.#system.of(qubit).state.reset();
    return outcome;
  }

  /**
   * Applies a channel as one quantum trajectory: an operator drawn with its probability, so that
   * the average over draws is the channel. Draws one number.
   *
   * @param operators - on 1 to 4 qubits; Σ K†K must be the identity to 1e-10.
   * @returns which operator was applied.
   * @throws {ResourcePoolError} `INVALID_CHANNEL`, `INVALID_QUBITS`, `MEMORY_LIMIT`,
   *   `TOO_MANY_QUBITS`
   */
  applyChannel(operators: KrausOperators, qubits: readonly number[], random: RandomSource): number {
    checkQubits(qubits, this.qubits);
    checkChannel(operators, qubits.length);
    const register = this.#system.merged(qubits);
    const bits = qubits.map((qubit) => register.qubits.indexOf(qubit));
    const index = applyDrawn(register.state, operators, bits, random);
    register.mayFactor = register.qubits.length > 1;
    this.#system.settle(register);
    return index;
  }

  /**
   * The state of the listed qubits alone, all others traced out; the first is the least significant
   * bit of its indices. At most 12 qubits. O(2^(n + k)) for registers of n.
   *
   * @throws {ResourcePoolError} `INVALID_QUBITS`, `TOO_MANY_QUBITS`
   */
  reducedDensityMatrix(qubits: readonly number[]): DensityMatrix {
    checkQubits(qubits, this.qubits);
    if (qubits.length > MAX_READ_QUBITS) {
      throw new ResourcePoolError(
        'TOO_MANY_QUBITS',
        `a density matrix of ${qubits.length} qubits is above ${MAX_READ_QUBITS}`,
      );
    }
    const parts = this.#system.registers(qubits).map((register) => {
      const members = qubits.filter((qubit) => register.qubits.includes(qubit));
      const bits = members.map((qubit) => register.qubits.indexOf(qubit));
      return {
        rho: reducedDensityMatrix(register.state, bits),
        positions: members.map((qubit) => qubits.indexOf(qubit)),
      };
    });
    return productOf(parts, qubits.length);
  }

  /**
   * The expectation of a product of Paulis, by qubit; 1 when there are none. O(2^n).
   *
   * @throws {ResourcePoolError} `INVALID_QUBITS`
   */
  expectationValue(paulis: Readonly<Record<number, 'X' | 'Y' | 'Z'>>): number {
    const qubits = Object.keys(paulis).map(Number);
    if (qubits.length === 0) return 1;
    checkQubits(qubits, this.qubits);
    let product = 1;
    for (const register of this.#system.registers(qubits)) {
      const local: Record<number, 'X' | 'Y' | 'Z'> = {};
      register.qubits.forEach((qubit, bit) => {
        if (Object.hasOwn(paulis, qubit)) local[bit] = paulis[qubit];
      });
      product *= expectationValue(register.state, [{ coefficient: 1, paulis: local }]);
    }
    return product;
  }

  /**
   * A copy of the pure state of the listed qubits, the first the least significant.
   *
   * @throws {ResourcePoolError} `ENTANGLED`, with the partners, when they have no state of their
   *   own; `INVALID_QUBITS`, `MEMORY_LIMIT`, `TOO_MANY_QUBITS`
   */
  stateOf(qubits: readonly number[]): StateVector {
    const registers = this.#closed(qubits);
    this.#system.checkRoom(qubits.length);
    const product = registers.map(({ state }) => state).reduce(joined);
    const order = registers.flatMap((register) => register.qubits);
    return reordered(
      product,
      order.map((qubit) => qubits.indexOf(qubit)),
    );
  }

  /**
   * Replaces the state of the listed qubits, which must be unentangled with all others, by a copy
   * of another, whose qubit k goes to qubits[k].
   *
   * @param state - of norm 1, which is not checked here.
   * @throws {ResourcePoolError} `ENTANGLED` with the partners, `INVALID_STATE` when the numbers of
   *   qubits differ, `INVALID_QUBITS`, `MEMORY_LIMIT`, `TOO_MANY_QUBITS`
   */
  write(qubits: readonly number[], state: StateVector): void {
    const old = this.#closed(qubits);
    checkFit(state, qubits);
    this.#system.checkRoom(qubits.length);
    const fresh = { qubits: [...qubits], state: state.copy(), mayFactor: qubits.length > 1 };
    this.#system.replace(old, [fresh]);
    this.#system.settle(fresh);
  }

  /**
   * Takes the state out of a whole register and leaves its qubits |0⟩. The state is neither copied
   * nor touched; its bit k is qubits[k].
   *
   * @param qubit - any qubit of the register.
   * @throws {ResourcePoolError} `INVALID_QUBITS`
   */
  take(qubit: number): { readonly qubits: readonly number[]; readonly state: StateVector } {
    checkQubits([qubit], this.qubits);
    const register = this.#system.of(qubit);
    this.#system.replace([register], register.qubits.map(zeroRegister));
    return register;
  }

  /**
   * Puts what `take` gave on qubits that are |0⟩, without a copy or any arithmetic. The state now
   * belongs to these registers.
   *
   * @throws {ResourcePoolError} `NOT_ZERO`, `ENTANGLED`, `INVALID_QUBITS`, `INVALID_STATE`,
   *   `MEMORY_LIMIT`, `TOO_MANY_QUBITS`
   */
  put(qubits: readonly number[], state: StateVector): void {
    this.checkZero(qubits);
    checkFit(state, qubits);
    this.#system.checkRoom(qubits.length);
    this.#system.replace(this.#system.registers(qubits), [
      { qubits: [...qubits], state, mayFactor: false },
    ]);
  }

  /**
   * Proves that qubits are |0⟩ and makes them so exactly: what is left of |1⟩ may have an amplitude
   * of up to `tolerance`.
   *
   * @throws {ResourcePoolError} `ENTANGLED`, with the partners outside the list, or inside when
   *   there are none; `NOT_ZERO`; `INVALID_QUBITS`
   */
  checkZero(qubits: readonly number[]): void {
    const outside = this.partners(qubits);
    const entangled = qubits.filter((qubit) => this.#system.of(qubit).qubits.length > 1);
    if (entangled.length > 0) {
      throw entanglement(entangled, outside.length > 0 ? outside : ascending(entangled));
    }
    const { tolerance } = this.#system;
    for (const qubit of qubits) {
      const { real, imaginary } = this.#system.of(qubit).state;
      const weight = real[1] * real[1] + imaginary[1] * imaginary[1];
      if (weight <= tolerance * tolerance) continue;
      throw new ResourcePoolError('NOT_ZERO', `qubit ${qubit} is 1 with probability ${weight}`);
    }
    for (const qubit of qubits) this.#system.of(qubit).state.reset();
  }

  /**
   * Renames qubits: what was qubit q becomes destination[q]. No amplitude is touched. O(qubits).
   *
   * @param destination - a permutation of all qubits.
   * @throws {ResourcePoolError} `INVALID_QUBITS`
   */
  relabel(destination: readonly number[]): void {
    checkQubits(destination, this.qubits);
    if (destination.length !== this.qubits) {
      throw new ResourcePoolError('INVALID_QUBITS', 'a renaming lists every qubit once');
    }
    this.#system.relabel(destination);
  }

  /** The registers of qubits that are entangled with no others. */
  #closed(qubits: readonly number[]): Register[] {
    const partners = this.partners(qubits);
    if (partners.length > 0) throw entanglement(qubits, partners);
    return this.#system.registers(qubits);
  }
}

function checkFit(state: StateVector, qubits: readonly number[]): void {
  if (state.qubits === qubits.length) return;
  throw new ResourcePoolError(
    'INVALID_STATE',
    `a state of ${state.qubits} qubits does not fit ${qubits.length}`,
  );
}

function entanglement(qubits: readonly number[], partners: readonly number[]): ResourcePoolError {
  return new ResourcePoolError(
    'ENTANGLED',
    `among qubits ${qubits.join(', ')} is entanglement with ${partners.join(', ')}`,
    { partners },
  );
}

function ascending(qubits: readonly number[]): number[] {
  return [...qubits].sort((a, b) => a - b);
}
