import { ReusableSummary, SlidingWindow, WindowAggregator } from '@sema/timing-buffer';
import type { WindowSummary } from '@sema/timing-buffer';
import { interleave, median, medianFigure, row } from '../harness.ts';
import type { Row, SuiteOptions } from '../harness.ts';

const VALUES = 16;
const SIZES = [100, 10_000, 1_000_000];
/** Filled and closed in one round. */
const WINDOWS = 16;
/** The size at which the form that allocates is timed too. */
const ALLOCATED_SIZE = 10_000;
const pool = Array.from({ length: 64 }, (_, entry) =>
  Float64Array.from({ length: VALUES }, (_, i) => ((i * 7 + entry * 3) % 17) / 17),
);
const coherenceOf = (entry: number): number => ((entry * 31) % 97) / 97;

/** Closing a window, whatever its length, beside going through its entries again. */
export function windowRows(options: SuiteOptions): Row[] {
  return [
    ...SIZES.flatMap((size) => closeRows(size, options)),
    ...SIZES.flatMap((size) => slidingRows(size, options)),
    ...addRows(options),
  ];
}

/** What a close is for: every figure is read, for some are computed when they are. */
function figuresOf(summary: WindowSummary | undefined): number {
  if (summary === undefined) throw new Error('the window has no entries');
  return (
    summary.count +
    summary.meanCoherence +
    summary.maxCoherence +
    summary.coherenceStability +
    summary.meanExecutionNs +
    summary.executionStability +
    summary.meanMeasurements[0] +
    (summary.entropyBits ?? 0) +
    (summary.throughputPerSecond ?? 0)
  );
}

/**
 * Fills several windows, then closes them one after another, each on the clock, whose own reading
 * is measured beside it and taken off. The first close finds the caches as the filling and the
 * neighbours on the machine have left them; the others show what closing itself takes.
 */
function closeRows(size: number, options: SuiteOptions): Row[] {
  const { clock, quick } = options;
  const into = new ReusableSummary();
  const closes = {
    reused: (window: WindowAggregator) => window.close(into),
    allocated: (window: WindowAggregator) => window.close(),
  };
  const windows = Array.from({ length: WINDOWS }, () => new WindowAggregator());
  let now = 0;
  const closeNs = (how: keyof typeof closes, entries: number): Float64Array => {
    for (let entry = 0; entry < entries; entry += 1) {
      for (const window of windows) window.add(now, pool[entry & 63], coherenceOf(entry), 1000);
      now += 1;
    }
    const close = closes[how];
    return Float64Array.from(windows, (window) => {
      const start = clock.nowNs();
      const figures = figuresOf(close(window));
      const end = clock.nowNs();
      const reading = clock.nowNs() - end;
      if (!(figures > entries)) throw new Error('the window lost an entry');
      return end - start - reading;
    });
  };
  // Until the engine has compiled what closing takes, with windows that are like those measured.
  for (let round = 0; round < 2000; round += 1) {
    closeNs(round % 2 === 0 ? 'reused' : 'allocated', 10);
  }
  const rescan = rescanner(size, options);
  const first: number[] = [];
  // Allocating costs the same at any size, and filling the largest windows takes seconds.
  const names = [
    'reused',
    'rescan',
    ...(size === ALLOCATED_SIZE ? ['allocated' as const] : []),
  ] as const;
  const samples = interleave(names, roundsOf(size, quick), (how) => {
    if (how === 'rescan') return rescan();
    const times = closeNs(how, size);
    if (how === 'reused') first.push(times[0]);
    return median(times);
  });
  const name = `close a window of ${figure(size)}`;
  const rows = [
    readRow(name, samples.reused, samples.rescan),
    readRow(`${name}, the first after filling`, first, samples.rescan),
  ];
  if (size === ALLOCATED_SIZE) {
    rows.push(readRow(`${name}, into a new summary`, samples.allocated, samples.rescan));
  }
  return rows;
}

