import type { StateVector } from '@sema/simulator';
import { Circuit, fidelity, type RandomSource } from '@sema/simulator';
import { runTrajectory } from '@sema/simulator/noise';
import type { Clock } from '../clock.ts';
import { TimingBufferError } from '../errors.ts';
import { checkDuration } from './pauli-rates.ts';
import type { Protection } from './protection.ts';

/** A state of more qubits would not be kept twice in 2 MiB. */
const MAX_STATE_QUBITS = 16;
const MAX_BANK_QUBITS = 1024;

export interface BankOptions {
  readonly name: string;
  /** It takes states that are to be kept no longer than this. Above 0. */
  readonly longestNs: number;
  /** How many qubits it keeps at a time: 1 to 1024. */
  readonly capacityQubits: number;
  readonly protection: Protection;
}

/** A state in a bank. What has become of it is asked of the memory. */
export interface PreservedState {
  readonly bank: string;
  readonly qubits: number;
  readonly preservedNs: number;
  /** When its declared time is over; it may be retrieved later, if it is still there. */
  readonly dueNs: number;
}

export interface RetrievedState {
  /** The state as it came back, the caller's own. */
  readonly state: StateVector;
  readonly keptNs: number;
  /** Of this state to the one that was preserved. */
  readonly fidelity: number;
  /** Of each qubit, averaged over the six cardinal states: what the protection promises. */
  readonly expectedFidelity: number;
}

export interface BankMetrics {
  readonly heldQubits: number;
  readonly preserved: number;
  readonly retrieved: number;
  readonly evicted: number;
}

/**
 * Keeps quantum states through classical delays, in banks by time scale. A state goes to the bank
 * of the shortest time that is long enough. A full bank evicts: states past their declared time
 * first, the longest past first of all, then the oldest, which has decayed most, until the new one
 * fits.
 *
 * A retrieved state has suffered what its bank's protection says for the time it was there, drawn
 * at random, and is in the bank no more: a state cannot be copied.
 */
export class StateBanks {
  readonly #banks: readonly Bank[];
  readonly #clock: Clock;
  readonly #random: RandomSource;
  /** Where each state is, as long as its caller holds on to it. */
  readonly #places = new WeakMap<PreservedState, Place>();

