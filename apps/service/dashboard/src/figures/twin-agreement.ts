import type { DecisionReceipt } from '../data/contract.ts';
import type { TwinPoint } from '../data/twin-history.ts';

export interface TwinAgreement {
  /** Decisions that both made. */
  readonly compared: number;
  /** Of them, those with the same action and the same outcome. */
  readonly same: number;
  /** Largest difference of any probability. */
  readonly largestDifference: number;
}

/** How far the circuits' decisions were those of the closed form, where both are known. */
export function twinAgreement(
  receipts: readonly DecisionReceipt[],
  twin: readonly TwinPoint[],
): TwinAgreement {
  const twins = new Map(twin.map((point) => [point.sequence, point]));
  let compared = 0;
  let same = 0;
  let largestDifference = 0;
  for (const { sequence, verdict, outcome } of receipts) {
    const other = twins.get(sequence);
    if (other === undefined) continue;
    compared++;
    const action = verdict?.action ?? null;
    if (action === other.action && outcome.kind === other.outcome) same++;
    const { preferences } = other;
    verdict?.preferences.forEach((value, k) => {
      const difference = Math.abs(value - (preferences?.[k] ?? value));
      largestDifference = Math.max(largestDifference, difference);
    });
  }
  return { compared, same, largestDifference };
}
