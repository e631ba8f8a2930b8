import { hedgeUpdate } from './hedge.ts';

/** What a round of losses did to an expert's weight. */
export interface RoundReason {
  readonly expert: number;
  readonly loss: number;
  readonly before: number;
  readonly after: number;
  /** η(mix loss − ℓ): what the round adds to the logarithm of its weight. */
  readonly push: number;
}

export interface RoundExplanation {
  readonly mixLoss: number;
  readonly learningRate: number;
  /** The largest change of weight first. */
  readonly reasons: readonly RoundReason[];
  /** The mix loss, then one sentence an expert. */
  readonly text: string;
}

/**
 * Why a round moves each weight, from ln w′ᵢ − ln wᵢ = η(m − ℓᵢ) with the mix loss m. Arguments and
 * errors as `hedgeUpdate`.
 */
export function explainRound(
  weights: ArrayLike<number>,
  losses: ArrayLike<number>,
  learningRate: number,
): RoundExplanation {
  const { weights: after, mixLoss } = hedgeUpdate(weights, losses, learningRate);
  const reasons = Array.from(after, (weight, expert): RoundReason => ({
    expert,
    loss: losses[expert],
    before: weights[expert],
    after: weight,
    push: learningRate * (mixLoss - losses[expert]),
  })).sort(
    (a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.expert - b.expert,
  );
  const first = `The mixture lost ${mixLoss.toFixed(4)}; the rate is ${learningRate.toFixed(4)}.`;
  const sentences = reasons.map(
    ({ expert, loss, before, after: now, push }) =>
      `Expert ${expert} goes from ${before.toFixed(4)} to ${now.toFixed(4)}: ` +
      `it lost ${loss.toFixed(4)}, which ${push < 0 ? 'takes' : 'adds'} ` +
      `${Math.abs(push).toFixed(4)}.`,
  );
  return { mixLoss, learningRate, reasons, text: [first, ...sentences].join('\n') };
}
