import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Circuit, probabilities, run, StateVector } from '@sema/simulator';
import { cos } from '@sema/simulator/elementary';
import {
  applyMarkedPhase,
  applyPatternPhase,
  applyRiskSuppression,
  FeedbackOperator,
  REGIMES,
  riskSuppressionUnitary,
} from '../src/index.ts';
import { codeOf, largestDifference, sum, unitarityDefect } from './expert-games.ts';

const unitVector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
  .filter((values) => values.some((x) => Math.abs(x) > 0.1))
  .map((values) => {
    const norm = Math.sqrt(sum(values.map((x) => x * x)));
    return values.map((x) => x / norm);
  });
const suppression = fc.record({
  amplitudes: unitVector,
  risky: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  strength: fc.double({ min: 0, max: 1, noNaN: true }),
});
const splitOf = (amplitudes: readonly number[]) => ({
  real: Float64Array.from(amplitudes),
  imaginary: new Float64Array(amplitudes.length),
});
const born = ({ real, imaginary }: ReturnType<typeof splitOf>) =>
  real.map((re, i) => re * re + imaginary[i] * imaginary[i]);

describe('suppression of risk', () => {
  test('cubes the risky probability at full strength, as fixed-point search does', () => {
    const amplitudes = [0.5, 0.5, 0.5, 0.5];
    const state = splitOf(amplitudes);
    applyRiskSuppression(state, { amplitudes, risky: [true, false, false, true], strength: 1 });
    const after = born(state);
    expect(after[0] + after[3]).toBeCloseTo(1 / 8, 14);
  });

  test('needs both the phase and the mixer: either alone moves no probability', () => {
    const amplitudes = [0.5, 0.5, 0.5, 0.5];
    const marked = splitOf(amplitudes);
    applyMarkedPhase(marked, [true, false, false, true], -1);
    expect(largestDifference(born(marked), [0.25, 0.25, 0.25, 0.25])).toBeLessThan(1e-15);
    const mixed = splitOf(amplitudes);
    applyPatternPhase(mixed, amplitudes, 1);
    expect(largestDifference(born(mixed), [0.25, 0.25, 0.25, 0.25])).toBeLessThan(1e-15);
    applyPatternPhase(marked, amplitudes, 1);
    expect(born(marked)[0] + born(marked)[3]).toBeLessThan(0.3);
  });

  test('multiplies the risky amplitudes by 1 − 2(1 − cos φ)(1 − R) and never adds risk', () => {
    fc.assert(
      fc.property(suppression, ({ amplitudes, risky, strength }) => {
        const before = sum(amplitudes.map((a, i) => (risky[i] ? a * a : 0)));
        const state = splitOf(amplitudes);
        applyRiskSuppression(state, { amplitudes, risky, strength });
        const factor = 1 - 2 * (1 - cos((strength * Math.PI) / 3)) * (1 - before);
        // Sixteen roundings of numbers below 1.
        amplitudes.forEach((a, i) => {
          if (risky[i]) expect(Math.abs(state.real[i] - a * factor)).toBeLessThan(1e-14);
          expect(Math.abs(state.imaginary[i])).toBeLessThan(1e-14);
        });
        const after = sum(born(state).map((p, i) => (risky[i] ? p : 0)));
        expect(after).toBeLessThan(before + 1e-14);
        expect(sum(born(state))).toBeCloseTo(1, 13);
      }),
    );
  });

  test('is unitary, and as a matrix does in a circuit what it does in place', () => {
    fc.assert(
      fc.property(suppression, (made) => {
        const matrix = riskSuppressionUnitary(made);
        expect(unitarityDefect(matrix, 4)).toBeLessThan(1e-13);
        using state = StateVector.from(made.amplitudes);
        run(new Circuit(2).unitary(matrix, [0, 1]), state);
        const inPlace = splitOf(made.amplitudes);
        applyRiskSuppression(inPlace, made);
        expect(largestDifference(probabilities(state), born(inPlace))).toBeLessThan(1e-13);
      }),
    );
  });

  test('refuses what is no suppression', () => {
    const amplitudes = [1, 0];
    const made = { amplitudes, risky: [true, false], strength: 0.5 };
    for (const [bad, code] of [
      [{ ...made, strength: NaN }, 'INVALID_OPTION'],
      [{ ...made, strength: 1.1 }, 'INVALID_OPTION'],
      [{ ...made, amplitudes: [1, 1] }, 'INVALID_AMPLITUDES'],
      [{ ...made, risky: [true] }, 'LENGTH_MISMATCH'],
    ] as const) {
      expect(
        codeOf(() => {
          applyRiskSuppression(splitOf(amplitudes), bad);
        }),
      ).toBe(code);
    }
  });
});

