import { REGIMES } from '@sema/learning';
import { monadHash, type CanonicalValue } from '@sema/synthesis-crypto';
import { mulberry32 } from '@sema/simulator';
import { ACTIONS, type Candles, type EngineConfiguration, type MachineMaker } from '@sema/qar';
import {
  netReturns,
  randomEntries,
  sharpeMoments,
  shuffledDrawdown,
  type Randomisation,
} from '@sema/qar/evaluation';
import { growthCurve, type GrowthCurve } from './growth-curves.ts';
import { hitRates, type HitRate } from './hit-rates.ts';
import { differenceOf, figuresOf } from './judgement.ts';
import type { Difference, JudgementOptions, SeriesFigures } from './judgement.ts';
import { ERRING_MACHINES } from './machines.ts';
import { selectionFigures, superiorityFigures } from './selection-tests.ts';
import type { SelectionFigures, SuperiorityFigures } from './selection-tests.ts';
import { benchmarks, marketOf, semaStrategy, tradedReturns } from './strategies.ts';
import type { Market, Strategy } from './strategies.ts';
import type { Study } from './study.ts';
import type { TrialCount } from './trial-ledger.ts';
import { ablations, changed, neighbours, type Variant } from './variants.ts';

/** A strategy's figures, and what Sema has over it. */
export interface StrategyRow {
  readonly id: string;
  readonly title: string;
  readonly figures: SeriesFigures;
  /** Of Sema over this one; null for Sema itself. */
  readonly semaOver: Difference | null;
}

/** A part taken out, and what having it is worth. */
export interface AblationRow {
  readonly title: string;
  /** Share of the periods in which another position is held. */
  readonly changed: number;
  /** Share of the decisions in which the circuits failed and the twin decided. */
  readonly fallbacks: number;
  readonly worth: Difference;
}

export interface RegimeRow {
  readonly regime: string;
  readonly periods: number;
  readonly market: Difference | null;
  readonly sema: Difference | null;
}

export interface CostRow {
  readonly factor: number;
  readonly costRate: number;
  readonly horizonReturn: number;
  readonly sharpe: number | null;
}

export interface Evaluation {
  readonly strategies: readonly StrategyRow[];
  /** The engine with its gate and ladder, from close to close. */
  readonly traded: SeriesFigures & { readonly trades: number };
  readonly circuits: {
    readonly largestDifference: number;
    readonly sameSignals: boolean;
    readonly sameEquity: boolean;
  };
  readonly trials: TrialCount;
  readonly selection: SelectionFigures;
  readonly superiority: readonly SuperiorityFigures[];
  readonly ablations: readonly AblationRow[];
  readonly noise: readonly AblationRow[];
  readonly regimes: readonly RegimeRow[];
  readonly costs: readonly CostRow[];
  readonly hitRates: readonly HitRate[];
  readonly randomEntries: Randomisation | null;
  readonly shuffledDrawdown: Randomisation | null;
  /** Equity at which the largest order is the allowed share of a median candle; null for none. */
  readonly capacity: number | null;
  readonly curves: readonly GrowthCurve[];
}

export interface EvaluationRequest {
  readonly candles: Candles;
  readonly configuration: EngineConfiguration;
  readonly judgement: JudgementOptions;
  /** Runs the engine under some settings, on a machine without errors when none is given. */
  readonly study: (configuration: EngineConfiguration, machine?: MachineMaker) => Promise<Study>;
  /** Writes down that settings were tried, and counts all there ever were. */
  readonly tried: (variant: Variant, sharpe: number | null) => void;
  readonly countTrials: () => TrialCount;
}

/** Runs that an evaluation of these settings takes. */
export function studiesOf(configuration: EngineConfiguration): number {
  const variants = neighbours(configuration).length + ablations(configuration).length;
  return 2 + variants + ERRING_MACHINES.length;
}

export function configurationId(configuration: EngineConfiguration): string {
  // Circuits and twin are one trial: they decide alike. Interfaces lack an index signature.
  const { path: _path, ...settings } = configuration;
  return monadHash('sema/trial-settings/v1', settings as unknown as CanonicalValue);
}

/** Everything that can be said of a configuration on some candles. */
export async function evaluateCandles(request: EvaluationRequest): Promise<Evaluation> {
  const { candles, configuration, judgement, study } = request;
  const asked = await study(configuration);
  const twin = await study(changed(configuration, { path: otherPath(configuration) }));
  const market = marketOf(candles, asked);
  const sema = semaStrategy('sema', 'Sema', asked, market);
  request.tried({ id: 'sema', title: 'as configured', configuration }, perPeriod(sema));
  const candidates = [sema];
  for (const variant of neighbours(configuration)) {
    const run = await study(variant.configuration);
    const candidate = semaStrategy(variant.id, variant.title, run, market);
    request.tried(variant, perPeriod(candidate));
    candidates.push(candidate);
  }
  const compare = (title: string, run: Study): AblationRow =>
    ablationRow(sema, semaStrategy(title, title, run, market), run, judgement);
  const without: AblationRow[] = [];
  for (const { title, configuration: settings, machine } of ablations(configuration)) {
    without.push(compare(title, await study(settings, machine)));
  }
  const noise = await noiseRows(request, compare);
  const others = [
    semaStrategy('twin', 'Classical twin', twin, market),
    ...benchmarks(asked, market),
  ];
  const count = request.countTrials();
  const [classical, cash, hold, hedge, ...experts] = others;
  return {
    strategies: [sema, ...others].map((one) => ({
      id: one.id,
      title: one.title,
      figures: figuresOf(one.net, count, judgement),
      semaOver: one === sema ? null : differenceOf(sema.net, one.net, judgement),
    })),
    traded: {
      ...figuresOf(tradedReturns(asked), count, judgement),
      trades: asked.trades.length,
    },
    circuits: compared(asked, twin),
    trials: count,
    selection: selectionFigures(candidates, judgement),
    superiority: [cash, hold, hedge, classical].map((one) => {
      const rivals = one === classical ? [sema] : [sema, hedge, ...experts];
      return superiorityFigures(
        rivals.filter((rival) => rival !== one),
        one,
        judgement,
      );
    }),
    ablations: without,
    noise,
    regimes: regimeRows(asked, sema, market, judgement),
    costs: costRows(sema, market, count, judgement),
    hitRates: hitRates(sema, asked, market),
    ...chanceFigures(sema, asked, market, judgement),
    capacity: capacityOf(candles, configuration),
    curves: [sema, ...others.slice(1, 4)].map(growthCurve),
  };
}

