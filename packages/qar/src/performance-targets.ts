/** What the monitor measures and judges. */
export type PerformanceAspect =
  | 'decisionTime'
  | 'quantumToClassical'
  | 'synchronisation'
  | 'preservation'
  | 'bufferUtilisation'
  | 'circuitFailures';

export interface PerformanceTarget {
  readonly aspect: PerformanceAspect;
  readonly says: string;
  readonly unit: 'ns' | 'ms' | 'fraction';
  readonly target: number;
  /** Whether the measured value is to be at most the target, or at least. */
  readonly bound: 'at most' | 'at least';
  /** Part in the score; all of them sum to 1. */
  readonly weight: number;
}

/**
 * The targets and their parts in the score. Time until the answer and answers at all weigh most,
 * since a trader feels them; memory and buffer only watch.
 */
export const PERFORMANCE_TARGETS: readonly PerformanceTarget[] = [
  {
    aspect: 'decisionTime',
    says: 'candle to receipt, 99th percentile',
    unit: 'ns',
    target: 500_000,
    bound: 'at most',
    weight: 0.3,
  },
  {
    aspect: 'quantumToClassical',
    says: "last circuit's answer to receipt, 99th percentile",
    unit: 'ns',
    target: 100_000,
    bound: 'at most',
    weight: 0.15,
  },
  {
    aspect: 'synchronisation',
    // One period of the fastest rhythm, the one of immediate response.
    says: "between a candle's close, the intended time, and the decision, 99th percentile",
    unit: 'ms',
    target: 25,
    bound: 'at most',
    weight: 0.2,
  },
  {
    aspect: 'preservation',
    says: 'fidelity of a kept qubit to its input, mean; a lost state counts as 1/2',
    unit: 'fraction',
    target: 0.95,
    bound: 'at least',
    weight: 0.1,
  },
  {
    aspect: 'bufferUtilisation',
    says: 'circuit runs since the last report over the slots that keep them',
    unit: 'fraction',
    target: 1,
    bound: 'at most',
    weight: 0.05,
  },
  {
    aspect: 'circuitFailures',
    says: 'decisions that fell back to the twin, of those asked of circuits',
    unit: 'fraction',
    target: 0.01,
    bound: 'at most',
    weight: 0.2,
  },
];

export interface JudgedTarget extends PerformanceTarget {
  readonly measured: number;
  readonly met: boolean;
  /** 1 when met; otherwise the target over the measured value, or the inverse, in [0, 1). */
  readonly score: number;
}

export interface PerformanceJudgement {
  readonly targets: readonly JudgedTarget[];
  /** What was not measured, and so has no part in the score. */
  readonly unmeasured: readonly PerformanceAspect[];
  /** Mean of the targets' scores by weight, in [0, 1]; `null` when nothing was measured. */
  readonly score: number | null;
  /** Sum of the weights that were measured. */
  readonly scoredWeight: number;
}

/** Lays measured values beside the targets. What is missing is left out, and named. */
export function judgePerformance(
  measured: Readonly<Record<PerformanceAspect, number | undefined>>,
): PerformanceJudgement {
  const targets: JudgedTarget[] = [];
  const unmeasured: PerformanceAspect[] = [];
  let sum = 0;
  let scoredWeight = 0;
  for (const target of PERFORMANCE_TARGETS) {
    const value = measured[target.aspect];
    if (value === undefined) {
      unmeasured.push(target.aspect);
      continue;
    }
    const judged = judge(target, value);
    targets.push(judged);
    sum += target.weight * judged.score;
    scoredWeight += target.weight;
  }
  const score = scoredWeight > 0 ? sum / scoredWeight : null;
  return { targets, unmeasured, score, scoredWeight };
}

function judge(target: PerformanceTarget, measured: number): JudgedTarget {
  const atMost = target.bound === 'at most';
  const met = atMost ? measured <= target.target : measured >= target.target;
  const ratio = atMost ? target.target / measured : measured / target.target;
  return { ...target, measured, met, score: met ? 1 : ratio };
}
