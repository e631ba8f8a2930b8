import { ResourcePoolError } from '../errors.ts';
import type { Registers } from '../registers/registers.ts';
import { isFresh, parked, unparked } from './parked-state.ts';
import type { ParkedState } from './parked-state.ts';

/** Counted in registers since the system was made. */
export interface PagingMetrics {
  /** Registers that an operation named and found in a state vector, and those it did not. */
  readonly hits: number;
  readonly faults: number;
  /** hits / (hits + faults); 1 before anything was named. */
  readonly hitRate: number;
  readonly evictions: number;
  /** All time spent on parking and bringing back. */
  readonly pagingNs: number;
  /** Physical qubits that hold a virtual one now. */
  readonly resident: number;
  readonly parkedBytes: number;
}

interface Page {
  readonly qubits: readonly number[];
  readonly state: ParkedState;
}

const NOWHERE = -1;

/** Where each virtual qubit is: on a physical one, parked with its register, or never used yet. */
export class PageTable {
  readonly #registers: Registers;
  readonly #parkedLimit: number;
  readonly #clock: { nowNs(): number };
  /** By virtual qubit. */
  readonly #physical: Int32Array;
  readonly #lastUse: Float64Array;
  readonly #pins: Int32Array;
  /** By physical qubit. */
  readonly #virtual: Int32Array;
  readonly #pages = new Map<number, Page>();
  #free: number;
  #uses = 0;
  #hits = 0;
  #faults = 0;
  #evictions = 0;
  #pagingNs = 0;
  #parkedBytes = 0;

  constructor(
    virtual: number,
    registers: Registers,
    parkedLimitBytes: number,
    clock: { nowNs(): number },
  ) {
    this.#registers = registers;
    this.#parkedLimit = parkedLimitBytes;
    this.#clock = clock;
    this.#physical = new Int32Array(virtual).fill(NOWHERE);
    this.#lastUse = new Float64Array(virtual);
    this.#pins = new Int32Array(virtual);
    this.#virtual = new Int32Array(registers.qubits).fill(NOWHERE);
    this.#free = registers.qubits;
  }

  get metrics(): PagingMetrics {
    const named = this.#hits + this.#faults;
    return Object.freeze({
      hits: this.#hits,
      faults: this.#faults,
      hitRate: named === 0 ? 1 : this.#hits / named,
      evictions: this.#evictions,
      pagingNs: this.#pagingNs,
      resident: this.#registers.qubits - this.#free,
      parkedBytes: this.#parkedBytes,
    });
  }

