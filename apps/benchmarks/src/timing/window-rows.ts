import { SlidingWindow, WindowAggregator } from '@sema/timing-buffer';
import { median, row } from '../harness.ts';
import type { Row, SuiteOptions } from '../harness.ts';

const VALUES = 16;
const SIZES = [100, 10_000, 1_000_000];
const pool = Array.from({ length: 64 }, (_, entry) =>
  Float64Array.from({ length: VALUES }, (_, i) => ((i * 7 + entry * 3) % 17) / 17),
);
const coherenceOf = (entry: number): number => ((entry * 31) % 97) / 97;

/** Closing a window, whatever its length, beside going through its entries again. */
export function windowRows(options: SuiteOptions): Row[] {
  const sizes = options.quick ? SIZES.slice(0, 2) : SIZES;
  return [
    ...sizes.map((size) => closeRow(size, options)),
    ...sizes.map((size) => slidingRow(size, options)),
    ...addRows(options),
  ];
}

function closeRow(size: number, options: SuiteOptions): Row {
  const { clock, quick } = options;
  warm(quick ? 100 : 20_000);
  const window = new WindowAggregator();
  const rounds = quick ? 3 : Math.max(9, Math.min(401, 1_000_000 / size));
  let now = 0;
  // One at a time, the reading of the clock included: a window is closed by whoever filled it, and
  // many in a row would be out of the cache.
  const samples = Array.from({ length: rounds }, () => {
    for (let entry = 0; entry < size; entry += 1) {
      window.add(now, pool[entry & 63], coherenceOf(entry), 1000);
      now += 1;
    }
    const start = clock.nowNs();
    const closed = window.close();
    const elapsed = clock.nowNs() - start;
    if (closed?.count !== size) throw new Error('the window lost an entry');
    return elapsed;
  });
  return row({
    name: `close a window of ${size.toLocaleString('en-US')}`,
    value: median(samples),
    unit: 'ns',
    target: { atMost: 200 },
    peer: { name: 'rescan', value: rescanNs(size, options) },
  });
}

/** Closes windows of one entry until the engine has compiled what that takes. */
function warm(closes: number): void {
  const window = new WindowAggregator();
  for (let close = 0; close < closes; close += 1) {
    window.add(close, pool[close & 63], coherenceOf(close), 1000);
    window.close();
  }
}

function slidingRow(size: number, options: SuiteOptions): Row {
  const { clock, quick } = options;
  const window = new SlidingWindow({ spanNs: Infinity, capacityEntries: size });
  for (let entry = 0; entry < size + 100; entry += 1) {
    window.add(entry, pool[entry & 63], coherenceOf(entry), 1000);
  }
  const reads = quick ? 100 : 10_000;
  let summary = window.summary();
  const samples = Array.from({ length: quick ? 3 : 41 }, () => {
    const start = clock.nowNs();
    for (let read = 0; read < reads; read += 1) summary = window.summary();
    return (clock.nowNs() - start) / reads;
  });
  if (summary?.count !== size) throw new Error('the window lost an entry');
  return row({
    name: `read a sliding window of ${size.toLocaleString('en-US')}`,
    value: median(samples),
    unit: 'ns',
    target: { atMost: 200 },
    peer: { name: 'rescan', value: rescanNs(size, options) },
  });
}

function addRows({ clock, quick }: SuiteOptions): Row[] {
  const calls = quick ? 1000 : 200_000;
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

/** The same statistics from all entries at once, as flat arrays. */
function rescanNs(size: number, { clock, quick }: SuiteOptions): number {
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
  const samples = Array.from({ length: quick ? 2 : 7 }, () => {
    const start = clock.nowNs();
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      if (Number.isNaN(rescan())) throw new Error('the rescan found no number');
    }
    return (clock.nowNs() - start) / repeats;
  });
  return median(samples);
}
