import type { TimingBufferErrorCode } from '../src/index.ts';

export type EntryArguments = [
  timestampNs: number,
  measurements: ArrayLike<number>,
  coherence: number,
  executionNs: number,
];

/** Entries that must be refused after a valid one at 1000 ns, each with its code. */
export const invalidEntries: readonly (readonly [string, TimingBufferErrorCode, EntryArguments])[] =
  [
    ['a NaN timestamp', 'TIMESTAMP_OUT_OF_RANGE', [NaN, [0.5], 0.5, 1]],
    ['an infinite timestamp', 'TIMESTAMP_OUT_OF_RANGE', [Infinity, [0.5], 0.5, 1]],
    ['a negative timestamp', 'TIMESTAMP_OUT_OF_RANGE', [-1, [0.5], 0.5, 1]],
    ['a fractional timestamp', 'TIMESTAMP_OUT_OF_RANGE', [2000.5, [0.5], 0.5, 1]],
    ['a timestamp of 2^53', 'TIMESTAMP_OUT_OF_RANGE', [2 ** 53, [0.5], 0.5, 1]],
    ['time running backwards', 'TIME_RAN_BACKWARDS', [999, [0.5], 0.5, 1]],
    [
      '17 measurements',
      'MEASUREMENT_COUNT_OUT_OF_RANGE',
      [2000, Array.from({ length: 17 }, () => 0.5), 0.5, 1],
    ],
    [
      '17 measurements in a typed array',
      'MEASUREMENT_COUNT_OUT_OF_RANGE',
      [2000, new Float64Array(17), 0.5, 1],
    ],
    [
      'a length that is no number',
      'MEASUREMENT_COUNT_OUT_OF_RANGE',
      [2000, { length: NaN }, 0.5, 1],
    ],
    ['a fractional length', 'MEASUREMENT_COUNT_OUT_OF_RANGE', [2000, { length: 1.5 }, 0.5, 1]],
    ['a negative length', 'MEASUREMENT_COUNT_OUT_OF_RANGE', [2000, { length: -1 }, 0.5, 1]],
    ['a NaN measurement', 'MEASUREMENT_OUT_OF_RANGE', [2000, [0.5, NaN], 0.5, 1]],
    ['an infinite measurement', 'MEASUREMENT_OUT_OF_RANGE', [2000, [Infinity], 0.5, 1]],
    ['a measurement above 1', 'MEASUREMENT_OUT_OF_RANGE', [2000, [0.5, 1.0000002], 0.5, 1]],
    ['a negative measurement', 'MEASUREMENT_OUT_OF_RANGE', [2000, [-0.0000002], 0.5, 1]],
    [
      'one bad value among 16 doubles',
      'MEASUREMENT_OUT_OF_RANGE',
      [2000, Float64Array.from({ length: 16 }, (_, i) => (i === 15 ? 1.5 : 0.5)), 0.5, 1],
    ],
    [
      'one bad value among 16 floats',
      'MEASUREMENT_OUT_OF_RANGE',
      [2000, Float32Array.from({ length: 16 }, (_, i) => (i === 6 ? NaN : 0.5)), 0.5, 1],
    ],
    ['a NaN coherence', 'COHERENCE_OUT_OF_RANGE', [2000, [0.5], NaN, 1]],
    ['a coherence above 1', 'COHERENCE_OUT_OF_RANGE', [2000, [0.5], 1.01, 1]],
    ['a negative coherence', 'COHERENCE_OUT_OF_RANGE', [2000, [0.5], -0.01, 1]],
    ['a negative execution time', 'EXECUTION_TIME_OUT_OF_RANGE', [2000, [0.5], 0.5, -1]],
    ['a NaN execution time', 'EXECUTION_TIME_OUT_OF_RANGE', [2000, [0.5], 0.5, NaN]],
    ['an infinite execution time', 'EXECUTION_TIME_OUT_OF_RANGE', [2000, [0.5], 0.5, Infinity]],
  ];

/** Entries of the wrong type, which TypeScript refuses and JavaScript lets through. */
export const wronglyTypedEntries: readonly (readonly [string, EntryArguments])[] = [
  // The casts stand for callers without a type checker.
  ['a null measurement', [2000, [null as unknown as number], 0.5, 1]],
  ['a text measurement', [2000, ['0.5' as unknown as number], 0.5, 1]],
  ['a text coherence', [2000, [0.5], '0.5' as unknown as number, 1]],
  ['a text execution time', [2000, [0.5], 0.5, '1' as unknown as number]],
];
