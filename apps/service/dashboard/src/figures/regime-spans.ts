import type { DecisionReceipt, Regime } from '../data/contract.ts';

/** Neighbouring decisions in one regime: open times of the first and last candle, ms. */
export interface RegimeSpan {
  readonly regime: Regime;
  readonly from: number;
  readonly to: number;
}

export const REGIME_NAMES: readonly Regime[] = ['stable', 'trending', 'volatile', 'crisis'];

/** Decisions without a regime are in no span and end the one before. */
export function regimeSpans(receipts: readonly DecisionReceipt[]): RegimeSpan[] {
  const spans: RegimeSpan[] = [];
  let isOpen = false;
  for (const { regime, time } of receipts) {
    const last = spans.at(-1);
    if (regime === null) isOpen = false;
    else if (isOpen && last?.regime === regime) spans[spans.length - 1] = { ...last, to: time };
    else {
      spans.push({ regime, from: time, to: time });
      isOpen = true;
    }
  }
  return spans;
}
