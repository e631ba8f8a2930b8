import { configurationOverrides, type Candles, type EngineConfiguration } from '@sema/qar';
import { walkForward } from '@sema/qar/evaluation';
import type { CanonicalValue } from '@sema/synthesis-crypto';
import { CliError } from '../cli-error.ts';
import { configurationId } from '../evaluation/evaluate-candles.ts';
import { pointAt, pointTitle, settingsAt, type Axis } from '../evaluation/search-space.ts';
import type { Judged } from '../evaluation/search.ts';
import { changed } from '../evaluation/variants.ts';
import { blobHash, encodeCandles } from './candle-blob.ts';
import { sweepId, taskId, type SweepSpan, type SweepWork } from './sweep-task.ts';

export interface SweepRequest {
  readonly candles: Candles;
  readonly configuration: EngineConfiguration;
  readonly axes: readonly Axis[];
  readonly judged: Judged;
  /** Share of the decisions, at the end, that the sweep never sees. */
  readonly holdOut: number;
  /** Windows of a walk-forward evaluation; a grid over one span without. */
  readonly windows: number | undefined;
  readonly maximumTasks: number;
  /** As of `programId`. */
  readonly program: string;
}

/** One set of settings. */
export interface SweepPoint {
  readonly title: string;
  /** Values in the order of the axes; none for what was configured. */
  readonly values: readonly Axis['values'][number][];
  readonly configurationId: string;
}

/** Periods that settings are chosen by, and those that follow, if any are judged. */
export interface SweepWindow {
  readonly train: { readonly from: number; readonly to: number };
  readonly test: { readonly from: number; readonly to: number } | undefined;
}

/** A sweep as it follows from its inputs alone. */
export interface SweepPlan {
  readonly id: string;
  readonly points: readonly SweepPoint[];
  readonly windows: readonly SweepWindow[];
  /** The id of the task of a point in a window. */
  readonly taskOf: readonly (readonly string[])[];
  readonly tasks: ReadonlyMap<string, SweepWork>;
  readonly candles: { readonly bytes: Uint8Array; readonly hash: string };
}

/** A decision learns two periods late, and the last two have no outcome. */
const LABEL = 2;
/** Fewer periods have no Sharpe ratio to speak of. */
const LEAST_PERIODS = 30;
/** So many tests long is what is trained on, or a little longer. */
const TRAIN_TESTS = 2;

/** @throws {CliError} `BAD_OPTION`, `TOO_FEW_CANDLES`; {QarError} `BAD_CONFIGURATION` */
export function planSweep(request: SweepRequest): SweepPlan {
  const { candles, configuration, judged, program } = request;
  checkAxes(request);
  const bytes = encodeCandles(candles);
  const hash = blobHash(bytes);
  const points = pointsOf(request);
  const windows = windowsOf(request);
  checkSize(points.length * windows.length, request.maximumTasks);
  const tasks = new Map<string, SweepWork>();
  const taskOf = points.map(({ settings }) =>
    windows.map((window) => {
      const span = spanOf(window, configuration.windowCandles);
      const work = { candles: hash, span, judged, configuration: settings };
      const id = taskId(program, work);
      tasks.set(id, work);
      return id;
    }),
  );
  const titled = points.map(({ title, values, settings }) => {
    return { title, values, configurationId: configurationId(settings) };
  });
  // Ranges and titles are plain data.
  const document = { titled, windows } as unknown as CanonicalValue;
  const id = sweepId([...tasks.keys()], document);
  return { id, points: titled, windows, taskOf, tasks, candles: { bytes, hash } };
}

/** The settings as configured first where they are judged beside the others, then all of the grid. */
function pointsOf({ configuration, axes, windows, maximumTasks }: SweepRequest) {
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  checkSize(size, maximumTasks);
  const twin = changed(configuration, { path: 'twin' });
  const grid = Array.from({ length: size }, (_, index) => {
    const values = pointAt(axes, index);
    const overrides = configurationOverrides(settingsAt(axes, values));
    const settings = changed(twin, { ...overrides, path: 'twin' });
    return { title: pointTitle(axes, values), values, settings };
  });
  const unchanged = { title: 'as configured', values: [], settings: twin };
  const all = windows === undefined ? grid : [unchanged, ...grid];
  const seen = new Set<string>();
  return all.filter(({ settings }) => {
    const id = configurationId(settings);
    return seen.has(id) ? false : (seen.add(id), true);
  });
}

function windowsOf({ candles, configuration, holdOut, windows }: SweepRequest): SweepWindow[] {
  const decisions = candles.length - configuration.windowCandles + 1;
  // As in a search, so that the same settings over the same span are one trial.
  const end = decisions - Math.round(decisions * holdOut);
  const periods = end - LABEL;
  if (windows === undefined) {
    if (periods < LEAST_PERIODS) throw tooFew(decisions);
    return [{ train: { from: 0, to: end }, test: undefined }];
  }
  const test = Math.floor((periods - LABEL) / (windows + TRAIN_TESTS));
  if (test < LEAST_PERIODS) throw tooFew(decisions);
  const train = periods - LABEL - windows * test;
  return walkForward(periods, { train, test, gap: LABEL, expanding: false }).map((split) => {
    return { train: split.train[0], test: split.test[0] };
  });
}

function spanOf({ train, test }: SweepWindow, windowCandles: number): SweepSpan {
  const before = windowCandles - 1;
  if (test === undefined) {
    const periods = train.to - LABEL;
    return { from: train.from, to: train.to + before, train: periods, test: periods };
  }
  return {
    from: train.from,
    to: test.to + LABEL + before,
    train: train.to - train.from,
    test: test.from - train.from,
  };
}

function checkAxes({ axes, windows }: SweepRequest): void {
  for (const { path } of axes) {
    if (path === 'path') {
      const what = 'a sweep runs the closed form, which decides as the circuits do';
      throw new CliError('BAD_OPTION', what, 'leave the setting path out');
    }
    if (path === 'windowCandles' && windows !== undefined) {
      const what = 'windows of other lengths begin at other candles';
      throw new CliError('BAD_OPTION', what, 'leave windowCandles out, or --walk-forward');
    }
  }
}

function checkSize(tasks: number, maximum: number): void {
  if (tasks <= maximum) return;
  const what = `${String(tasks)} tasks are more than the ${String(maximum)} of --max-tasks`;
  throw new CliError('BAD_OPTION', what, 'give fewer values, or raise --max-tasks');
}

function tooFew(decisions: number): CliError {
  const what = `${String(Math.max(0, decisions))} decisions are too few for these windows`;
  return new CliError('TOO_FEW_CANDLES', what, 'give a longer file, or ask for fewer windows');
}