function slidingRows(size: number, options: SuiteOptions): Row[] {
  const { clock, quick } = options;
  const window = new SlidingWindow({ spanNs: Infinity, capacityEntries: size });
  for (let entry = 0; entry < size + 100; entry += 1) {
    window.add(entry, pool[entry & 63], coherenceOf(entry), 1000);
  }
  const into = new ReusableSummary();
  const reads = { reused: () => window.summary(into), allocated: () => window.summary() };
  const readNs = (how: keyof typeof reads): number => {
    const read = reads[how];
    const repeats = 5000;
    let figures = 0;
    const start = clock.nowNs();
    for (let repeat = 0; repeat < repeats; repeat += 1) figures += figuresOf(read());
    const elapsed = clock.nowNs() - start;
    if (!(figures > size * repeats)) throw new Error('the window lost an entry');
    return elapsed / repeats;
  };
  const rescan = rescanner(size, options);
  const samples = interleave(['reused', 'allocated', 'rescan'], roundsOf(size, quick), (how) =>
    how === 'rescan' ? rescan() : readNs(how),
  );
  return [
    readRow(`read a sliding window of ${figure(size)}`, samples.reused, samples.rescan),
    readRow(
      `read a sliding window of ${figure(size)}, into a new summary`,
      samples.allocated,
      samples.rescan,
    ),
  ];
}

const figure = (size: number): string => size.toLocaleString('en-US');

function roundsOf(size: number, quick: boolean): number {
  const rounds = Math.max(5, Math.min(101, 400_000 / size));
  return quick ? Math.ceil(rounds / 5) : rounds;
}

function readRow(name: string, samples: ArrayLike<number>, rescan: Float64Array): Row {
  return row({
    name,
    ...medianFigure(samples),
    unit: 'ns',
    goal: 'window/close',
    peer: { name: 'rescan', ...medianFigure(rescan) },
  });
}

function addRows({ clock, quick }: SuiteOptions): Row[] {
  const calls = quick ? 20_000 : 200_000;
  const tumbling = new WindowAggregator();
  const sliding = new SlidingWindow({ spanNs: 10_000, capacityEntries: 16_384 });
  let now = 0;
  const measure = (window: WindowAggregator | SlidingWindow): number => {
    const start = clock.nowNs();
    for (let call = 0; call < calls; call += 1) {
      window.add(now, pool[call & 63], coherenceOf(call), 1000);
      now += 1;
    }
    return (clock.nowNs() - start) / calls;
  };
  const rounds = Array.from({ length: quick ? 3 : 21 }, () => [
    measure(tumbling),
    measure(sliding),
  ]);
  const value = median(rounds.map(([first]) => first));
  return [
    row({ name: 'add 16 values to a window', value, unit: 'ns' }),
    row({
      name: 'add 16 values to a sliding window, one leaves',
      value: median(rounds.map(([, second]) => second)),
      unit: 'ns',
      peer: { name: 'a tumbling one', value },
    }),
  ];
}

/** Nanoseconds for the same statistics from all entries at once, kept in flat arrays. */
function rescanner(size: number, { clock }: SuiteOptions): () => number {
  const values = new Float32Array(size * VALUES);
  const coherences = Float64Array.from({ length: size }, (_, entry) => coherenceOf(entry));
  for (let entry = 0; entry < size; entry += 1) values.set(pool[entry & 63], entry * VALUES);
  const bins = new Float64Array(50);
  const sums = new Float64Array(VALUES);
  const rescan = (): number => {
    bins.fill(0);
    sums.fill(0);
    let [max, sum, squares] = [0, 0, 0];
    for (let entry = 0; entry < size; entry += 1) {
      const coherence = coherences[entry];
      max = Math.max(max, coherence);
      sum += coherence;
      squares += coherence * coherence;
      for (let channel = 0; channel < VALUES; channel += 1) {
        const value = values[entry * VALUES + channel];
        sums[channel] += value;
        bins[Math.min(49, Math.trunc(value * 50))] += 1;
      }
    }
    let entropy = 0;
    for (const count of bins) if (count > 0) entropy -= count * Math.log2(count);
    return max + sum + squares + entropy + sums[0];
  };
  const repeats = Math.max(1, Math.round(20_000 / size));
  return () => {
    const start = clock.nowNs();
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      if (Number.isNaN(rescan())) throw new Error('the rescan found no number');
    }
    return (clock.nowNs() - start) / repeats;
  };
}
