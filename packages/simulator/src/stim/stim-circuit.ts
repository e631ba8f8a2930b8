import type { CliffordMap } from '../stabilizer/clifford-map.ts';

export type Basis = 'X' | 'Y' | 'Z';

export interface PauliFactor {
  readonly qubit: number;
  readonly pauli: Basis;
}

export interface PauliProduct {
  readonly factors: readonly PauliFactor[];
  /** Whether the recorded outcome is flipped. */
  readonly inverted: boolean;
}

/**
 * One instruction of a Stim circuit as plain data. A lookback of k stands for `rec[-k]`, the k-th
 * latest measurement, k ≥ 1. Probabilities are in [0, 1].
 */
export type StimInstruction =
  | {
      readonly kind: 'gate';
      readonly name: string;
      readonly map: CliffordMap;
      /** One gate for each consecutive group of map.qubits. */
      readonly qubits: readonly number[];
    }
  | {
      /** The Pauli acts on the qubit when the recorded bit is 1. */
      readonly kind: 'feedback';
      readonly pauli: Basis;
      readonly lookback: number;
      readonly qubit: number;
    }
  | {
      /** Measures each qubit, in order; then, with `resets`, puts it in the +1 state. */
      readonly kind: 'measure';
      readonly basis: Basis;
      readonly resets: boolean;
      readonly flipProbability: number;
      readonly qubits: readonly number[];
      readonly inverted: readonly boolean[];
    }
  | {
      /** Measures each product, in order; one without factors records 0. */
      readonly kind: 'measureProducts';
      readonly flipProbability: number;
      readonly products: readonly PauliProduct[];
    }
  | { readonly kind: 'reset'; readonly basis: Basis; readonly qubits: readonly number[] }
  | {
      /**
       * A Pauli channel on each qubit or each consecutive pair. probabilities[i] is that of code
       * i + 1 in I X Y Z, or in II IX IY IZ XI … ZZ (the first qubit first).
       */
      readonly kind: 'noise';
      readonly arity: 1 | 2;
      readonly probabilities: readonly number[];
      readonly qubits: readonly number[];
    }
  | {
      /** One error on several qubits; a `chained` one only where the chain so far did nothing. */
      readonly kind: 'correlatedError';
      readonly probability: number;
      readonly chained: boolean;
      readonly factors: readonly PauliFactor[];
    }
  | {
      readonly kind: 'detector';
      readonly coordinates: readonly number[];
      readonly lookbacks: readonly number[];
    }
  | { readonly kind: 'observable'; readonly index: number; readonly lookbacks: readonly number[] }
  | {
      readonly kind: 'qubitCoordinates';
      readonly coordinates: readonly number[];
      readonly qubits: readonly number[];
    }
  | { readonly kind: 'shiftCoordinates'; readonly coordinates: readonly number[] }
  | { readonly kind: 'tick' }
  | {
      readonly kind: 'repeat';
      readonly count: number;
      readonly body: readonly StimInstruction[];
    };

/** A circuit read from Stim's format, with its counts, repeated blocks multiplied out. */
export interface StimCircuit {
  readonly instructions: readonly StimInstruction[];
  /** One more than the highest qubit named. */
  readonly qubits: number;
  readonly measurements: number;
  readonly detectors: number;
  /** One more than the highest observable named. */
  readonly observables: number;
}

/** The instructions one after another, repeated blocks as often as they run. */
export function* unrolled(
  instructions: readonly StimInstruction[],
): Generator<Exclude<StimInstruction, { readonly kind: 'repeat' }>> {
  for (const instruction of instructions) {
    if (instruction.kind === 'repeat') {
      for (let turn = 0; turn < instruction.count; turn++) yield* unrolled(instruction.body);
    } else {
      yield instruction;
    }
  }
}
