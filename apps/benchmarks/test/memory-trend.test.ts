import { expect, test } from 'vitest';
import { trendOf } from '../src/engine/memory-trend.ts';

test('a straight line is found exactly, with no doubt about it', () => {
  const { slope, margin } = trendOf([3, 5, 7, 9, 11, 13]);
  expect(slope).toBeCloseTo(2, 12);
  expect(margin).toBeCloseTo(0, 12);
});

test('slope and 95 % interval of five values by hand', () => {
  // Of 1, 3, 2, 5, 4 at 0 … 4: slope 8/10; residuals −0.4, 0.8, −1, 1.2, −0.6, their squares 3.6.
  const { slope, margin } = trendOf([1, 3, 2, 5, 4]);
  expect(slope).toBeCloseTo(0.8, 12);
  // t with 3 degrees of freedom is 3.182446, to the 1 % that the series promises.
  const exact = 3.182446 * Math.sqrt(3.6 / 3 / 10);
  expect(Math.abs(margin / exact - 1)).toBeLessThan(0.01);
});

test('with 14 degrees of freedom it is Student’s interval to four digits', () => {
  const values = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? 1 : -1));
  const { slope, margin } = trendOf(values);
  let residuals = 0;
  let squares = 0;
  values.forEach((value, index) => {
    residuals += (value - slope * (index - 7.5)) ** 2;
    squares += (index - 7.5) ** 2;
  });
  expect(margin / Math.sqrt(residuals / 14 / squares)).toBeCloseTo(2.144787, 4);
});
