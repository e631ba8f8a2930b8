import { mulberry32, StateVector } from '@sema/simulator';
import { monadHash } from '@sema/synthesis-crypto';
import type { Clock } from '@sema/timing-buffer';
import { TimingBufferError } from '@sema/timing-buffer';
import { StateBanks, unprotectedFidelity } from '@sema/timing-buffer/quantum-memory';
import type {
  BankMetrics,
  BankOptions,
  CoherenceTimes,
  PreservedState,
  RetrievedState,
} from '@sema/timing-buffer/quantum-memory';
import { EXPERT_QUBITS } from './board.ts';

export interface TickMemoryOptions {
  /** In order of rising time; a state goes to the first that keeps it long enough. */
  readonly banks: readonly BankOptions[];
  /** Of the bare qubit that the protected one is compared with. */
  readonly unprotected: CoherenceTimes;
}

/** What became of the learner's state between two decisions. */
export type MemoryAnswer =
  /** Nothing was preserved before, as at the first decision of a session. */
  | { readonly status: 'empty' }
  | {
      readonly status: 'retrieved';
      readonly bank: string;
      readonly keptNs: number;
      /** Of the register that came back to the one preserved, as drawn this time. */
      readonly fidelity: number;
      /** Of one kept qubit to its input, averaged over the six cardinal states. */
      readonly expectedFidelity: number;
      /** The same of a bare qubit over the same time. */
      readonly unprotectedFidelity: number;
      /** Total variation between the weights that came back and the exact ones, in [0, 1]. */
      readonly weightDistance: number;
    }
  /** It could not be kept or given back; the code is a `TimingBufferError`'s. */
  | { readonly status: 'lost'; readonly code: string };

/** The decision after which a state is kept, and which makes its errors repeatable. */
export interface MemoryMoment {
  /** Hash of the model that decided. */
  readonly model: string;
  readonly sequence: number;
  /** Ms since the Unix epoch. */
  readonly decidedAt: number;
}

/** A state in the memory, or why it is not there. */
export type MemoryTicket =
  | {
      readonly handle: PreservedState;
      readonly moment: MemoryMoment;
      readonly weights: Float64Array;
    }
  | { readonly lost: string };

export interface MemoryExchange {
  readonly answer: MemoryAnswer;
  readonly ticket: MemoryTicket;
}

/**
 * Keeps the learner's state, the amplitudes √weights over 16 basis states, in quantum memory from
 * one decision to the next, and measures what the delay does to it. Several sessions may share one
 * memory, and then evict each other's states.
 *
 * All that goes in is in receipts: the time kept lies between two `decidedAt`, and the errors are
 * drawn by a generator that the model's hash and the sequence number seed. So a report can be
 * computed again.
 */
export class TickMemory {
  readonly #banks: StateBanks;
  readonly #unprotected: CoherenceTimes;
  /** Set at each access, since the times and the draws are those of one state. */
  #nowNs = 0;
  #random = mulberry32(0);
  #originMs: number | undefined;

  /** @throws {TimingBufferError} as of `StateBanks`, and `INVALID_COHERENCE_TIMES` */
  constructor(options: TickMemoryOptions) {
    // Refuses bad times now and not at the first decision.
    unprotectedFidelity(options.unprotected, 0);
    this.#unprotected = options.unprotected;
    const clock: Clock = { nowNs: () => this.#nowNs };
    this.#banks = new StateBanks(options.banks, clock, { next: () => this.#random.next() });
  }

  /** By the name of each bank. */
  get metrics(): Readonly<Record<string, BankMetrics>> {
    return this.#banks.metrics;
  }

  /**
   * Retrieves the state of the last decision and preserves that of this one, in this order, so that
   * they need no room beside each other.
   *
   * @param before - the ticket of the last exchange; `undefined` at the first decision.
   * @param weights - of the learner: at most 16, sum 1; kept by the ticket, so not to be changed.
   * @param forMs - how long the new state is expected to be kept.
   */
  async exchange(
    before: MemoryTicket | undefined,
    weights: Float64Array,
    moment: MemoryMoment,
    forMs: number,
  ): Promise<MemoryExchange> {
    const answer = await this.#retrieve(before, moment.decidedAt);
    return { answer, ticket: await this.#preserve(weights, moment, forMs) };
  }

  async #preserve(weights: Float64Array, moment: MemoryMoment, forMs: number) {
    const amplitudes = new Float64Array(1 << EXPERT_QUBITS);
    weights.forEach((weight, index) => (amplitudes[index] = Math.sqrt(weight)));
    using state = StateVector.from(amplitudes);
    this.#setTime(moment.decidedAt);
    const handle = await this.#banks.preserve(state, forMs * 1e6).catch(lossOf);
    return 'lost' in handle ? handle : { handle, moment, weights };
  }

  async #retrieve(ticket: MemoryTicket | undefined, decidedAt: number): Promise<MemoryAnswer> {
    if (ticket === undefined) return { status: 'empty' };
    if ('lost' in ticket) return { status: 'lost', code: ticket.lost };
    this.#setTime(decidedAt);
    this.#random = mulberry32(seedOf(ticket.moment));
    // The banks draw before this call returns, so no other access can come between.
    const retrieved = await this.#banks.retrieve(ticket.handle).catch(lossOf);
    if ('lost' in retrieved) return { status: 'lost', code: retrieved.lost };
    return this.#answer(ticket.handle.bank, retrieved, ticket.weights);
  }

  #answer(bank: string, retrieved: RetrievedState, weights: Float64Array): MemoryAnswer {
    using state = retrieved.state;
    const { keptNs, fidelity, expectedFidelity } = retrieved;
    return {
      status: 'retrieved',
      bank,
      keptNs,
      fidelity,
      expectedFidelity,
      unprotectedFidelity: unprotectedFidelity(this.#unprotected, keptNs),
      weightDistance: weightDistance(state, weights),
    };
  }

  /** Counted from the first decision, so that nanoseconds stay exact for 104 days. */
  #setTime(decidedAt: number): void {
    this.#originMs ??= decidedAt;
    this.#nowNs = (decidedAt - this.#originMs) * 1e6;
  }
}

function weightDistance(state: StateVector, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < state.dimension; i++) {
    const born = state.real[i] * state.real[i] + state.imaginary[i] * state.imaginary[i];
    sum += Math.abs(born - (i < weights.length ? weights[i] : 0));
  }
  return sum / 2;
}

function seedOf({ model, sequence }: MemoryMoment): number {
  return Number.parseInt(monadHash('sema/tick-memory/v1', { model, sequence }).slice(0, 8), 16);
}

/** A state that cannot be kept is an answer; anything else is a fault. */
function lossOf(error: unknown): { readonly lost: string } {
  if (error instanceof TimingBufferError) return { lost: error.code };
  throw error;
}
