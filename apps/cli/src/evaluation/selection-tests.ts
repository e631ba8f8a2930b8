import { mulberry32 } from '@sema/simulator';
import {
  combinatorialSplits,
  optimalMeanBlock,
  overfittingProbability,
  realityCheck,
  sharpeMoments,
  stationaryBootstrap,
  superiorPredictiveAbility,
  walkForward,
  type RowRange,
} from '@sema/qar/evaluation';
import type { JudgementOptions } from './judgement.ts';
import type { Strategy } from './strategies.ts';

/** What choosing the best of several settings on the past was worth afterwards. */
export interface SelectionFigures {
  readonly candidates: number;
  readonly walkForward: {
    readonly windows: number;
    readonly trainPeriods: number;
    readonly testPeriods: number;
    /** Left out between training and test: for labels that reach over, and as an embargo. */
    readonly gapPeriods: number;
    readonly embargoPeriods: number;
    /** Annualised Sharpe ratio of the chosen one over all tests joined, and of the default. */
    readonly chosen: number | null;
    readonly unchanged: number | null;
  };
  /** Annualised Sharpe ratios of the paths. */
  readonly combinatorial: {
    readonly splits: number;
    readonly paths: number;
    /** Left out of the training around each test: before it, and after it besides. */
    readonly purgedPeriods: number;
    readonly embargoPeriods: number;
    readonly least: number;
    readonly median: number;
    readonly most: number;
  };
  /** Probability of backtest overfitting. */
  readonly overfitting: { readonly probability: number; readonly splits: number };
}

export interface SuperiorityFigures {
  readonly benchmark: string;
  readonly best: string;
  readonly strategies: number;
  /** p-values; null where every strategy is the benchmark itself, period by period. */
  readonly tests: SuperiorityTests | null;
}

export interface SuperiorityTests {
  readonly realityCheck: number;
  readonly lower: number;
  readonly consistent: number;
  readonly upper: number;
}

/** Decisions learn two periods late; so many again are left out for what depends on neighbours. */
const LABEL = 2;
const GROUPS = 6;
const TESTED = 2;
const WINDOWS = 8;

/** @param candidates - the default first; two or more over the same periods. */
export function selectionFigures(
  candidates: readonly Strategy[],
  { periodsPerYear }: JudgementOptions,
): SelectionFigures {
  const rows = candidates[0].net.length;
  const embargo = Math.max(1, Math.round(rows / 100));
  const annual = (returns: readonly Float64Array[]): number | null => {
    const sharpe = sharpeOf(returns);
    return sharpe === undefined ? null : sharpe * Math.sqrt(periodsPerYear);
  };
  const best = (ranges: readonly RowRange[]): Strategy =>
    candidates.reduce((leader, one) =>
      (sharpeOf(slices(one, ranges)) ?? 0) > (sharpeOf(slices(leader, ranges)) ?? 0) ? one : leader,
    );
  const gap = LABEL + embargo;
  const test = Math.floor((rows - gap) / (WINDOWS + 2));
  const train = rows - gap - WINDOWS * test;
  const forward = walkForward(rows, { train, test, gap, expanding: true });
  const cross = combinatorialSplits(rows, {
    groups: GROUPS,
    testGroups: TESTED,
    purge: LABEL,
    embargo,
  });
  const picked = cross.splits.map((split) => best(split.train));
  const paths = cross.paths
    .map((path) =>
      annual(path.flatMap((split, group) => slices(picked[split], [cross.groups[group]]))),
    )
    .map((sharpe) => sharpe ?? 0)
    .sort((left, right) => left - right);
  const { probability, splits } = overfittingProbability(
    candidates.map(({ net }) => net),
    Math.min(16, 2 * Math.floor(rows / 8)),
  );
  return {
    candidates: candidates.length,
    walkForward: {
      windows: forward.length,
      trainPeriods: train,
      testPeriods: test,
      gapPeriods: LABEL,
      embargoPeriods: embargo,
      chosen: annual(forward.flatMap((split) => slices(best(split.train), split.test))),
      unchanged: annual(forward.flatMap((split) => slices(candidates[0], split.test))),
    },
    combinatorial: {
      splits: cross.splits.length,
      paths: paths.length,
      purgedPeriods: LABEL,
      embargoPeriods: embargo,
      least: paths[0],
      median: paths[Math.floor(paths.length / 2)],
      most: paths[paths.length - 1],
    },
    overfitting: { probability, splits },
  };
}

/** Whether any of the strategies is better than the benchmark, allowing for how many there are. */
export function superiorityFigures(
  strategies: readonly Strategy[],
  benchmark: Strategy,
  { replications, seed }: JudgementOptions,
): SuperiorityFigures {
  const gains = strategies.map(({ net }) => net.map((value, i) => value - benchmark.net[i]));
  const about = { benchmark: benchmark.title, strategies: strategies.length };
  if (gains.every((one) => one.every((gain) => gain === 0))) {
    return { ...about, best: strategies[0].title, tests: null };
  }
  const meanBlock = Math.max(...gains.map(optimalMeanBlock));
  // Both tests see the same resamples.
  const options = () => ({
    resample: stationaryBootstrap(meanBlock, mulberry32(seed)),
    replications,
    meanBlock,
  });
  const { best, ...found } = superiorPredictiveAbility(gains, { ...options(), studentized: true });
  return {
    ...about,
    best: strategies[best].title,
    tests: { realityCheck: realityCheck(gains, options()), ...found },
  };
}

function slices({ net }: Strategy, ranges: readonly RowRange[]): Float64Array[] {
  return ranges.map(({ from, to }) => net.subarray(from, to));
}

function sharpeOf(pieces: readonly Float64Array[]): number | undefined {
  const joined = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined.length < 4 ? undefined : sharpeMoments(joined)?.sharpe;
}
