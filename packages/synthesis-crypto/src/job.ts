import type { KeyObject } from 'node:crypto';
import type { AlgorithmName, SignOptions } from './algorithms/algorithm.ts';

/** A job on its way to a worker. A KeyObject is shared between threads, not exported. */
export type Job =
  | { readonly kind: 'generate'; readonly algorithm: AlgorithmName }
  | {
      readonly kind: 'sign';
      readonly algorithm: AlgorithmName;
      readonly key: KeyObject;
      readonly message: Uint8Array;
      readonly options: SignOptions;
    }
  | {
      readonly kind: 'verify';
      readonly algorithm: AlgorithmName;
      readonly publicKey: Uint8Array;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    };

export interface JobMessage {
  readonly id: number;
  readonly job: Job;
}

/** What comes back: the result, or the code and text of a refusal. */
export type JobReply =
  | { readonly id: number; readonly ok: true; readonly result: KeyObject | Uint8Array | boolean }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
