import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExperienceRegister, LearningOrchestrator, type UpdateForm } from '@sema/learning';
import { compareScores } from '@sema/learning/regime-models';
import { encodeSnapshot, type SectionValue } from '@sema/serializer';
import { mulberry32 } from '@sema/simulator';
import { interleave, median, row, type Row, type Suite, type SuiteOptions } from '../harness.ts';
import { linePlot } from '../learning/curve-plot.ts';
import { logScores } from '../learning/density-forecasts.ts';
import { portfolioStream, syntheticStreams } from '../learning/expert-streams.ts';
import type { ExpertStream } from '../learning/expert-streams.ts';
import { matrixCurve } from '../learning/matrix-curve.ts';
import { bitcoin, stockIndex, type MarketSeries } from '../learning/market-series.ts';
import {
  largestGap,
  learnerCurve,
  registerCurve,
  sharingCurve,
  worstRatio,
} from '../learning/regret-curves.ts';
import type { RegretCurve } from '../learning/regret-curves.ts';
import { constructedScores, marketScores } from '../learning/synergy-experiment.ts';
import type { SynergyScores } from '../learning/synergy-experiment.ts';

const FORMS: readonly UpdateForm[] = ['rotation', 'first-order', 'ancilla'];
const PORTFOLIOS = ['nyse_o', 'tse', 'sp500'];
const EXPERTS = 14;
const NO_DATA = 'SEMA_DATA_DIR names no folder with it';
/** No harm is a loss that surely grew by less than this: 0.04 % of the Brier score of a coin. */
const LARGEST_HARM = 1e-4;

/** Regret against its bound, synergy, regimes as forecasters, and what an update costs. */
export const learning: Suite = {
  name: 'learning',
  title: 'regret against its bound, synergy, regimes, and the cost of an update',
  run: (options) => [
    ...updateRows(options),
    snapshotRow(options),
    ...gapRows(options),
    ...regretRows(options),
    ...sharingRows(options),
    ...synergyRows(options),
    ...regimeRows(options),
  ],
};

/** One round of fourteen experts in three regimes of one context; forms take turns. */
function updateRows({ clock, quick }: SuiteOptions): Row[] {
  const random = mulberry32(1);
  const losses = Array.from({ length: 256 }, () =>
    Float64Array.from({ length: EXPERTS }, () => random.next()),
  );
  const awake = new Array<boolean>(EXPERTS).fill(true);
  const presence = { regimes: [0.5, 0.3, 0.2, 0], contexts: [0, 1, 0, 0] };
  const registers = Object.fromEntries(
    FORMS.map((form) => [
      form,
      new ExperienceRegister({ experts: EXPERTS, learningRate: 0.3, form }),
    ]),
  );
  const batches = { rotation: 100, 'first-order': 100, ancilla: 10 };
  const times = interleave(FORMS, quick ? 3 : 60, (form) => {
    const started = clock.nowNs();
    for (let k = 0; k < batches[form]; k++) {
      registers[form].update(losses[k % losses.length], awake, presence, 0.001);
    }
    return (clock.nowNs() - started) / batches[form] / 1000;
  });
  for (const form of FORMS) registers[form][Symbol.dispose]();
  return FORMS.map((form) =>
    row({
      name: `update of 8 learning qubits, ${form}`,
      value: median(times[form]),
      unit: 'µs',
      ...(form !== 'ancilla' && { target: { atMost: 20 } }),
    }),
  );
}

/** A learner with some history, as the bytes that are kept of it. */
function snapshotRow({ quick }: SuiteOptions): Row {
  using learner = new LearningOrchestrator({
    experts: EXPERTS,
    learningRate: 0.3,
    form: 'rotation',
    seed: 1,
    openDecisions: 4,
  });
  const random = mulberry32(3);
  const presence = { regimes: [0.5, 0.3, 0.2, 0], contexts: [0, 1, 0, 0] };
  for (let time = 0; time < (quick ? 50 : 2000); time++) {
    const probabilities = Float64Array.from({ length: EXPERTS }, () => random.next());
    const { decision } = learner.decide({ time, regime: 'stable', presence, probabilities });
    learner.learn({ decision, time: time + 0.5, outcome: random.next() < 0.5 ? 1 : 0 });
  }
  const snapshot = learner.snapshot();
  using twin = LearningOrchestrator.restore(snapshot);
  const bytes = encodeSnapshot(sectionsOf(snapshot));
  if (!encodeSnapshot(sectionsOf(twin.snapshot())).every((byte, at) => byte === bytes[at])) {
    throw new Error('a restored learner has another snapshot');
  }
  return row({ name: 'snapshot of the learner', value: bytes.byteLength / 1024, unit: 'KiB' });
}

