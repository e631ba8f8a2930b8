import { describe, expect, test } from 'vitest';
import { change, count, day, microseconds, percent, ratio, tiny } from '../src/figures.ts';
import { alignFacts, alignTable, wrap } from '../src/table.ts';

describe('figures', () => {
  test('a return carries its sign, and a return of nothing carries none', () => {
    expect([0.01234, -0.5, 0, -0.000001].map(change)).toEqual([
      '+1.23%',
      '-50.00%',
      '0.00%',
      '0.00%',
    ]);
  });

  test('a share is a percentage without sign', () => {
    expect(percent(0.0567)).toBe('5.7%');
    expect(percent(-0, 2)).toBe('0.00%');
  });

  test('a ratio that does not exist is a dash, not a zero', () => {
    expect([undefined, 0, -0.001, 1.005].map(ratio)).toEqual(['–', '0.00', '0.00', '1.00']);
  });

  test('durations are microseconds, with a decimal while it matters', () => {
    expect([950, 12_345, 1_234_567].map(microseconds)).toEqual(['0.9 µs', '12.3 µs', '1,235 µs']);
  });

  test('counts are grouped by thousands', () => {
    expect(count(1_234_567)).toBe('1,234,567');
  });

  test('a difference of nothing is 0', () => {
    expect([0, 2.22e-15].map(tiny)).toEqual(['0', '2.22e-15']);
  });

  test('a time at midnight is its day', () => {
    expect(day(Date.UTC(2020, 1, 29))).toBe('2020-02-29');
    expect(day(Date.UTC(2020, 1, 29, 14, 5))).toBe('2020-02-29T14:05Z');
  });
});

describe('columns', () => {
  test('the first column stands to the left, the others to the right', () => {
    expect(
      alignTable([
        ['', 'return'],
        ['Sema', '+1.2%'],
        ['Buy and hold', '–'],
      ]),
    ).toEqual(['              return', 'Sema           +1.2%', 'Buy and hold       –']);
  });

  test('a long fact goes on below itself', () => {
    expect(alignFacts([['regimes', 'stable 71.8%, trending 20.1%']], 22)).toEqual([
      'regimes  stable 71.8%,',
      '         trending',
      '         20.1%',
    ]);
  });

  test('a word wider than the line keeps a line of its own', () => {
    expect(wrap('a abcdefghij b', 5)).toEqual(['a', 'abcdefghij', 'b']);
  });
});
