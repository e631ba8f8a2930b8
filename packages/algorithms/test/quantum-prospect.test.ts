import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prospectValue, QuantumProspect, TVERSKY_KAHNEMAN_1992 } from '../src/index.ts';
import { distribution, finite, floats, qubitCount, register } from './arbitraries.ts';

const parameters = fc.record({
  alpha: finite(0.05, 2),
  beta: finite(0.05, 2),
  lambda: finite(0.01, 100),
  gammaGain: finite(0.05, 2),
  gammaLoss: finite(0.05, 2),
});

const anyLottery = fc
  .record({ qubits: qubitCount, scale: fc.constantFrom(1e-9, 1, 1e6, 1e12) })
  .chain(({ qubits, scale }) =>
    fc.record({
      qubits: fc.constant(qubits),
      probabilities: distribution(2 ** qubits),
      payoffs: floats(2 ** qubits, -scale, scale),
    }),
  );

test('three outcomes and a pad: (100, .4; 50, .4; 0, .2) is worth 28.7160', () => {
  using prospect = new QuantumProspect(2);
  const lottery = {
    probabilities: Float64Array.of(0.4, 0.4, 0.2, 0),
    payoffs: Float64Array.of(100, 50, 0, 0),
  };
  const { value, trace } = prospect.value(lottery, TVERSKY_KAHNEMAN_1992, register(3));
  expect(value).toBeCloseTo(28.716, 3);
  // All are gains, so the decision weights sum to 1 and P(1) is the value on the scale from 0 to
  // 100^0.88.
  expect(trace.measurements[1]).toBeCloseTo(value / 100 ** 0.88, 14);
  expect(trace.successProbability).toBe(1);
});

test('the circuit and its twin agree on every lottery', () => {
  fc.assert(
    fc.property(anyLottery, parameters, ({ qubits, ...lottery }, chosen) => {
      using prospect = new QuantumProspect(qubits);
      const { value, trace } = prospect.value(lottery, chosen, register(prospect.requiredQubits));
      const largest = Math.max(
        ...Array.from(lottery.payoffs, (payoff) =>
          payoff < 0 ? chosen.lambda * (-payoff) ** chosen.beta : payoff ** chosen.alpha,
        ),
      );
      expect(Math.abs(value - prospectValue(lottery, chosen))).toBeLessThanOrEqual(1e-10 * largest);
      expect(trace.coherence).toBeGreaterThanOrEqual(0.5 - 1e-12);
      expect(trace.coherence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test('a lottery that pays the same whatever happens has nothing to learn', () => {
  using prospect = new QuantumProspect(1);
  for (const payoff of [-7, 0, 7]) {
    const lottery = {
      probabilities: Float64Array.of(0.3, 0.7),
      payoffs: Float64Array.of(payoff, payoff),
    };
    const { value, trace } = prospect.value(lottery, TVERSKY_KAHNEMAN_1992, register(2));
    expect(value).toBeCloseTo(prospectValue(lottery, TVERSKY_KAHNEMAN_1992), 14);
    expect(trace.coherence).toBeCloseTo(1, 14);
  }
});

test('a value does not depend on the one before, to the last bit', () => {
  const lottery = {
    probabilities: new Float64Array(4).fill(0.25),
    payoffs: Float64Array.of(3, -2, 3, 5),
  };
  const other = {
    probabilities: Float64Array.of(0.1, 0.6, 0.2, 0.1),
    payoffs: Float64Array.of(-9, 2, 0, 1),
  };
  using fresh = new QuantumProspect(2);
  using used = new QuantumProspect(2);
  used.value(other, TVERSKY_KAHNEMAN_1992, register(3));
  expect(used.value(lottery, TVERSKY_KAHNEMAN_1992, register(3))).toEqual(
    fresh.value(lottery, TVERSKY_KAHNEMAN_1992, register(3)),
  );
});

describe('bad input is refused', () => {
  const good = { probabilities: Float64Array.of(0.5, 0.5), payoffs: Float64Array.of(1, -1) };
  test.each([
    [
      'another number of outcomes',
      { probabilities: Float64Array.of(1), payoffs: Float64Array.of(1) },
      2,
      'LENGTH_MISMATCH',
    ],
    ['a payoff that is NaN', { payoffs: Float64Array.of(NaN, 1) }, 2, 'OUT_OF_RANGE'],
    [
      'probabilities that do not sum to 1',
      { probabilities: Float64Array.of(0.5, 0.4) },
      2,
      'NOT_A_DISTRIBUTION',
    ],
    ['a register that is too small', {}, 1, 'REGISTER_TOO_SMALL'],
  ])('%s', (_, wrong, size, code) => {
    using prospect = new QuantumProspect(1);
    expect(() =>
      prospect.value({ ...good, ...wrong }, TVERSKY_KAHNEMAN_1992, register(size)),
    ).toThrow(expect.objectContaining({ name: 'AlgorithmError', code }));
  });

  test('use after disposal', () => {
    const prospect = new QuantumProspect(1);
    prospect[Symbol.dispose]();
    expect(() => prospect.value(good, TVERSKY_KAHNEMAN_1992, register(2))).toThrow(
      expect.objectContaining({ code: 'DISPOSED' }),
    );
  });
});