/**
 * Nested plain objects as sections with dotted names, because arrays need sections of their own.
 */
function sectionsOf(value: object, prefix = ''): Record<string, SectionValue> {
  const sections: Record<string, SectionValue> = {};
  for (const [key, entry] of Object.entries(value)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    const isNested = typeof entry === 'object' && entry !== null && !ArrayBuffer.isView(entry);
    if (isNested) Object.assign(sections, sectionsOf(entry as object, name));
    // Snapshots hold numbers, strings, booleans, null and arrays of doubles.
    else sections[name] = entry as SectionValue;
  }
  return sections;
}

/** How far the other forms' weights ever are from those of the exact rotation, which is Hedge. */
function gapRows({ quick }: SuiteOptions): Row[] {
  const [stream] = syntheticStreams(quick);
  return (['first-order', 'ancilla'] as const).map((form) => {
    const short = shortened(stream, quick);
    const gaps = seedsOf(short).map((seed) => largestGap(short, seed, ['rotation', form]));
    return row({
      name: `largest gap to the weights of Hedge, ${form}`,
      value: Math.max(...gaps),
      unit: '',
      // Rounding over a thousand rounds; the first-order form is another rule, and only measured.
      ...(form === 'ancilla' && { target: { atMost: 1e-10 } }),
    });
  });
}

/** The largest regret over bound, at any prefix and seed. */
function regretRows(options: SuiteOptions): Row[] {
  const rows: Row[] = [];
  for (const stream of syntheticStreams(options.quick)) {
    for (const form of FORMS) {
      const short = form === 'ancilla' ? shortened(stream, options.quick) : stream;
      const curves = seedsOf(short).map((seed) => registerCurve(short, seed, form));
      rows.push(ratioRow(`${stream.name}, ${form}`, curves));
      plotCurve(options, `${stream.name}, ${form}`, curves[0]);
    }
  }
  for (const file of PORTFOLIOS) {
    const stream = portfolioStream(file, options.quick);
    if (stream === undefined) {
      options.skipped(`regret/bound, ${file} stocks: ${NO_DATA}`);
      continue;
    }
    const curves = [learnerCurve(stream, 0)];
    rows.push(ratioRow(`${stream.name} as ${stream.experts} experts`, curves));
    plotCurve(options, stream.name, curves[0]);
  }
  const seeds = options.quick ? 2 : 10;
  const matrix = Array.from({ length: seeds }, (_, seed) =>
    matrixCurve(seed, options.quick ? 50 : 400),
  );
  rows.push(ratioRow(`${matrix[0].name}, matrix weights`, matrix));
  plotCurve(options, matrix[0].name, matrix[0]);
  return rows;
}

/** Shifting experts: shared weights keep their bound and lose less than plain ones. */
function sharingRows(options: SuiteOptions): Row[] {
  const stream = syntheticStreams(options.quick).find(({ shifts }) => shifts.length > 1);
  if (stream === undefined) throw new Error('no stream shifts');
  const share = stream.shifts.length / stream.rounds;
  const shared = seedsOf(stream).map((seed) => sharingCurve(stream, seed, share));
  const plain = seedsOf(stream).map((seed) => sharingCurve(stream, seed, 0));
  if (options.plots !== undefined) {
    const lines = [
      { name: 'bound with sharing', values: shared[0].bound, colour: '#888', dashed: true },
      { name: 'plain', values: plain[0].regret, colour: '#c33' },
      { name: 'shared', values: shared[0].regret, colour: '#26c' },
    ] as const;
    const title = 'Regret to the best sequence of experts';
    writePlot(options.plots, 'shifting experts, shared', linePlot(title, 'round', lines));
  }
  const last = (curves: readonly RegretCurve[]) =>
    median(curves.map(({ regret }) => regret[regret.length - 1]));
  return [
    ratioRow(`${stream.name}, with sharing`, shared),
    row({
      name: 'regret to the shifting best, with sharing',
      value: last(shared),
      unit: 'losses',
      target: { atMost: last(plain) },
      peer: { name: 'without', value: last(plain) },
    }),
  ];
}

