import {
  ACTIONS,
  BasalGanglia,
  engineConfiguration,
  FALSE_GO_TARGETS,
  SELECTION_MODES,
  type SelectionMode,
} from '@sema/qar';
import { mulberry32 } from '@sema/simulator';
import { median, quantileOf, row, timesOf, type Row, type SuiteOptions } from '../harness.ts';
import {
  decisionsOn,
  labelledMarket,
  STRETCH,
  type LabelledDecision,
  type LabelledMarket,
} from './labelled-market.ts';

const SEED = 20_260_321;
/** Of a candle where there is an edge, in deviations. */
const DRIFT = 0.35;
/** Lead over the runner-up that let an action go, before thresholds were learned. */
const FIXED_LEADS = { stable: 0.05, trending: 0.05, volatile: 0.1, crisis: 0.2 };
/** Candles by which a stretch is judged: whole positions in it, windows that have seen it. */
const SETTLED = 30;

type Choose = (decision: LabelledDecision, open: number) => boolean;

/** Positions asked for in one stretch, and how many of them went. */
interface Tally {
  asked: number;
  went: number;
}

/** Go and no-go where it is known whether there was an edge, each mode beside fixed leads. */
export function labelledRows(options: SuiteOptions): Row[] {
  const noise = trialsOn(labelledMarket(options.quick ? 6 : 30, 0, SEED), options);
  const mixed = trialsOn(labelledMarket(options.quick ? 8 : 60, DRIFT, SEED), options);
  return [
    ...SELECTION_MODES.flatMap((mode) => modeRows(mode, noise, mixed)),
    costRow(mixed, options),
  ];
}

interface Trials {
  readonly market: LabelledMarket;
  readonly decisions: readonly LabelledDecision[];
  readonly fixed: Rates;
}

function trialsOn(market: LabelledMarket, { clock }: SuiteOptions): Trials {
  const decisions = decisionsOn(market, clock);
  const fixed = rates(market, decisions, ({ verdict, regime }) => {
    const [best, second] = Array.from(verdict.preferences).sort((a, b) => b - a);
    return best - second >= FIXED_LEADS[regime];
  });
  return { market, decisions, fixed };
}

function modeRows(mode: SelectionMode, noise: Trials, mixed: Trials): Row[] {
  const alone = ratesOf(mode, noise);
  const beside = ratesOf(mode, mixed);
  const target = FALSE_GO_TARGETS[mode];
  return [
    // Where no position has an edge the rate is to be the target, and its interval to hold it.
    ...falseGoRows(`${mode}, no edge anywhere: false goes`, alone, noise.fixed, target, target),
    // Those that have one and lose nevertheless raise the threshold for the others.
    ...falseGoRows(`${mode}, edges now and then: false goes`, beside, mixed.fixed, target),
    row({
      name: `${mode}, edges now and then: hits`,
      unit: 'share',
      value: beside.hit.mean,
      target: { atLeast: beside.falseGo.mean },
      peer: { name: 'fixed leads', value: mixed.fixed.hit.mean },
    }),
  ];
}

/** The rate, and the ends of its interval, which are held against the bounds. */
function falseGoRows(
  name: string,
  { falseGo }: Rates,
  fixed: Rates,
  atMost: number,
  atLeast = 0,
): Row[] {
  const peer = { name: 'fixed leads', value: fixed.falseGo.mean };
  const unit = 'share';
  return [
    row({ name, unit, value: falseGo.mean, peer }),
    row({ name: '  from, at 95 %', unit, value: falseGo.low, target: { atMost } }),
    row({ name: '  to, at 95 %', unit, value: falseGo.high, target: { atLeast } }),
  ];
}

function ratesOf(mode: SelectionMode, { market, decisions }: Trials): Rates {
  const ganglia = gangliaOf(mode);
  return rates(market, decisions, ({ verdict, regime }, open) => {
    ganglia.advance(open);
    return ganglia.select(Float64Array.from(verdict.preferences), regime).go;
  });
}

/** What taking in an open and selecting cost together. */
function costRow({ market: { candles }, decisions }: Trials, options: SuiteOptions): Row {
  const ganglia = gangliaOf('balanced');
  const preferences = decisions.map(({ verdict }) => Float64Array.from(verdict.preferences));
  const batch = 100;
  const times = timesOf(options, Math.floor(decisions.length / batch), (round) => {
    for (let i = round * batch; i < (round + 1) * batch; i++) {
      ganglia.advance(candles.open[decisions[i].index]);
      ganglia.select(preferences[i], decisions[i].regime);
    }
  });
  return row({
    name: 'selection and its learning, per decision',
    value: median(times) / batch / 1000,
    unit: 'µs',
    target: { atMost: 5 },
  });
}

interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

interface Rates {
  readonly falseGo: Interval;
  readonly hit: Interval;
}

/** Shares of positions that went, where there is no edge and where it is on their side. */
function rates(
  { candles, edges }: LabelledMarket,
  decisions: readonly LabelledDecision[],
  choose: Choose,
): Rates {
  const none: Tally[] = [];
  const edge: Tally[] = [];
  for (const decision of decisions) {
    const { index, verdict } = decision;
    const went = choose(decision, candles.open[index]);
    const side = ACTIONS.indexOf(verdict.action) - 1;
    const stretch = Math.floor(index / STRETCH);
    const within = index % STRETCH;
    if (side === 0 || within < SETTLED || within >= STRETCH - SETTLED) continue;
    if (edges[index] !== 0 && edges[index] !== side) continue;
    const tally = ((edges[index] === 0 ? none : edge)[stretch] ??= { asked: 0, went: 0 });
    tally.asked++;
    if (went) tally.went++;
  }
  return { falseGo: interval(Object.values(none)), hit: interval(Object.values(edge)) };
}

/** By drawing stretches anew: decisions of one stretch are no independent trials. */
function interval(stretches: readonly Tally[]): Interval {
  const share = (of: readonly Tally[]): number => {
    const asked = of.reduce((sum, tally) => sum + tally.asked, 0);
    return of.reduce((sum, tally) => sum + tally.went, 0) / asked;
  };
  const random = mulberry32(SEED);
  const shares = Array.from({ length: 2000 }, () =>
    share(stretches.map(() => stretches[Math.floor(random.next() * stretches.length)])),
  );
  return {
    mean: share(stretches),
    low: quantileOf(shares, 0.025),
    high: quantileOf(shares, 0.975),
  };
}

function gangliaOf(mode: SelectionMode): BasalGanglia {
  return new BasalGanglia(
    engineConfiguration(
      { pair: 'LABELLED', intervalMs: 86_400_000, periodsPerYear: 252, path: 'twin' },
      { selectionMode: mode },
    ),
  );
}
