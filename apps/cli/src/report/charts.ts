import { REGIMES } from '@sema/learning';
import type { Comparison } from '../comparison.ts';
import { count } from '../figures.ts';
import type { ExpertName } from './tables.ts';

/** Points a line has at most; a screen shows no more. */
const MOST_POINTS = 2000;

/** One chart as the page's script reads it. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly unit: 'money' | 'percent' | 'share';
  /** Whether the lines lie on top of each other as areas. */
  readonly stacked: boolean;
  readonly labels: readonly string[];
  /** One row of values per label, as long as the times of the report. */
  readonly values: readonly (readonly number[])[];
}

export interface ChartSet {
  /** Seconds since the Unix epoch. */
  readonly times: readonly number[];
  readonly charts: readonly Chart[];
}

/** Everything the report draws, thinned to at most `MOST_POINTS` points a line. */
export function chartSet(comparison: Comparison, experts: readonly ExpertName[]): ChartSet {
  const { time } = comparison.sema;
  const buckets = bucketsOf(time.length);
  const thin: Thin = (values, choose = last) =>
    buckets.map(([from, to]) => Number(choose(values, from, to).toPrecision(6)));
  return {
    times: buckets.map(([from, to]) => last(time, from, to) / 1000),
    charts: [
      ...moneyCharts(comparison, thin),
      exposureChart(comparison, thin),
      regimeChart(comparison, thin),
      expertChart(comparison, experts, thin),
    ],
  };
}

/** How a bucket of neighbouring points becomes one. */
type Choice = (values: ArrayLike<number>, from: number, to: number) => number;
type Thin = (values: ArrayLike<number>, choose?: Choice) => number[];

const last: Choice = (values, _from, to) => values[to - 1];

/** A draw-down's deepest point must not be thinned away. */
const lowest: Choice = (values, from, to) => {
  let least = Infinity;
  for (let i = from; i < to; i++) least = Math.min(least, values[i]);
  return least;
};

function moneyCharts({ contenders }: Comparison, thin: Thin): Chart[] {
  // Holding the market whole moves so much more that the others would lie on one line.
  const cautious = contenders.filter(({ id }) => id !== 'buy-and-hold');
  return [
    {
      id: 'equity',
      title: 'Equity',
      caption: 'At each close, in the quote currency.',
      unit: 'money',
      stacked: false,
      labels: contenders.map(({ title }) => title),
      values: contenders.map(({ equity }) => thin(equity)),
    },
    {
      id: 'equity-near',
      title: 'Equity, without buy and hold',
      caption: 'The same lines close up, on a scale of their own.',
      unit: 'money',
      stacked: false,
      labels: cautious.map(({ title }) => title),
      values: cautious.map(({ equity }) => thin(equity)),
    },
    {
      id: 'drawdown',
      title: 'Draw-down',
      caption: 'Loss from the highest equity so far, in percent.',
      unit: 'percent',
      stacked: false,
      labels: contenders.map(({ title }) => title),
      values: contenders.map(({ equity }) => thin(drawdown(equity), lowest)),
    },
  ];
}

function exposureChart({ sema }: Comparison, thin: Thin): Chart {
  return {
    id: 'exposure',
    title: 'Exposure',
    caption: 'Sema’s position as a share of its equity, in percent; negative is short.',
    unit: 'percent',
    stacked: false,
    labels: ['Exposure of Sema'],
    values: [thin(sema.exposure.map((fraction) => fraction * 100))],
  };
}

/** The memberships are averaged, for day by day they are a thicket. */
function regimeChart({ sema }: Comparison, thin: Thin): Chart {
  const span = Math.max(1, Math.round(sema.time.length / 200));
  const trailingMean: Choice = (values, _from, to) => {
    const from = Math.max(0, to - span);
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i];
    return sum / (to - from);
  };
  return {
    id: 'regimes',
    title: 'Regimes',
    caption:
      'How far the windows belonged to each regime, ' +
      `averaged over the last ${count(span)} candles; the four add up to 1.`,
    unit: 'share',
    stacked: true,
    labels: REGIMES,
    values: REGIMES.map((_, index) =>
      thin(column(sema.memberships, REGIMES.length, index), trailingMean),
    ),
  };
}

function expertChart({ sema }: Comparison, experts: readonly ExpertName[], thin: Thin): Chart {
  return {
    id: 'experts',
    title: 'Expert weights',
    caption: 'What the learner made of each expert; together they add up to 1.',
    unit: 'share',
    stacked: false,
    labels: experts.map(({ title }) => title),
    values: experts.map((_, index) => thin(column(sema.weights, experts.length, index))),
  };
}

/** Loss from the highest value so far, in percent, at most 0. */
function drawdown(equity: Float64Array): Float64Array {
  let peak = 0;
  return equity.map((value) => {
    peak = Math.max(peak, value);
    return (value / peak - 1) * 100;
  });
}

/** One column of a matrix stored row by row. */
function column(values: Float64Array, columns: number, index: number): Float64Array {
  return Float64Array.from(
    { length: values.length / columns },
    (_, row) => values[row * columns + index],
  );
}

/** Index ranges [from, to) of equal width, at most `MOST_POINTS` of them. */
function bucketsOf(length: number): [number, number][] {
  const width = Math.max(1, Math.ceil(length / MOST_POINTS));
  return Array.from({ length: Math.ceil(length / width) }, (_, index) => [
    index * width,
    Math.min(length, (index + 1) * width),
  ]);
}