/** Couplings must help where they were made to, and do no harm on markets. */
function synergyRows({ quick, skipped }: SuiteOptions): Row[] {
  const seeds = Array.from({ length: quick ? 2 : 10 }, (_, seed) => seed);
  const constructed = seeds.map((seed) => constructedScores(seed, quick ? 600 : 2000));
  const worst = Math.max(...constructed.map((scores) => compared(scores).mean));
  const rows = [
    row({
      name: 'loss changed by couplings, made to help, worst seed',
      value: worst,
      unit: 'Brier',
      ...(!quick && { target: { atMost: 0 } }),
    }),
  ];
  for (const series of markets()) {
    if (typeof series === 'string') {
      skipped(`${series}, couplings: ${NO_DATA}`);
      continue;
    }
    const scores = marketScores(series, quick ? 500 : Infinity);
    const { mean, interval } = compared(scores);
    const name = `${series.name}, couplings`;
    rows.push(
      row({ name: `${name}, engaged`, value: 100 * scores.engaged, unit: '% of bars' }),
      row({ name: `${name}, loss changed`, value: mean, unit: 'Brier' }),
      row({
        name: `${name}, loss changed, upper end of 95 %`,
        value: interval[1],
        unit: 'Brier',
        target: { atMost: LARGEST_HARM },
      }),
    );
  }
  return rows;
}

function compared({ coupled, plain }: SynergyScores): ReturnType<typeof compareScores> {
  return compareScores(coupled, plain);
}

/** One-step log scores of the named regimes less those of others, in nats a bar. */
function regimeRows(options: SuiteOptions): Row[] {
  const rows: Row[] = [];
  for (const series of markets()) {
    if (typeof series === 'string') {
      options.skipped(`${series}, log scores of regimes: ${NO_DATA}`);
      continue;
    }
    const { regimes, ...others } = logScores(options.quick ? firstBars(series, 1000) : series);
    for (const [name, scores] of Object.entries(others)) {
      const { mean, interval, statistic, pValue } = compareScores(regimes, scores);
      const label = `${series.name}, regimes over ${name}:`;
      rows.push(
        row({ name: `${label} log score`, value: mean, unit: 'nats' }),
        row({ name: `${label} 95 % from`, value: interval[0], unit: 'nats' }),
        row({ name: `${label} 95 % to`, value: interval[1], unit: 'nats' }),
        row({ name: `${label} Diebold–Mariano`, value: statistic, unit: '' }),
        row({ name: `${label} p`, value: pValue, unit: '' }),
      );
    }
  }
  return rows;
}

/** The series, and the name of one that is not at hand. */
function markets(): (MarketSeries | string)[] {
  return [stockIndex(), bitcoin() ?? 'BTC'];
}

/** Says aloud that something was not measured. */
function firstBars(series: MarketSeries, bars: number): MarketSeries {
  const { closes, volumes } = series;
  return { ...series, closes: closes.subarray(0, bars), volumes: volumes.subarray(0, bars) };
}

/** The ancilla runs a circuit of nine qubits every round: fewer of them. */
function shortened(stream: ExpertStream, quick: boolean): ExpertStream {
  const rounds = quick ? 50 : 1000;
  return { ...stream, rounds, seeds: Math.min(stream.seeds, 2) };
}

function seedsOf({ seeds }: ExpertStream): number[] {
  return Array.from({ length: seeds }, (_, seed) => seed);
}

function ratioRow(name: string, curves: readonly RegretCurve[]): Row {
  return row({
    name: `regret/bound, ${name}, any prefix of ${curves.length} seeds`,
    value: Math.max(...curves.map(worstRatio)),
    unit: '',
    target: { atMost: 1 },
  });
}

function plotCurve({ plots }: SuiteOptions, name: string, { regret, bound }: RegretCurve): void {
  if (plots === undefined) return;
  const lines = [
    { name: 'bound', values: bound, colour: '#888', dashed: true },
    { name: 'regret', values: regret, colour: '#26c' },
  ] as const;
  writePlot(plots, name, linePlot(`Regret to the best expert: ${name}`, 'round', lines));
}

function writePlot(folder: string, name: string, svg: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}.svg`), svg);
}
