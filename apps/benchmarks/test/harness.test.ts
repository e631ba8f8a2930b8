import { describe, expect, test } from 'vitest';
import {
  interleave,
  median,
  medianFigure,
  quantileFigure,
  quantileOf,
  row,
  sumOf,
} from '../src/harness.ts';
import { resultTable } from '../src/result-table.ts';
import { seededCandles } from '../src/seeded-candles.ts';

describe('row', () => {
  test.each([
    [99.9, { atMost: 100 }, true],
    [100, { atMost: 100 }, true],
    [100.1, { atMost: 100 }, false],
    [5000, { atLeast: 5000 }, true],
    [4999, { atLeast: 5000 }, false],
    [NaN, { atMost: 100 }, false],
    [NaN, { atLeast: 100 }, false],
  ])('%d against %o is met: %s', (value, target, met) => {
    expect(row({ name: 'latency', value, unit: 'µs', target }).met).toBe(met);
  });

  test('gives the ratio of the value to the peer’s', () => {
    const measured = { name: 'rate', value: 30, unit: '/s', peer: { name: 'twin', value: 40 } };
    expect(row(measured)).toEqual({
      name: 'rate',
      value: 30,
      unit: '/s',
      target: null,
      peer: 'twin',
      peerValue: 40,
      ratio: 0.75,
      met: null,
      goal: null,
      samples: null,
      peerSamples: null,
    });
  });

  test('of a goal takes its bound, and is refused in another unit', () => {
    const measured = { name: 'p50', value: 99, goal: 'decision/p50' } as const;
    expect(row({ ...measured, unit: 'µs' })).toMatchObject({ target: { atMost: 100 }, met: true });
    expect(() => row({ ...measured, unit: 'ms' })).toThrow("decision/p50 is measured in 'µs'");
  });

  test('of a goal that is a multiple of its peer has a bound only beside one', () => {
    const call = { name: 'sign', value: 12, unit: 'µs', goal: 'node-crypto/call' } as const;
    expect(row(call)).toMatchObject({ target: null, met: null });
    const beside = row({ ...call, peer: { name: 'OpenSSL', value: 10 } });
    expect(beside.target).toEqual({ atMost: 11 });
    expect(beside.met).toBe(false);
  });
});

describe('quantiles', () => {
  test('are values that were measured', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.01, 0.5, 0.99, 1].map((q) => quantileOf(values, q))).toEqual([1, 1, 50, 99, 100]);
  });

  test('of one value are that value', () => {
    expect([0, 0.5, 1].map((q) => quantileOf([7], q))).toEqual([7, 7, 7]);
  });

  test('leave the order of what they are taken from alone', () => {
    const values = Float64Array.of(3, 1, 2);
    expect(median(values)).toBe(2);
    expect([...values]).toEqual([3, 1, 2]);
    expect(sumOf(values)).toBe(6);
  });
});

describe('figures', () => {
  test('are a quantile in another unit, with that of consecutive parts as samples', () => {
    const values = Float64Array.from({ length: 64 }, (_, index) => index);
    const { value, samples } = quantileFigure(values, 1, 0.5);
    expect(value).toBe(31.5);
    expect(samples).toEqual(Array.from({ length: 32 }, (_, part) => part + 0.5));
  });

  test('of few values keep each of them', () => {
    expect(medianFigure([3, 1, 2])).toEqual({ value: 2, samples: [3, 1, 2] });
  });
});

describe('interleave', () => {
  test('takes turns, every other round backwards, and keeps what each measured', () => {
    const order: string[] = [];
    const samples = interleave(['a', 'b'], 3, (name, round) => {
      order.push(`${name}${String(round)}`);
      return order.length;
    });
    expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
    expect(samples).toEqual({ a: Float64Array.of(1, 4, 5), b: Float64Array.of(2, 3, 6) });
  });
});

test('the table shows a missed target as missed, and a row without one without', () => {
  const rows = [
    row({ name: 'p50', value: 12.34, unit: 'µs', target: { atMost: 100 } }),
    row({ name: 'rate', value: 4321.6, unit: '/s', target: { atLeast: 10_000 } }),
    row({ name: 'bytes', value: 64, unit: 'bytes', peer: { name: 'twin', value: 32 } }),
  ];
  expect(resultTable(rows)).toEqual([
    '            value    target          peer  its value  ratio',
    'p50       12.3 µs     ≤ 100     met     –          –      –',
    'rate     4,322 /s  ≥ 10,000  MISSED     –          –      –',
    'bytes  64.0 bytes         –          twin       32.0   2.00',
  ]);
});

test('seeded candles are candles, the same for the same seed and others for another', () => {
  const candles = seededCandles(500, 7);
  expect(seededCandles(500, 7)).toEqual(candles);
  expect(seededCandles(500, 8).close).not.toEqual(candles.close);
  for (let i = 0; i < candles.length; i++) {
    expect(candles.low[i]).toBeLessThanOrEqual(Math.min(candles.open[i], candles.close[i]));
    expect(candles.high[i]).toBeGreaterThanOrEqual(Math.max(candles.open[i], candles.close[i]));
    expect(candles.low[i]).toBeGreaterThan(0);
  }
});
