import { exp } from '@sema/simulator/elementary';

/** Why an expert weighs what it does. */
export interface WeightReason {
  readonly expert: number;
  readonly weight: number;
  /** Its total loss less the best expert's: ≥ 0. */
  readonly lossBehindBest: number;
  /** e^{−η · loss behind best}: its weight over the best expert's. */
  readonly factor: number;
}

export interface WeightExplanation {
  readonly learningRate: number;
  /** The heaviest first. */
  readonly reasons: readonly WeightReason[];
  /** One sentence an expert. */
  readonly text: string;
}

/** @param lossBehindBest - of an expert. */
export function explainWeights(
  weights: Float64Array,
  learningRate: number,
  lossBehindBest: (expert: number) => number,
): WeightExplanation {
  const reasons = Array.from(weights, (weight, expert): WeightReason => {
    const behind = lossBehindBest(expert) + 0;
    return { expert, weight, lossBehindBest: behind, factor: exp(-learningRate * behind) };
  }).sort((a, b) => b.weight - a.weight || a.expert - b.expert);
  return { learningRate, reasons, text: reasons.map((r) => sentence(r, learningRate)).join('\n') };
}

function sentence(reason: WeightReason, learningRate: number): string {
  const { expert, weight, lossBehindBest, factor } = reason;
  const weighs = `Expert ${expert} weighs ${weight.toFixed(4)}`;
  if (lossBehindBest === 0) return `${weighs}: nobody has lost less.`;
  return (
    `${weighs}: it lost ${lossBehindBest.toFixed(4)} more than the best, ` +
    `which at rate ${learningRate.toFixed(4)} leaves ${factor.toPrecision(3)} of the best weight.`
  );
}