describe('a pattern phase', () => {
  test('is the matrix e^{iφ}|p⟩⟨p| + (1 − |p⟩⟨p|)', () => {
    fc.assert(
      fc.property(
        unitVector,
        unitVector,
        fc.double({ min: -3, max: 3, noNaN: true }),
        (p, psi, phi) => {
          const state = splitOf(psi);
          applyPatternPhase(state, p, phi);
          const overlap = sum(p.map((x, i) => x * psi[i]));
          const expected = psi.map((x, i) => x + (cos(phi) - 1) * overlap * p[i]);
          expect(largestDifference(state.real, expected)).toBeLessThan(1e-14);
          expect(sum(born(state))).toBeCloseTo(1, 13);
        },
      ),
    );
  });
});

describe('the feedback of a crisis', () => {
  const third = Math.sqrt(1 / 3);
  const indifferent = [third, third, third, 0];
  const crisis = () => new FeedbackOperator({ regime: 'crisis', actions: 3, risky: [0, 2] });

  test('is the identity without history', () => {
    const operator = crisis();
    expect(operator.suppression).toBe(0);
    expect(operator.apply(indifferent)).toEqual(Float64Array.from(indifferent));
  });

  test('moves probability from risky actions that fail to the safe one', () => {
    const operator = crisis();
    for (let t = 0; t < 5; t += 1) for (const a of [0, 1, 2]) operator.record(a, a === 1);
    // Five outcomes at weights 1, 1/2 … : n̄ = 1.9375, all failures.
    expect(operator.suppression).toBeCloseTo(1.9375 / 3.9375, 12);
    const plain = new FeedbackOperator({ regime: 'crisis', actions: 3 });
    for (let t = 0; t < 5; t += 1) for (const a of [0, 1, 2]) plain.record(a, a === 1);
    const held = operator.apply(indifferent).map((a) => a * a);
    const turned = plain.apply(indifferent).map((a) => a * a);
    expect(held[1]).toBeGreaterThan(turned[1] + 0.03);
    expect(held[0]).toBeLessThan(turned[0]);
    expect(held[2]).toBeLessThan(turned[2]);
  });

  test('has a unitary operator that does what it applies', () => {
    const operator = crisis();
    for (let t = 0; t < 4; t += 1) for (const a of [0, 1, 2]) operator.record(a, a === t % 3);
    const matrix = operator.operator(indifferent);
    expect(unitarityDefect(matrix, 4)).toBeLessThan(1e-13);
    using state = StateVector.from(indifferent);
    run(new Circuit(2).unitary(matrix, [0, 1]), state);
    const applied = operator.apply(indifferent).map((a) => a * a);
    expect(largestDifference(probabilities(state), applied)).toBeLessThan(1e-13);
    expect(FeedbackOperator.restore(operator.snapshot()).apply(indifferent)).toEqual(
      operator.apply(indifferent),
    );
  });

  test('is the only one that may hold actions back', () => {
    for (const regime of REGIMES) {
      const code = codeOf(() => new FeedbackOperator({ regime, actions: 3, risky: [0] }));
      expect(code).toBe(regime === 'crisis' ? undefined : 'INVALID_OPTION');
    }
    for (const risky of [[3], [-1], [0.5], [1, 1]]) {
      const code = codeOf(() => new FeedbackOperator({ regime: 'crisis', actions: 3, risky }));
      expect(code).toBe('INVALID_OPTION');
    }
  });
});
