import type { Circuit, DensityMatrix, RandomSource, StateVector } from '@sema/simulator';
import { ResourcePoolError } from '../errors.ts';
import type { KrausOperators } from '../registers/kraus.ts';
import { checkQubits } from '../registers/register-arguments.ts';
import { Registers } from '../registers/registers.ts';
import type { RegisterRunOptions, RegistersOptions } from '../registers/registers.ts';
import { PageTable } from './page-table.ts';
import type { PagingMetrics } from './page-table.ts';

/** The most virtual qubits of one system. */
export const MAX_VIRTUAL_QUBITS = 4096;

export interface VirtualQubitsOptions extends RegistersOptions {
  /** How many qubits programs see: an integer in [1, 4096]. */
  readonly virtual: number;
  /** How many can be in state vectors at once: an integer in [1, 64]. */
  readonly physical: number;
  /** The most that parked states may take, in bytes. */
  readonly parkedLimitBytes: number;
  /** Measures the time spent on paging. */
  readonly clock: { nowNs(): number };
}

/**
 * More qubits than there are: whole registers are parked in compact storage, the least recently
 * used first, and brought back bit for bit when an operation names one of their qubits. The
 * methods are those of `Registers`, on virtual qubits; each may also throw `EXCEEDS_PHYSICAL`,
 * when the registers it needs have together more qubits than are physical, `PINNED`, when pinned
 * registers leave no room, or `MEMORY_LIMIT` for parked states. Nothing has been applied then.
 */
export class VirtualQubits {
  readonly qubits: number;
  readonly #registers: Registers;
  readonly #table: PageTable;

  /** @throws {ResourcePoolError} `INVALID_CAPACITY`, `INVALID_OPTION` */
  constructor(options: VirtualQubitsOptions) {
    const { virtual, physical, parkedLimitBytes, clock } = options;
    if (!Number.isInteger(virtual) || virtual < 1 || virtual > MAX_VIRTUAL_QUBITS) {
      throw new ResourcePoolError(
        'INVALID_CAPACITY',
        `${virtual} virtual qubits are not an integer in [1, ${MAX_VIRTUAL_QUBITS}]`,
      );
    }
    if (!Number.isSafeInteger(parkedLimitBytes) || parkedLimitBytes < 0) {
      throw new ResourcePoolError(
        'INVALID_OPTION',
        `parkedLimitBytes ${parkedLimitBytes} is not an integer of at least 0`,
      );
    }
    this.qubits = virtual;
    this.#registers = new Registers(physical, options);
    this.#table = new PageTable(virtual, this.#registers, parkedLimitBytes, clock);
  }

  get metrics(): PagingMetrics {
    return this.#table.metrics;
  }

  /** The sets of qubits that are entangled throughout, each ascending, ordered by their first. */
  groups(): number[][] {
    const groups: number[][] = [];
    for (let qubit = 0; qubit < this.qubits; qubit++) {
      const members = this.#table.members(qubit);
      if (members[0] === qubit) groups.push([...members]);
    }
    return groups;
  }

  /** As `Registers.partners`; pages nothing. */
  partners(qubits: readonly number[]): number[] {
    checkQubits(qubits, this.qubits);
    const joint = new Set(qubits.flatMap((qubit) => this.#table.members(qubit)));
    return [...joint].filter((qubit) => !qubits.includes(qubit)).sort((a, b) => a - b);
  }

  /** As `Registers.run`. */
  run(
    circuit: Circuit,
    qubits: readonly number[],
    options: RegisterRunOptions = {},
  ): { bits: Uint8Array } {
    return this.#registers.run(circuit, this.#resident(qubits), options);
  }

  /** As `Registers.measure`. */
  measure(qubit: number, random: RandomSource): 0 | 1 {
    return this.#registers.measure(this.#resident([qubit])[0], random);
  }

  /** As `Registers.reset`. */
  reset(qubit: number, random: RandomSource): 0 | 1 {
    return this.#registers.reset(this.#resident([qubit])[0], random);
  }

  /** As `Registers.applyChannel`. */
  applyChannel(operators: KrausOperators, qubits: readonly number[], random: RandomSource): number {
    return this.#registers.applyChannel(operators, this.#resident(qubits), random);
  }

  /** As `Registers.reducedDensityMatrix`. */
  reducedDensityMatrix(qubits: readonly number[]): DensityMatrix {
    return this.#registers.reducedDensityMatrix(this.#resident(qubits));
  }

  /** As `Registers.expectationValue`. */
  expectationValue(paulis: Readonly<Record<number, 'X' | 'Y' | 'Z'>>): number {
    const qubits = Object.keys(paulis).map(Number);
    if (qubits.length === 0) return 1;
    const places = this.#resident(qubits);
    return this.#registers.expectationValue(
      Object.fromEntries(qubits.map((qubit, k) => [places[k], paulis[qubit]])),
    );
  }

  /** As `Registers.stateOf`. */
  stateOf(qubits: readonly number[]): StateVector {
    this.#checkClosed(qubits);
    return this.#registers.stateOf(this.#resident(qubits));
  }

  /** As `Registers.write`. */
  write(qubits: readonly number[], state: StateVector): void {
    this.#checkClosed(qubits);
    this.#registers.write(this.#resident(qubits), state);
  }

  /** As `Registers.checkZero`. */
  checkZero(qubits: readonly number[]): void {
    this.#checkClosed(qubits);
    const entangled = qubits.filter((qubit) => this.#table.members(qubit).length > 1);
    if (entangled.length > 0) throw entanglement(qubits, entangled);
    this.#registers.checkZero(this.#resident(qubits));
  }

  /**
   * Keeps the registers of these qubits in state vectors until the pin is disposed of.
   *
   * @throws {ResourcePoolError} `EXCEEDS_PHYSICAL`, `PINNED`, `MEMORY_LIMIT`, `INVALID_QUBITS`
   */
  pin(qubits: readonly number[]): Disposable {
    this.#resident(qubits);
    return this.#table.pin(qubits);
  }

  #resident(qubits: readonly number[]): number[] {
    checkQubits(qubits, this.qubits);
    return this.#table.resident(qubits);
  }

  #checkClosed(qubits: readonly number[]): void {
    const partners = this.partners(qubits);
    if (partners.length > 0) throw entanglement(qubits, partners);
  }
}

function entanglement(qubits: readonly number[], partners: readonly number[]): ResourcePoolError {
  return new ResourcePoolError(
    'ENTANGLED',
    `among qubits ${qubits.join(', ')} is entanglement with ${partners.join(', ')}`,
    { partners: [...partners].sort((a, b) => a - b) },
  );
}
