import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QarError } from '../../src/errors.ts';
import { CEREBELLAR_GAINS } from '../../src/rhythms/cerebellar-scheduler.ts';
import { PidController, settles } from '../../src/rhythms/pid-controller.ts';
import type { PidGains } from '../../src/rhythms/pid-controller.ts';

const BOUNDS = { minimum: -100, maximum: 100, errorLimit: 100 };
const gain = fc.double({ min: -1.5, max: 2.5, noNaN: true });
const anyGains = fc.record({ proportional: gain, integral: gain, derivative: gain });

const calmGains = fc.record({
  proportional: fc.double({ min: 0, max: 0.4, noNaN: true }),
  integral: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  derivative: fc.double({ min: 0, max: 0.1, noNaN: true }),
});

/** e(k+1) = disturbance − u(k+1), as long as the controller is asked. */
function errors(gains: PidGains, disturbance: number, steps: number): number[] {
  // So far that no bound is met: the loop is then linear.
  const far = { minimum: -1e12, maximum: 1e12, errorLimit: 1e12 };
  const controller = new PidController({ gains, ...far });
  return Array.from({ length: steps }, () => {
    const error = disturbance - controller.output;
    controller.update(error);
    return error;
  });
}

test('three steps by hand: P 0.5, I 0.25, D 0.125 on a disturbance of 8', () => {
  const gains = { proportional: 0.5, integral: 0.25, derivative: 0.125 };
  // u1 = 0.5·8 + 0.25·8 = 6; e = 2. u2 = 1 + 0.25·10 + 0.125·(2 − 8) = 2.75; e = 5.25.
  // u3 = 2.625 + 0.25·15.25 + 0.125·(5.25 − 2) = 6.84375; e = 1.15625.
  expect(errors(gains, 8, 4)).toEqual([8, 2, 5.25, 1.15625]);
});

describe('stability', () => {
  /** The largest root's modulus, by repeated squaring of the companion matrix. */
  function spectralRadius({ proportional, integral, derivative }: PidGains): number {
    const a = proportional + integral + derivative - 1;
    const b = -(proportional + 2 * derivative);
    const c = derivative;
    let matrix = [
      [-a, -b, -c],
      [1, 0, 0],
      [0, 1, 0],
    ];
    let logarithm = 0;
    let power = 1;
    for (let squaring = 0; squaring < 40; squaring++) {
      const norm = Math.max(...matrix.flat().map(Math.abs));
      logarithm += Math.log(norm) / power;
      const unit = matrix.map((line) => line.map((value) => value / norm));
      matrix = unit.map((line) =>
        [0, 1, 2].map((column) => line.reduce((sum, value, k) => sum + value * unit[k][column], 0)),
      );
      power *= 2;
    }
    return Math.exp(logarithm);
  }

  test('gains are taken exactly where the loop has no root on or outside the unit circle', () => {
    fc.assert(
      fc.property(anyGains, (gains) => {
        const radius = spectralRadius(gains);
        // On the circle itself rounding decides.
        fc.pre(Math.abs(radius - 1) > 1e-6);
        expect(settles(gains)).toBe(radius < 1);
      }),
      { seed: 3, numRuns: 400 },
    );
  });

  test('without bounds in the way, a lasting disturbance is learned to rounding', () => {
    fc.assert(
      fc.property(calmGains, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (gains, push) => {
        fc.pre(spectralRadius(gains) < 0.97);
        // 0.97^2000 is 10^−27: what is left is rounding.
        const left = errors(gains, push, 2000).at(-1) ?? NaN;
        expect(Math.abs(left)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(push)));
      }),
      { seed: 5 },
    );
  });

  test('the scheduler’s gains settle with room to spare', () => {
    expect(spectralRadius(CEREBELLAR_GAINS)).toBeLessThan(0.95);
  });

  test('gains that would not settle, and bounds that bound nothing, are refused', () => {
    const gains = CEREBELLAR_GAINS;
    const bad = [
      { ...BOUNDS, gains: { ...gains, integral: 0 } },
      { ...BOUNDS, gains: { ...gains, integral: 2.1 } },
      { ...BOUNDS, gains: { ...gains, proportional: NaN } },
      { ...BOUNDS, gains, minimum: 1 },
      { ...BOUNDS, gains, maximum: Infinity },
      { ...BOUNDS, gains, maximum: NaN },
      { ...BOUNDS, gains, errorLimit: 0 },
    ];
    for (const options of bad) {
      expect(() => new PidController(options)).toThrow(QarError);
    }
  });
});

describe('bounds', () => {
  test('the output never leaves them, and no error is too large or too odd', () => {
    const controller = new PidController({ gains: CEREBELLAR_GAINS, ...BOUNDS });
    const error = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(-0));
    fc.assert(
      fc.property(error, (value) => {
        const output = controller.update(value);
        expect(output).toBeGreaterThanOrEqual(-100);
        expect(output).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('an error that is no finite number is refused and teaches nothing', () => {
    const controller = new PidController({ gains: CEREBELLAR_GAINS, ...BOUNDS });
    controller.update(10);
    const before = controller.output;
    for (const value of [NaN, Infinity, -Infinity]) {
      expect(() => controller.update(value)).toThrow(QarError);
    }
    expect(controller.output).toBe(before);
  });

  test('one stall moves the output no further than the error limit allows', () => {
    const options = { gains: CEREBELLAR_GAINS, minimum: 0, maximum: 1000, errorLimit: 10 };
    const controller = new PidController(options);
    controller.update(1e9);
    // P and I of ten; there is no change yet for D.
    expect(controller.output).toBeCloseTo(0.15 * 10, 12);
  });
});

test('it does not wind up: from beyond the bound it is back as fast as from the bound', () => {
  const stepsBack = (disturbance: number): number => {
    const controller = new PidController({ gains: CEREBELLAR_GAINS, ...BOUNDS });
    for (let step = 0; step < 1000; step++) controller.update(disturbance - controller.output);
    expect(controller.output).toBeCloseTo(100, 9);
    let steps = 0;
    for (; Math.abs(controller.output - 20) > 2; steps++) controller.update(20 - controller.output);
    return steps;
  };
  // P and D held a share of the output beyond the bound, and the integral has to make up for it:
  // a step or two. An integral that had been wound up for 1000 steps would take thousands.
  expect(stepsBack(500)).toBeLessThanOrEqual(stepsBack(100) + 2);
});
