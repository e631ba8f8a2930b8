import type { EngineConfiguration, FrameSignal, JournalVerdict } from '@sema/qar';
import type { ProblemCode } from '../service-error.ts';

/** Columns of one frame of candles, of equal length, in the order of time. */
export interface FrameColumns {
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Work that takes longer than the decisions of others may wait, and so is done by a thread. */
export type Task =
  | {
      readonly kind: 'frame';
      readonly configuration: EngineConfiguration;
      readonly snapshot: Uint8Array | undefined;
      readonly columns: FrameColumns;
      /** The first row to decide on. */
      readonly from: number;
    }
  | {
      readonly kind: 'verify';
      readonly databaseFile: string;
      readonly market: number;
      readonly publicKey: string;
    }
  | {
      readonly kind: 'circuit';
      readonly qasm: string;
      readonly shots: number;
      readonly seed: number;
      readonly limits: CircuitLimits;
    }
  | { readonly kind: 'checkpoint'; readonly databaseFile: string }
  | { readonly kind: 'draw'; readonly qasm: string; readonly limits: CircuitLimits };

export interface CircuitLimits {
  readonly qubits: number;
  readonly operations: number;
}

export interface CircuitResult {
  readonly qubits: number;
  readonly bits: number;
  readonly operations: number;
  /** The likeliest basis states; null for a circuit that measures. */
  readonly probabilities:
    readonly { readonly state: string; readonly probability: number }[] | null;
  /** How often each text of bits was read; null without shots. */
  readonly counts: Readonly<Record<string, number>> | null;
}

/** What each kind of task ends in. */
export interface Results {
  /** A signal per row from `from` on; `undefined` before the first whole window. */
  readonly frame: readonly (FrameSignal | undefined)[];
  readonly verify: JournalVerdict;
  readonly circuit: CircuitResult;
  readonly draw: string;
  readonly checkpoint: undefined;
}

export type TaskAnswer =
  | { readonly done: Results[keyof Results] }
  | { readonly refused: { readonly code: ProblemCode; readonly message: string } };
