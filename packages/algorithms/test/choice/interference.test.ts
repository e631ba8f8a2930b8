import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InterferenceCircuit, interferingDecision, quarterLaw } from '../../src/choice.ts';
import { distribution, finite, floats, register } from '../arbitraries.ts';

const prospects = fc
  .record({
    optionQubits: fc.integer({ min: 1, max: 3 }),
    modeQubits: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ optionQubits, modeQubits }) => {
    const paths = 2 ** (optionQubits + modeQubits);
    return fc.record({
      optionQubits: fc.constant(optionQubits),
      modeQubits: fc.constant(modeQubits),
      joint: distribution(paths),
      phases: floats(paths, -10, 10),
    });
  });

/** How much of the paths interference leaves; the results are relative to it. */
function remaining(options: number, joint: Float64Array, phases: Float64Array): number {
  const modes = joint.length / options;
  let total = 0;
  for (let option = 0; option < options; option += 1) {
    let [real, imaginary] = [0, 0];
    for (let k = option * modes; k < (option + 1) * modes; k += 1) {
      real += Math.sqrt(joint[k]) * Math.cos(phases[k]);
      imaginary += Math.sqrt(joint[k]) * Math.sin(phases[k]);
    }
    total += real ** 2 + imaginary ** 2;
  }
  return total;
}

test('two modes: p ∝ p₁ + p₂ + 2√(p₁p₂) cos(φ₁ − φ₂)', () => {
  const angle = 2;
  const { probabilities, utilityFactors, attractionFactors } = interferingDecision({
    options: 2,
    joint: [0.4, 0.3, 0.1, 0.2],
    phases: [0, angle, 0, 0],
  });
  const first = 0.7 + 2 * Math.sqrt(0.12) * Math.cos(angle);
  const second = 0.3 + 2 * Math.sqrt(0.02);
  expect(utilityFactors[0]).toBeCloseTo(0.7, 14);
  expect(probabilities[0]).toBeCloseTo(first / (first + second), 14);
  expect(attractionFactors[0]).toBeCloseTo(first / (first + second) - 0.7, 14);
});

test('out of phase by a quarter turn, two modes do not interfere', () => {
  const { attractionFactors } = interferingDecision({
    options: 2,
    joint: [0.4, 0.3, 0.1, 0.2],
    phases: [0, Math.PI / 2, Math.PI / 2, 0],
  });
  for (const q of attractionFactors) expect(q).toBeCloseTo(0, 14);
});

test('attraction factors sum to 0 and stay in [−1, 1], and p = f + q is a distribution', () => {
  fc.assert(
    fc.property(prospects, ({ optionQubits, joint, phases }) => {
      const options = 2 ** optionQubits;
      fc.pre(remaining(options, joint, phases) > 1e-9);
      const decision = interferingDecision({ options, joint, phases });
      let [sum, attraction] = [0, 0];
      decision.probabilities.forEach((p, option) => {
        const q = decision.attractionFactors[option];
        expect(p).toBeGreaterThanOrEqual(0);
        expect(Math.abs(q)).toBeLessThanOrEqual(1);
        expect(p).toBeCloseTo(decision.utilityFactors[option] + q, 14);
        sum += p;
        attraction += q;
      });
      expect(sum).toBeCloseTo(1, 12);
      expect(attraction).toBeCloseTo(0, 12);
    }),
  );
});

test('the circuit and its twin agree', () => {
  fc.assert(
    fc.property(prospects, ({ optionQubits, modeQubits, joint, phases }) => {
      const options = 2 ** optionQubits;
      const rest = remaining(options, joint, phases);
      fc.pre(rest > 1e-4);
      using circuit = new InterferenceCircuit(optionQubits, modeQubits);
      const { probabilities, trace } = circuit.decide(
        { options, joint, phases },
        register(circuit.requiredQubits),
      );
      const twin = interferingDecision({ options, joint, phases });
      probabilities.forEach((p, option) => {
        expect(Math.abs(p - twin.probabilities[option])).toBeLessThan(1e-10);
      });
      expect(trace.successProbability).toBeCloseTo(rest / 2 ** modeQubits, 10);
    }),
  );
});

test('the quarter law moves a quarter to the more attractive, within [0, 1]', () => {
  expect(Array.from(quarterLaw([0.5, 0.5], 0))).toEqual([0.75, 0.25]);
  expect(Array.from(quarterLaw([0.5, 0.5], 1))).toEqual([0.25, 0.75]);
  expect(Array.from(quarterLaw([0.9, 0.1], 0))).toEqual([1, 0]);
  fc.assert(
    fc.property(finite(0, 1), fc.constantFrom(0 as const, 1 as const), (f, attractive) => {
      const [first, second] = quarterLaw([f, 1 - f], attractive);
      expect(first + second).toBeCloseTo(1, 14);
      expect(Math.min(first, second)).toBeGreaterThanOrEqual(0);
    }),
  );
});

describe('bad input is refused', () => {
  const good = { options: 2, joint: [0.4, 0.3, 0.1, 0.2], phases: [0, 1, 2, 3] };
  test.each([
    ['no options', { options: 0 }, 'OUT_OF_RANGE'],
    ['options that do not divide the paths', { options: 3 }, 'OUT_OF_RANGE'],
    ['nothing', { joint: [], phases: [] }, 'EMPTY'],
    ['probabilities that do not sum to 1', { joint: [0.4, 0.3, 0.1, 0.1] }, 'NOT_A_DISTRIBUTION'],
    ['too few phases', { phases: [0] }, 'LENGTH_MISMATCH'],
    ['a phase that is NaN', { phases: [0, NaN, 0, 0] }, 'OUT_OF_RANGE'],
    [
      'paths that all cancel',
      { joint: [0.25, 0.25, 0.25, 0.25], phases: [0, Math.PI, 0, Math.PI] },
      'NOT_A_DISTRIBUTION',
    ],
  ])('%s', (_, wrong, code) => {
    const refusal = expect.objectContaining({ name: 'AlgorithmError', code });
    expect(() => interferingDecision({ ...good, ...wrong })).toThrow(refusal);
    using circuit = new InterferenceCircuit(1, 1);
    expect(() => circuit.decide({ ...good, ...wrong }, register(3))).toThrow(refusal);
  });

  test('prospects of another size, a small register, and use after disposal', () => {
    const circuit = new InterferenceCircuit(1, 1);
    const four = { options: 4, joint: [0.4, 0.3, 0.1, 0.2], phases: [0, 0, 0, 0] };
    expect(() => circuit.decide(four, register(3))).toThrow(
      expect.objectContaining({ code: 'LENGTH_MISMATCH' }),
    );
    expect(() => circuit.decide(good, register(2))).toThrow(
      expect.objectContaining({ code: 'REGISTER_TOO_SMALL' }),
    );
    circuit[Symbol.dispose]();
    expect(() => circuit.decide(good, register(3))).toThrow(
      expect.objectContaining({ code: 'DISPOSED' }),
    );
  });
});
