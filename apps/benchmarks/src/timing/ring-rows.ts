import { OverwritingRing } from '@sema/timing-buffer';
import Denque from 'denque';
import { allocatedBytes } from '../allocated-bytes.ts';
import { interleave, median, medianFigure, row } from '../harness.ts';
import type { Figure, Row, SuiteOptions } from '../harness.ts';

const SLOTS = 4096;
const VALUES = 16;
const START_NS = 1e12;
const pool = Array.from({ length: 64 }, (_, entry) =>
  Float32Array.from({ length: VALUES }, (_, i) => ((i * 7 + entry * 3) % 17) / 17),
);

type Action = (calls: number) => void;

/** Writing into a ring, and what alignment, prefetching and unrolling do to it. */
export function ringRows(options: SuiteOptions): Row[] {
  const calls = options.quick ? 100_000 : 1_000_000;
  const ring = new OverwritingRing(SLOTS);
  const insert = inserting(ring);
  checkRing(insert, ring);
  const times = compare(options, calls, {
    insert,
    claim: claiming(new OverwritingRing(SLOTS)),
    plain: storing({ stride: VALUES, copy: 'unrolled' }),
    denque: pushing(),
    loop: storing({ stride: VALUES, copy: 'loop' }),
    set: storing({ stride: VALUES, copy: 'set' }),
    aligned: storing({ stride: 32, copy: 'unrolled' }),
    unaligned: storing({ stride: 24, copy: 'unrolled' }),
    prefetched: storing({ stride: VALUES, copy: 'unrolled', ahead: 8 * VALUES }),
  });
  const plain = { name: 'plain typed-array store', ...times.plain };
  const ns = (name: string, figure: Figure, peer: Figure & { readonly name: string }): Row =>
    row({ name, ...figure, unit: 'ns', peer });
  return [
    row({
      name: 'ring: claim, 16 values in place, commit',
      ...times.claim,
      unit: 'ns',
      goal: 'ring/claim and commit',
      peer: plain,
    }),
    row({
      name: 'ring: insert, 16 values copied',
      ...times.insert,
      unit: 'ns',
      goal: 'ring/copying',
      peer: plain,
    }),
    row({
      name: 'ring: allocated by an insert',
      value: bytesPerCall(insert, 10 * MOST_ALLOCATING),
      unit: 'bytes',
      goal: 'ring/allocated',
      peer: {
        name: 'an object and its array',
        value: bytesPerCall(keeping(), Math.min(calls, MOST_ALLOCATING)),
      },
    }),
    ns('denque: push and shift of a reference', times.denque, plain),
    ns('unrolled copy of 16', times.plain, { name: 'a loop', ...times.loop }),
    ns('unrolled copy of 16', times.plain, { name: 'TypedArray.set', ...times.set }),
    ns('slots on cache lines, 128 bytes', times.aligned, {
      name: 'slots of 96 bytes',
      ...times.unaligned,
    }),
    ns('slot touched 8 ahead', times.prefetched, { name: 'not touched', ...times.plain }),
  ];
}

/** Nanoseconds of one call of each. */
function compare<Name extends string>(
  { clock, quick }: SuiteOptions,
  calls: number,
  actions: Readonly<Record<Name, Action>>,
): Record<Name, Figure> {
  // Object.keys forgets the type of the keys.
  const names = Object.keys(actions) as Name[];
  const measure = (name: Name): number => {
    const start = clock.nowNs();
    actions[name](calls);
    return (clock.nowNs() - start) / calls;
  };
  for (const name of names) for (let warm = 0; warm < 8; warm += 1) measure(name);
  const samples = interleave(names, quick ? 21 : 41, measure);
  // As above.
  return Object.fromEntries(names.map((name) => [name, medianFigure(samples[name])])) as Record<
    Name,
    Figure
  >;
}

function checkRing(insert: Action, ring: OverwritingRing): void {
  insert(SLOTS + 1);
  for (let sequence = ring.overwritten; sequence < ring.nextSequence; sequence += 1) {
    const read = ring.read(sequence);
    const expected = pool[sequence & 63];
    if (read.status !== 'entry' || read.measurements.some((value, i) => value !== expected[i])) {
      throw new Error(`the ring does not hold what was inserted as ${String(sequence)}`);
    }
  }
}

