import type { DecisionReceipt } from '../data/contract.ts';

/** What a decision looks like among candles. */
export type DecisionMark = 'buy' | 'sell' | 'close' | 'stop' | 'denied';

/**
 * The mark of a decision, if it has one: what asked for nothing is not drawn. An order is a mark at
 * the candle that decided it; the fill, if there is any, comes at the next.
 */
export function decisionMark(
  { outcome, fills }: DecisionReceipt,
  positionBefore: number,
): DecisionMark | undefined {
  if (fills.some(({ cause }) => cause === 'stop')) return 'stop';
  if (outcome.kind === 'denied') return 'denied';
  if (outcome.kind !== 'order') return undefined;
  if (outcome.targetUnits === 0) return 'close';
  return outcome.targetUnits > positionBefore ? 'buy' : 'sell';
}

/** Position after each decision's fills, from receipts in order; 0 before the first fill seen. */
export function positions(receipts: readonly DecisionReceipt[]): number[] {
  let position = 0;
  return receipts.map(({ fills }) => {
    position = fills.at(-1)?.position ?? position;
    return position;
  });
}