  /** The register of a virtual qubit, in virtual qubits, ascending. */
  members(qubit: number): readonly number[] {
    const physical = this.#physical[qubit];
    if (physical === NOWHERE) {
      const page = this.#pages.get(qubit);
      return page === undefined ? [qubit] : [...page.qubits].sort((a, b) => a - b);
    }
    const places = [physical, ...this.#registers.partners([physical])];
    return places.map((place) => this.#virtual[place]).sort((a, b) => a - b);
  }

  /**
   * Brings the registers of some virtual qubits into state vectors; the physical qubits they are
   * on.
   *
   * @throws {ResourcePoolError} `EXCEEDS_PHYSICAL`, `PINNED`, `MEMORY_LIMIT`
   */
  resident(qubits: readonly number[]): number[] {
    const named = this.#registersOf(qubits);
    const needed = new Set(named.flat());
    if (needed.size > this.#registers.qubits) {
      throw new ResourcePoolError(
        'EXCEEDS_PHYSICAL',
        `${needed.size} qubits are needed at once; ${this.#registers.qubits} are physical`,
      );
    }
    const missing = named.filter(([first]) => this.#physical[first] === NOWHERE);
    if (missing.length > 0) {
      const startNs = this.#clock.nowNs();
      this.#makeRoom(missing.flat().length, needed);
      for (const members of missing) this.#bringIn(members);
      this.#faults += missing.length;
      this.#pagingNs += this.#clock.nowNs() - startNs;
    }
    this.#hits += named.length - missing.length;
    this.#uses += 1;
    for (const qubit of needed) this.#lastUse[qubit] = this.#uses;
    return qubits.map((qubit) => this.#physical[qubit]);
  }

  /** Counts a pin on each of these qubits, which are resident, until disposed of. */
  pin(qubits: readonly number[]): Disposable {
    const pinned = [...qubits];
    for (const qubit of pinned) this.#pins[qubit] += 1;
    let isOpen = true;
    return {
      [Symbol.dispose]: () => {
        if (isOpen) for (const qubit of pinned) this.#pins[qubit] -= 1;
        isOpen = false;
      },
    };
  }

  /** The distinct registers of some virtual qubits. */
  #registersOf(qubits: readonly number[]): (readonly number[])[] {
    const seen = new Set<number>();
    const found: (readonly number[])[] = [];
    for (const qubit of qubits) {
      if (seen.has(qubit)) continue;
      const members = this.members(qubit);
      for (const member of members) seen.add(member);
      found.push(members);
    }
    return found;
  }

  /** Parks registers, the least recently used first, until `count` physical qubits are free. */
  #makeRoom(count: number, needed: ReadonlySet<number>): void {
    if (this.#free >= count) return;
    const used = Array.from(this.#virtual).filter((qubit) => qubit !== NOWHERE);
    const candidates = this.#registersOf(used)
      .filter((members) => members.every((qubit) => !needed.has(qubit) && this.#pins[qubit] === 0))
      .map((members) => ({
        members,
        lastUse: members.reduce((latest, qubit) => Math.max(latest, this.#lastUse[qubit]), 0),
      }))
      .sort((a, b) => a.lastUse - b.lastUse || a.members[0] - b.members[0]);
    const evictable = candidates.reduce((sum, { members }) => sum + members.length, 0);
    if (this.#free + evictable < count) {
      throw new ResourcePoolError(
        'PINNED',
        `${count} physical qubits are needed; ${this.#free} are free, ${evictable} are not pinned`,
      );
    }
    for (const { members } of candidates) {
      if (this.#free >= count) return;
      this.#park(members);
    }
  }

  #park(members: readonly number[]): void {
    const { qubits: places, state } = this.#registers.take(this.#physical[members[0]]);
    const page = { qubits: places.map((place) => this.#virtual[place]), state: parked(state) };
    if (this.#parkedBytes + page.state.bytes > this.#parkedLimit && !isFresh(page.state)) {
      this.#registers.put(places, state);
      throw new ResourcePoolError(
        'MEMORY_LIMIT',
        `parked states would take ${this.#parkedBytes + page.state.bytes} bytes; ` +
          `the limit is ${this.#parkedLimit}`,
      );
    }
    for (const place of places) {
      this.#physical[this.#virtual[place]] = NOWHERE;
      this.#virtual[place] = NOWHERE;
    }
    this.#free += places.length;
    this.#evictions += 1;
    if (isFresh(page.state)) return;
    this.#parkedBytes += page.state.bytes;
    for (const qubit of page.qubits) this.#pages.set(qubit, page);
  }

  #bringIn(members: readonly number[]): void {
    const page = this.#pages.get(members[0]);
    const qubits = page?.qubits ?? members;
    const places: number[] = [];
    for (let place = 0; places.length < qubits.length; place++) {
      if (this.#virtual[place] === NOWHERE) places.push(place);
    }
    // Free physical qubits are |0⟩, which is all that a qubit never used needs.
    if (page !== undefined) {
      this.#registers.put(places, unparked(page.state));
      this.#parkedBytes -= page.state.bytes;
      for (const qubit of page.qubits) this.#pages.delete(qubit);
    }
    places.forEach((place, k) => {
      this.#virtual[place] = qubits[k];
      this.#physical[qubits[k]] = place;
    });
    this.#free -= places.length;
  }
}
