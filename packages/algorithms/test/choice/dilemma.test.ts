import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defectionProbability, DilemmaCircuit, POTHOS_BUSEMEYER_2009 } from '../../src/choice.ts';
import type { Belief } from '../../src/choice.ts';
import { finite, register } from '../arbitraries.ts';

const BELIEFS: readonly Belief[] = ['defects', 'cooperates', 'unknown'];

const parameters = fc.record({
  utility: finite(-5, 5),
  dissonance: finite(-5, 5),
  time: finite(0, 10),
});

describe('the dynamics of Pothos & Busemeyer at μ = 0.51, γ = 2.09', () => {
  const published = { defects: 0.805711, cooperates: 0.648738, unknown: 0.565281 };

  test.each(BELIEFS)('%s, in closed form', (belief) => {
    // Six digits are printed.
    expect(defectionProbability(belief, POTHOS_BUSEMEYER_2009)).toBeCloseTo(published[belief], 6);
  });

  test.each(BELIEFS)('%s, on the circuit', (belief) => {
    using circuit = new DilemmaCircuit();
    const { probability, trace } = circuit.defection(belief, POTHOS_BUSEMEYER_2009, register(2));
    expect(probability).toBeCloseTo(published[belief], 6);
    expect(trace.measurements[0]).toBe(probability);
    expect(trace.successProbability).toBe(1);
  });

  test('fewer defect when they do not know than in either case, against total probability', () => {
    expect(published.unknown).toBeLessThan(Math.min(published.defects, published.cooperates));
  });
});

test('the circuit and its twin agree on every belief, strength and time', () => {
  using circuit = new DilemmaCircuit();
  fc.assert(
    fc.property(fc.constantFrom(...BELIEFS), parameters, (belief, chosen) => {
      const { probability, trace } = circuit.defection(belief, chosen, register(2));
      expect(Math.abs(probability - defectionProbability(belief, chosen))).toBeLessThan(1e-11);
      expect(trace.coherence).toBeGreaterThanOrEqual(0.5 - 1e-12);
      expect(trace.coherence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});

test('without dissonance the law of total probability holds', () => {
  fc.assert(
    fc.property(parameters, (chosen) => {
      const [defects, cooperates, unknown] = BELIEFS.map((belief) =>
        defectionProbability(belief, { ...chosen, dissonance: 0 }),
      );
      expect(unknown).toBeCloseTo((defects + cooperates) / 2, 12);
    }),
  );
});

test('without time to think everybody is undecided', () => {
  for (const belief of BELIEFS) {
    expect(defectionProbability(belief, { ...POTHOS_BUSEMEYER_2009, time: 0 })).toBeCloseTo(
      0.5,
      14,
    );
  }
});

test('where the levels meet, at μ → ∞ and γ = 1, nothing divides by 0', () => {
  const meeting = { utility: 100, dissonance: 1, time: 1 };
  using circuit = new DilemmaCircuit();
  for (const belief of BELIEFS) {
    const { probability } = circuit.defection(belief, meeting, register(2));
    expect(probability).toBeCloseTo(defectionProbability(belief, meeting), 11);
  }
});

describe('bad input is refused', () => {
  test.each([{ utility: NaN }, { dissonance: Infinity }, { dissonance: -101 }, { time: -1 }])(
    '%o',
    (wrong) => {
      const chosen = { ...POTHOS_BUSEMEYER_2009, ...wrong };
      using circuit = new DilemmaCircuit();
      const refusal = expect.objectContaining({ name: 'AlgorithmError', code: 'OUT_OF_RANGE' });
      expect(() => defectionProbability('unknown', chosen)).toThrow(refusal);
      expect(() => circuit.defection('unknown', chosen, register(2))).toThrow(refusal);
    },
  );

  test('a register that is too small, and use after disposal', () => {
    const circuit = new DilemmaCircuit();
    expect(() => circuit.defection('unknown', POTHOS_BUSEMEYER_2009, register(1))).toThrow(
      expect.objectContaining({ code: 'REGISTER_TOO_SMALL' }),
    );
    circuit[Symbol.dispose]();
    circuit[Symbol.dispose]();
    expect(() => circuit.defection('unknown', POTHOS_BUSEMEYER_2009, register(2))).toThrow(
      expect.objectContaining({ code: 'DISPOSED' }),
    );
  });
});