function otherPath({ path }: EngineConfiguration): EngineConfiguration['path'] {
  return path === 'quantum' ? 'twin' : 'quantum';
}

function perPeriod({ net }: Strategy): number | null {
  return sharpeMoments(net)?.sharpe ?? null;
}

function compared(asked: Study, twin: Study): Evaluation['circuits'] {
  const largest = (left: Float64Array, right: Float64Array): number =>
    left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i])), 0);
  return {
    largestDifference: largest(asked.preferences, twin.preferences),
    sameSignals: asked.signals.every((signal, i) => signal === twin.signals[i]),
    // To half a cent.
    sameEquity: largest(asked.equity, twin.equity) <= 0.005,
  };
}

/** The engine again on each of the machines that err. */
async function noiseRows(
  { configuration, study, judgement }: EvaluationRequest,
  compare: (title: string, run: Study) => AblationRow,
): Promise<AblationRow[]> {
  const rows: AblationRow[] = [];
  const circuits = changed(configuration, { path: 'quantum' });
  for (const { title, maker } of ERRING_MACHINES) {
    rows.push(compare(title, await study(circuits, maker(judgement.seed))));
  }
  return rows;
}

function ablationRow(
  sema: Strategy,
  other: Strategy,
  { fallbacks, decisions }: Study,
  judgement: JudgementOptions,
): AblationRow {
  const { positions } = other;
  const differing = positions.filter((position, i) => position !== sema.positions[i]);
  return {
    title: other.title,
    changed: differing.length / positions.length,
    fallbacks: fallbacks / decisions,
    worth: differenceOf(sema.net, other.net, judgement),
  };
}

/** Fewer periods say nothing, whatever their figures. */
const LEAST_PERIODS = 30;

function regimeRows(
  study: Study,
  sema: Strategy,
  { changes }: Market,
  judgement: JudgementOptions,
): RegimeRow[] {
  return REGIMES.map((regime, index) => {
    const inRegime = (values: Float64Array) => values.filter((_, i) => study.regimes[i] === index);
    const own = inRegime(sema.net);
    const nothing = new Float64Array(own.length);
    const enough = own.length >= LEAST_PERIODS;
    return {
      regime,
      periods: own.length,
      market: enough ? differenceOf(inRegime(changes), nothing, judgement) : null,
      sema: enough ? differenceOf(own, nothing, judgement) : null,
    };
  });
}

function costRows(
  { positions }: Strategy,
  { changes, costRate }: Market,
  count: TrialCount,
  judgement: JudgementOptions,
): CostRow[] {
  return [0, 0.5, 1, 2, 4].map((factor) => {
    const net = netReturns({ positions, changes, costRate: costRate * factor });
    const { horizonReturn, sharpe } = figuresOf(net, count, judgement);
    return { factor, costRate: costRate * factor, horizonReturn, sharpe };
  });
}

function chanceFigures(
  { positions }: Strategy,
  { trades }: Study,
  { changes, costRate }: Market,
  { replications, seed, horizon }: JudgementOptions,
): Pick<Evaluation, 'randomEntries' | 'shuffledDrawdown'> {
  const options = () => ({ random: mulberry32(seed), replications });
  const entries = randomEntries({ positions, changes, costRate }, options());
  const over = (value: number): number => value * horizon.periods;
  return {
    randomEntries:
      entries === undefined
        ? null
        : {
            actual: over(entries.actual),
            low: over(entries.low),
            median: over(entries.median),
            high: over(entries.high),
            pValue: entries.pValue,
          },
    shuffledDrawdown: trades.length < 2 ? null : shuffledDrawdown(trades, options()),
  };
}

/** Notional of a median candle, times the share of it that an order may be, over the top rung. */
function capacityOf(candles: Candles, { risk }: EngineConfiguration): number | null {
  const notional = candles.volume.map((volume, i) => volume * candles.close[i]).sort();
  const median = notional[Math.floor(notional.length / 2)];
  const rung = risk.ladder.at(-1);
  if (rung === undefined || !(median > 0) || risk.maximumVolumeShare <= 0) return null;
  return (median * risk.maximumVolumeShare) / rung;
}

/** Decisions that can be judged at all: the fewest on which the tests are defined. */
export const LEAST_DECISIONS = 64 + ACTIONS.length;