  /**
   * @param banks - in order of rising `longestNs`, at least one.
   * @throws {TimingBufferError} `BANKS_OUT_OF_ORDER`, `CAPACITY_OUT_OF_RANGE`,
   *   `DURATION_OUT_OF_RANGE`
   */
  constructor(banks: readonly BankOptions[], clock: Clock, random: RandomSource) {
    checkBanks(banks);
    this.#banks = banks.map((options) => new Bank(options));
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Takes a state, which is copied, for a time.
   *
   * @param state - of 1 to 16 qubits.
   * @param forNs - how long it is to be kept.
   * @throws {TimingBufferError} `DURATION_OUT_OF_RANGE` when no bank keeps states so long,
   *   `TOO_MANY_QUBITS` when the bank is too small
   */
  preserve(state: StateVector, forNs: number): Promise<PreservedState> {
    return settled(() => {
      checkDuration(forNs);
      const bank = this.#banks.find(({ options }) => forNs <= options.longestNs);
      if (bank === undefined) {
        const longest = this.#banks[this.#banks.length - 1].options.longestNs;
        throw new TimingBufferError(
          'DURATION_OUT_OF_RANGE',
          `no bank keeps a state for ${forNs} ns; the longest time is ${longest} ns`,
        );
      }
      const now = this.#clock.nowNs();
      const handle: PreservedState = Object.freeze({
        bank: bank.options.name,
        qubits: state.qubits,
        preservedNs: now,
        dueNs: now + forNs,
      });
      this.#places.set(handle, bank.add(handle, state));
      return handle;
    });
  }

  /**
   * Gives a state back as it is now.
   *
   * @throws {TimingBufferError} `STATE_EVICTED`, `STATE_TAKEN` when it was retrieved before,
   *   `STATE_UNKNOWN` when it was never preserved here, `TIME_RAN_BACKWARDS`
   */
  retrieve(handle: PreservedState): Promise<RetrievedState> {
    return settled(() => {
      const place = this.#places.get(handle);
      if (place === undefined) {
        throw new TimingBufferError('STATE_UNKNOWN', 'this state was never preserved here');
      }
      if (place.status !== 'held') {
        const { bank, preservedNs } = handle;
        throw new TimingBufferError(
          place.status === 'evicted' ? 'STATE_EVICTED' : 'STATE_TAKEN',
          `the state preserved at ${preservedNs} ns in bank ${bank} has been ${place.status}`,
        );
      }
      const keptNs = this.#clock.nowNs() - handle.preservedNs;
      if (!(keptNs >= 0)) {
        throw new TimingBufferError('TIME_RAN_BACKWARDS', `the state was kept for ${keptNs} ns`);
      }
      const { protection } = place.bank.options;
      using input = place.bank.take(place);
      const state = input.copy();
      decay(state, protection, keptNs, this.#random);
      return {
        state,
        keptNs,
        fidelity: fidelity(input, state),
        expectedFidelity: protection.fidelityAfter(keptNs),
      };
    });
  }

  /** By the name of each bank. */
  get metrics(): Readonly<Record<string, BankMetrics>> {
    return Object.fromEntries(this.#banks.map(({ options, metrics }) => [options.name, metrics]));
  }
}

interface Place {
  readonly bank: Bank;
  readonly handle: PreservedState;
  status: 'held' | 'retrieved' | 'evicted';
  state: StateVector | undefined;
}

class Bank {
  readonly options: BankOptions;
  /** Oldest first. */
  readonly #places: Place[] = [];
  #held = 0;
  #preserved = 0;
  #retrieved = 0;
  #evicted = 0;

  constructor(options: BankOptions) {
    this.options = options;
  }

  get metrics(): BankMetrics {
    return {
      heldQubits: this.#held,
      preserved: this.#preserved,
      retrieved: this.#retrieved,
      evicted: this.#evicted,
    };
  }

  add(handle: PreservedState, state: StateVector): Place {
    const { name, capacityQubits } = this.options;
    const most = Math.min(capacityQubits, MAX_STATE_QUBITS);
    if (!(handle.qubits >= 1 && handle.qubits <= most)) {
      throw new TimingBufferError(
        'TOO_MANY_QUBITS',
        `bank ${name} takes states of 1 to ${most} qubits, not of ${handle.qubits}`,
      );
    }
    const copy = state.copy();
    while (this.#held + handle.qubits > capacityQubits) this.#evict(handle.preservedNs);
    const place: Place = { bank: this, handle, status: 'held', state: copy };
    this.#places.push(place);
    this.#held += handle.qubits;
    this.#preserved++;
    return place;
  }

  take(place: Place): StateVector {
    this.#retrieved++;
    return this.#remove(place, 'retrieved');
  }

  #evict(now: number): void {
    const overdue = this.#places.filter(({ handle }) => handle.dueNs < now);
    const next = overdue.reduce<Place | undefined>(
      (first, place) => (first && first.handle.dueNs <= place.handle.dueNs ? first : place),
      undefined,
    );
    this.#evicted++;
    using _lost = this.#remove(next ?? this.#places[0], 'evicted');
  }

  #remove(place: Place, status: 'retrieved' | 'evicted'): StateVector {
    const { state, handle } = place;
    if (state === undefined) throw new Error('a held state is there');
    this.#places.splice(this.#places.indexOf(place), 1);
    this.#held -= handle.qubits;
    place.status = status;
    place.state = undefined;
    return state;
  }
}

function decay(
  state: StateVector,
  protection: Protection,
  keptNs: number,
  random: RandomSource,
): void {
  const circuit = new Circuit(state.qubits);
  for (let qubit = 0; qubit < state.qubits; qubit++) circuit.id(qubit);
  const noise = { gates: [{ channel: protection.after(keptNs) }] };
  runTrajectory(circuit, state, { noise, random });
}

/** A promise of what is computed at once; what it throws is a rejection. */
function settled<Value>(compute: () => Value): Promise<Value> {
  return new Promise((resolve) => {
    resolve(compute());
  });
}

function checkBanks(banks: readonly BankOptions[]): void {
  let before = 0;
  for (const { name, longestNs, capacityQubits } of banks) {
    checkDuration(longestNs);
    if (!(longestNs > before)) {
      throw new TimingBufferError(
        'BANKS_OUT_OF_ORDER',
        `bank ${name} of ${longestNs} ns follows one of ${before} ns`,
      );
    }
    before = longestNs;
    const possible = capacityQubits >= 1 && capacityQubits <= MAX_BANK_QUBITS;
    if (possible && Number.isInteger(capacityQubits)) continue;
    throw new TimingBufferError(
      'CAPACITY_OUT_OF_RANGE',
      `${capacityQubits} qubits of bank ${name} are no whole number in [1, ${MAX_BANK_QUBITS}]`,
    );
  }
  if (new Set(banks.map(({ name }) => name)).size < Math.max(1, banks.length)) {
    throw new TimingBufferError('BANKS_OUT_OF_ORDER', 'there are no banks or two of one name');
  }
}
