import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Circuit, fidelity, run, StateVector } from '@sema/simulator';
import {
  cpmg,
  decouplingCircuit,
  dephasingExponent,
  filterFunction,
  FREE_PRECESSION,
  HAHN_ECHO,
  type PulseSequence,
  xy4,
} from '@sema/timing-buffer/quantum-memory';
import { expectCode } from '../expect-code.ts';

test('pulses stand where the literature puts them', () => {
  expect(HAHN_ECHO.pulses).toEqual([{ at: 0.5, axis: 'X' }]);
  expect(cpmg(2).pulses.map(({ at }) => at)).toEqual([0.25, 0.75]);
  expect(xy4(1).pulses).toEqual([
    { at: 0.125, axis: 'X' },
    { at: 0.375, axis: 'Y' },
    { at: 0.625, axis: 'X' },
    { at: 0.875, axis: 'Y' },
  ]);
});

describe('the filter function is the closed form', () => {
  const zs = fc.double({ min: 0, max: 100, noNaN: true });

  test('2 sin²(z/2) of free precession and 8 sin⁴(z/4) of an echo', () => {
    fc.assert(
      fc.property(zs, (z) => {
        expect(filterFunction(FREE_PRECESSION, z)).toBeCloseTo(2 * Math.sin(z / 2) ** 2, 10);
        expect(filterFunction(HAHN_ECHO, z)).toBeCloseTo(8 * Math.sin(z / 4) ** 4, 10);
      }),
    );
  });

  test('8 sin⁴(z/4n) sin²(z/2)/cos²(z/2n) of CPMG with an even number of pulses', () => {
    fc.assert(
      fc.property(zs, fc.integer({ min: 1, max: 8 }), (z, half) => {
        const n = 2 * half;
        const pole = Math.cos(z / (2 * n)) ** 2;
        // Near its removable poles the closed form itself loses digits.
        fc.pre(pole > 1e-3);
        const closed = (8 * Math.sin(z / (4 * n)) ** 4 * Math.sin(z / 2) ** 2) / pole;
        expect(filterFunction(cpmg(n), z)).toBeCloseTo(closed, 8);
        expect(filterFunction(xy4(half), z)).toBeCloseTo(filterFunction(cpmg(4 * half), z), 10);
      }),
    );
  });
});

/** When the coherence has fallen to 1/e, between two times, to 1 part in 10⁴. */
function coherenceTime(sequence: PulseSequence, spectrum: (w: number) => number, most: number) {
  let [low, high] = [most / 1e4, most];
  while (high / low > 1.0001) {
    const middle = Math.sqrt(low * high);
    if (dephasingExponent(sequence, spectrum, middle) < 1) low = middle;
    else high = middle;
  }
  return low;
}

/** The exponent of the growth of coherence time from 2 to 8 pulses. */
function growth(spectrum: (w: number) => number, most: number): number {
  const times = [2, 8].map((n) => coherenceTime(cpmg(n), spectrum, most));
  return Math.log(times[1] / times[0]) / Math.log(4);
}

describe('against noise', () => {
  test('that is white no sequence gains: χ = S·t/2 for all', () => {
    for (const sequence of [FREE_PRECESSION, HAHN_ECHO, cpmg(2), cpmg(7), xy4(2)]) {
      // The midpoint rule errs by about 1 in 1000.
      expect(dephasingExponent(sequence, () => 0.3, 5) / 0.75).toBeCloseTo(1, 2);
    }
  });

  test('of a Lorentzian with a soft cut-off coherence lasts as n^(2/3)', () => {
    const lorentzian = (w: number): number => 0.02 / (0.0001 + w * w);
    expect(growth(lorentzian, 1000)).toBeCloseTo(2 / 3, 2);
  });

  test('of 1/f it lasts as n^(1/2)', () => {
    // A logarithm of n keeps it from the pure power by a few in 100.
    expect(Math.abs(growth((w) => 0.01 / w, 1000) - 0.5)).toBeLessThan(0.05);
  });
});

describe('a waiting qubit', () => {
  const inputs = {
    '|0⟩': new Circuit(1),
    '|+⟩': new Circuit(1).h(0),
    '|i⟩': new Circuit(1).h(0).s(0),
  };

  function kept(sequence: PulseSequence, options: { phase: number; pulseError: number }) {
    return Object.values(inputs).map((input) => {
      using before = new StateVector(1);
      run(input, before);
      using after = before.copy();
      run(decouplingCircuit(sequence, options), after);
      return fidelity(before, after);
    });
  }

  test('gets a constant detuning taken back, but for the flips themselves', () => {
    for (const sequence of [cpmg(2), cpmg(16), xy4(1), xy4(4)]) {
      for (const value of kept(sequence, { phase: 1234.5, pulseError: 0 })) {
        expect(value).toBeCloseTo(1, 12);
      }
    }
    // An echo leaves the state flipped about X: |+⟩ is as it was.
    expect(kept(HAHN_ECHO, { phase: 1.7, pulseError: 0 })[1]).toBeCloseTo(1, 12);
    expect(kept(FREE_PRECESSION, { phase: 1.7, pulseError: 0 })[1]).toBeLessThan(0.5);
  });

  test('under pulses that turn too far: CPMG keeps its axis alone, XY4 all states', () => {
    const options = { phase: 0, pulseError: 0.02 };
    const [zero, plus, i] = kept(cpmg(16), options);
    expect(plus).toBeCloseTo(1, 12);
    // 16 times 0.02 half turns too far.
    expect(zero).toBeCloseTo(Math.cos(0.16 * Math.PI) ** 2, 10);
    expect(i).toBeCloseTo(zero, 10);
    for (const value of kept(xy4(4), options)) expect(value).toBeGreaterThan(0.9999);
  });
});

test('what is no number of pulses or no time is refused', () => {
  for (const bad of [0, -1, 1.5, 4097, NaN, Infinity]) {
    expectCode('PULSES_OUT_OF_RANGE', () => cpmg(bad));
    expectCode('PULSES_OUT_OF_RANGE', () => xy4(bad));
  }
  for (const bad of [0, -1, NaN, Infinity]) {
    expectCode('DURATION_OUT_OF_RANGE', () => dephasingExponent(HAHN_ECHO, () => 1, bad));
  }
});
