import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeState, encodeRounded, encodeState } from '@sema/serializer';
import type { Precision } from '@sema/serializer';
import { codeOf } from './code-of.ts';
import { randomState } from './random-states.ts';

const PRECISIONS: readonly Precision[] = [
  'f64',
  'f32',
  ...Array.from({ length: 9 }, (_, n) => ({ decimals: n + 1 })),
];

test('a state in f32 takes half the space, and the loss says what that cost', () => {
  const state = randomState(10, 1);
  const { bytes, loss } = encodeRounded(state, 'f32');
  expect(bytes.length).toBe(12 + 8 + 8 * 1024 + 32);
  const decoded = decodeState(bytes);
  expect(decoded.real).toEqual(state.real.map(Math.fround));
  expect(loss.maxError).toBeGreaterThan(0);
  // Amplitudes of ten qubits are below 1/4, where float32 steps by 2^-26.
  expect(loss.maxError).toBeLessThan(2 ** -26);
  expect(loss.fidelity).toBeGreaterThan(1 - 1e-12);
});

test('decimals round to the nearest, in at most half a unit of the last place', () => {
  const state = { real: Float64Array.of(0.6004, -0.0004), imaginary: Float64Array.of(0, 0.7996) };
  const { bytes, loss } = encodeRounded(state, { decimals: 3 });
  expect(decodeState(bytes)).toEqual({
    real: Float64Array.of(0.6, 0),
    imaginary: Float64Array.of(0, 0.8),
  });
  expect(loss.maxError).toBeCloseTo(0.0004, 12);
  expect(loss.norm).toBeCloseTo(1, 15);
});

test('what rounds away makes a state sparse', () => {
  const real = new Float64Array(1024).fill(1e-6);
  real[3] = 1;
  const { bytes } = encodeRounded({ real, imaginary: new Float64Array(1024) }, { decimals: 4 });
  expect(bytes.length).toBe(12 + 8 + 12 + 32);
});

test('the loss is what decoding shows, and rounding what is rounded changes nothing', () => {
  fc.assert(
    fc.property(
      fc.nat(6),
      fc.nat(1e6),
      fc.constantFrom(...PRECISIONS),
      (qubits, seed, precision) => {
        const state = randomState(qubits, seed);
        const { bytes, loss } = encodeRounded(state, precision);
        const decoded = decodeState(bytes);
        let maxError = 0;
        for (const part of ['real', 'imaginary'] as const) {
          decoded[part].forEach((value, index) => {
            maxError = Math.max(maxError, Math.abs(value - state[part][index]));
          });
        }
        expect(loss.maxError).toBe(maxError);
        const again = encodeRounded(decoded, precision);
        expect(again.bytes).toEqual(bytes);
        expect(again.loss.maxError).toBe(0);
      },
    ),
  );
});

test('f64 precision gives the bytes of encodeState and loses nothing', () => {
  const state = randomState(5, 9);
  const { bytes, loss } = encodeRounded(state, 'f64');
  expect(bytes).toEqual(encodeState(state));
  expect(loss.maxError).toBe(0);
  expect(loss.fidelity).toBeCloseTo(1, 15);
});

test.each([0, 10, 1.5, Number.NaN, -1])('%d decimals are refused', (decimals) => {
  expect(codeOf(() => encodeRounded(randomState(1, 1), { decimals }))).toBe('INVALID_OPTION');
});

test('what does not fit the smaller number is refused', () => {
  const large = { real: Float64Array.of(1e300, 0), imaginary: new Float64Array(2) };
  expect(codeOf(() => encodeRounded(large, 'f32'))).toBe('NON_FINITE');
  const three = { real: Float64Array.of(3, 0), imaginary: new Float64Array(2) };
  expect(codeOf(() => encodeRounded(three, { decimals: 9 }))).toBe('INVALID_AMPLITUDES');
});
