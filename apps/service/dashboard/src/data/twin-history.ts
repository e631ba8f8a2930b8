import type { DecisionReceipt } from './contract.ts';

/** What the closed form decides on the same candles, with an account of its own. */
export interface TwinPoint {
  readonly sequence: number;
  readonly time: number;
  readonly equity: number;
  readonly action: 'short' | 'flat' | 'long' | null;
  readonly preferences: readonly number[] | null;
  readonly outcome: DecisionReceipt['outcome']['kind'];
}
