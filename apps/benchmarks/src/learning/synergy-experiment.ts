import {
  LearningOrchestrator,
  regimeMemberships,
  RegimeTracker,
  thresholdsFor,
  TrackRecord,
} from '@sema/learning';
import type { LearningQuestion } from '@sema/learning';
import { mulberry32 } from '@sema/simulator';
import { featuresAt, percentReturns, type MarketSeries } from './market-series.ts';

/**
 * Brier scores of the pooled forecast, round by round, with couplings as they acted and without.
 */
export interface SynergyScores {
  readonly coupled: Float64Array;
  readonly plain: Float64Array;
  /** Share of the rounds in which couplings acted. */
  readonly engaged: number;
}

interface Round {
  readonly question: Omit<LearningQuestion, 'time'>;
  readonly outcome: number;
}

/** Bars back over which each market expert looks: with the trend, and against it. */
const LOOK_BACKS = [1, 2, 5, 10, 20, 60];

/**
 * Experts 0 and 1 err in opposite directions; the others err alone, and expert 2 is the best by
 * itself. Together the first two are better than anybody.
 */
export function constructedScores(seed: number, rounds: number): SynergyScores {
  const random = mulberry32(seed);
  const presence = { regimes: [1, 0, 0, 0], contexts: [1, 0, 0, 0] };
  return play(3, seed, rounds, () => {
    const outcome = random.next() < 0.5 ? 1 : 0;
    const centre = outcome === 1 ? 0.6 : 0.4;
    const error = 0.7 * (random.next() - 0.5);
    const alone = centre + (outcome === 1 ? -0.02 : 0.02) + 0.45 * (random.next() - 0.5);
    const probabilities = [centre + error, centre - error, alone];
    return { question: { regime: 'stable', presence, probabilities }, outcome };
  });
}

/** Momentum and reversal over six look-backs, calibrated by their own track records. */
export function marketScores(series: MarketSeries, rounds: number): SynergyScores {
  const returns = percentReturns(series);
  const experts = 2 * LOOK_BACKS.length;
  const record = new TrackRecord({ experts, memory: 250 });
  const tracker = new RegimeTracker();
  const first = 60;
  const usual = featuresAt(series, first).volatility;
  const thresholds = thresholdsFor(usual);
  let directions = new Int8Array(experts);
  return play(experts, 1, Math.min(rounds, returns.length - first), (round) => {
    const t = first + round;
    if (round > 0 && returns[t - 1] !== 0) {
      directions.forEach((direction, e) => {
        if (direction !== 0) record.record(e, direction > 0 ? 1 : -1, returns[t - 1] > 0);
      });
    }
    directions = Int8Array.from({ length: experts }, (_, e) => {
      const back = LOOK_BACKS[e >> 1];
      const trend = Math.sign(series.closes[t] - series.closes[t - back]);
      return e % 2 === 0 ? trend : -trend;
    });
    const probabilities = Array.from(directions, (direction, e) =>
      direction === 0 ? NaN : (record.probabilityUp(e, direction > 0 ? 1 : -1) ?? NaN),
    );
    const features = featuresAt(series, t);
    const regimes = regimeMemberships(features, thresholds);
    const context = (returns[t - 1] > 0 ? 1 : 0) + (features.normalizedVolume > 1 ? 2 : 0);
    const contexts = [0, 1, 2, 3].map((k) => (k === context ? 1 : 0));
    const regime = tracker.update(regimes);
    const question = { regime, presence: { regimes, contexts }, probabilities };
    return { question, outcome: returns[t] > 0 ? 1 : 0 };
  });
}

function play(
  experts: number,
  seed: number,
  rounds: number,
  roundAt: (round: number) => Round,
): SynergyScores {
  const learningRate = Math.sqrt((8 * Math.log(experts)) / 1000);
  const options = { experts, learningRate, form: 'rotation' as const, seed, openDecisions: 4 };
  using learner = new LearningOrchestrator(options);
  const coupled: number[] = [];
  const plain: number[] = [];
  let engaged = 0;
  for (let round = 0; round < rounds; round++) {
    const { question, outcome } = roundAt(round);
    const weights = learner.weights(question.presence);
    if (learner.synergy.engaged) engaged += 1;
    const answer = learner.decide({ ...question, time: round });
    learner.learn({ decision: answer.decision, time: round + 0.5, outcome });
    if (answer.probability === undefined) continue;
    let total = 0;
    let pooled = 0;
    for (let e = 0; e < experts; e++) {
      const probability = question.probabilities[e];
      if (Number.isNaN(probability)) continue;
      total += weights[e];
      pooled += weights[e] * probability;
    }
    plain.push((pooled / total - outcome) ** 2);
    coupled.push((answer.probability - outcome) ** 2);
  }
  return {
    coupled: Float64Array.from(coupled),
    plain: Float64Array.from(plain),
    engaged: engaged / rounds,
  };
}
