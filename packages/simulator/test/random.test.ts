import { expect, test } from 'vitest';
import { mulberry32 } from '@sema/simulator';

test('mulberry32 gives the sequence of its published source', () => {
  // The JavaScript of github.com/bryc/code, PRNGs, run for seed 0.
  const random = mulberry32(0);
  expect([random.next(), random.next(), random.next()]).toEqual([
    0.26642920868471265, 0.0003297457005828619, 0.2232720274478197,
  ]);
});

test('its state continues the sequence', () => {
  const random = mulberry32(4294967295);
  random.next();
  const twin = mulberry32(random.state);
  expect(twin.next()).toBe(random.next());
});

test('100 000 numbers are uniform', () => {
  // Chi-square over 100 cells, 99 degrees of freedom: above 148.23 with probability 1e-3.
  const random = mulberry32(2024);
  const counts = new Float64Array(100);
  for (let i = 0; i < 100_000; i++) counts[Math.floor(100 * random.next())]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(148.23);
});

test.each([-1, 0.5, 2 ** 32, NaN, Infinity])('seed %d is refused', (seed) => {
  expect(() => mulberry32(seed)).toThrow(expect.objectContaining({ code: 'INVALID_SEED' }));
});