function inserting(ring: OverwritingRing): Action {
  let time = START_NS;
  return (calls) => {
    // Not a counter that starts as whatever the closure holds: that would be boxed at every step.
    const start = time;
    for (let call = 0; call < calls; call += 1) {
      ring.insert(start + call, pool[call & 63], 0.5, 1234.5);
    }
    time += calls;
  };
}

function claiming(ring: OverwritingRing): Action {
  const values = ring.measurements;
  let time = START_NS;
  return (calls) => {
    const start = time;
    let value = 0.25;
    for (let call = 0; call < calls; call += 1) {
      const at = ring.claim();
      value = 0.5 - 0.5 * value;
      values[at] = value;
      values[at + 1] = value;
      values[at + 2] = value;
      values[at + 3] = value;
      values[at + 4] = value;
      values[at + 5] = value;
      values[at + 6] = value;
      values[at + 7] = value;
      values[at + 8] = value;
      values[at + 9] = value;
      values[at + 10] = value;
      values[at + 11] = value;
      values[at + 12] = value;
      values[at + 13] = value;
      values[at + 14] = value;
      values[at + 15] = value;
      ring.commit(start + call, VALUES, 0.5, 1234.5);
    }
    time += calls;
  };
}

interface PlainStore {
  /** Floats from one slot to the next. */
  readonly stride: number;
  readonly copy: 'unrolled' | 'loop' | 'set';
  /** Floats ahead of the write at which the memory is read, to have it in the cache by then. */
  readonly ahead?: number;
}

/** The stores of a ring without its checks, in code of its own for each form. */
function storing({ stride, copy, ahead }: PlainStore): Action {
  const copies = {
    unrolled: Array.from({ length: VALUES }, (_, i) => `values[at + ${i}] = source[${i}];`).join(
      '',
    ),
    loop: `for (let i = 0; i < ${VALUES}; i += 1) values[at + i] = source[i];`,
    set: 'values.set(source, at);',
  };
  const touch =
    ahead === undefined ? '' : `touched += values[(at + ${ahead}) & ${SLOTS * stride - 1}];`;
  // The engine optimises a function by what it has seen there, so the forms must not share one.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- made of constants of this file
  const compile = new Function(
    'pool',
    `const values = new Float32Array(${SLOTS * stride}), headers = new Float64Array(${SLOTS * 4});
    let time = ${START_NS}, touched = 0;
    return (calls) => {
      for (let call = 0; call < calls; call += 1) {
        const slot = call & ${SLOTS - 1}, at = slot * ${stride}, source = pool[call & 63];
        ${touch} ${copies[copy]}
        headers[4 * slot] = time + call; headers[4 * slot + 1] = 0.5;
        headers[4 * slot + 2] = 1234.5; headers[4 * slot + 3] = ${VALUES};
      }
      time += calls;
      return touched;
    };`,
  );
  // What the text above takes and returns.
  return (compile as (from: typeof pool) => Action)(pool);
}

function pushing(): Action {
  const queue = new Denque<Float32Array>();
  for (let slot = 0; slot < SLOTS; slot += 1) queue.push(pool[slot & 63]);
  return (calls) => {
    for (let call = 0; call < calls; call += 1) {
      queue.shift();
      queue.push(pool[call & 63]);
    }
  };
}

function keeping(): Action {
  const kept: unknown[] = Array.from({ length: SLOTS });
  return (calls) => {
    for (let call = 0; call < calls; call += 1) {
      const measurements = Array.from(pool[call & 63]);
      kept[call & (SLOTS - 1)] = { time: START_NS + call, measurements, coherence: 0.5 };
    }
  };
}

/** Calls after which what allocates would meet a collection. */
const MOST_ALLOCATING = 10_000;

/** Whole bytes, because no object is smaller than twelve and reading the heap moves it by a few. */
function bytesPerCall(action: Action, calls: number): number {
  const samples = Array.from({ length: 9 }, () => allocatedBytes(() => action(calls)) / calls);
  return Math.max(0, Math.round(median(samples)));
}
