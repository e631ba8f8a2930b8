import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../../src/configuration.ts';
import { planQubits } from '../../src/resources/qubit-plan.ts';
import {
  ALGORITHM_LIMITS,
  ALGORITHMS,
  DEFAULT_QUBITS,
  POOL_QUBITS,
  poolOwners,
} from '../../src/resources/qubit-shares.ts';

const REQUIRED = {
  pair: 'TEST',
  intervalMs: 60_000,
  periodsPerYear: 525_600,
  path: 'twin',
} as const;
const EQUAL = Float64Array.of(1, 1, 1);

const weights = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((all) => Float64Array.from(all));

test('by default 7 are for the core, 6 and 4 for memory and feedback, 8 for algorithms', () => {
  const { core, workingMemory, feedback, algorithms } = DEFAULT_QUBITS;
  expect([core, workingMemory, feedback, algorithms]).toEqual([7, 6, 4, 8]);
  expect(core + workingMemory + feedback + algorithms).toBe(POOL_QUBITS);
});

test.each([
  // Fifteen qubits: the algorithms' 8 and the core's 7.
  ['equal', [1, 1, 1], [5, 5, 5]],
  ['of LMSR twice the others', [2, 1, 1], [7, 4, 4]],
  ['of LMSR only', [1, 0, 0], [8, 4, 3]],
  ['of prospect theory only', [0, 1, 0], [3, 9, 3]],
  ['of Hedge only', [0, 0, 1], [3, 4, 8]],
  ['of none', [0, 0, 0], [5, 5, 5]],
] as const)('weights %s give these quotas', (_, given, quotas) => {
  const plan = planQubits(given, 14, DEFAULT_QUBITS);
  expect(ALGORITHMS.map((algorithm) => plan.quotas[algorithm])).toEqual(quotas);
});

describe('whatever the weights, the voters and the split', () => {
  const shares = fc
    .record({
      core: fc.integer({ min: 5, max: 16 }),
      workingMemory: fc.integer({ min: 6, max: 13 }),
      feedback: fc.integer({ min: 2, max: 9 }),
      algorithms: fc.integer({ min: 5, max: 16 }),
      returnQubits: fc.integer({ min: 3, max: 6 }),
    })
    .filter((s) => s.core + s.workingMemory + s.feedback + s.algorithms <= POOL_QUBITS);

  test('quotas keep the limits and add up to the two shares, and leases fit in the quotas', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 14 }), shares, (w, voters, split) => {
        const { quotas, registers } = planQubits(w, voters, split);
        let [sum, leased] = [0, 0];
        for (const algorithm of ALGORITHMS) {
          const { min, max } = ALGORITHM_LIMITS[algorithm];
          expect(quotas[algorithm]).toBeGreaterThanOrEqual(min);
          expect(quotas[algorithm]).toBeLessThanOrEqual(max);
          expect(registers[algorithm] + 1).toBeGreaterThanOrEqual(min);
          expect(registers[algorithm] + 1).toBeLessThanOrEqual(quotas[algorithm]);
          sum += quotas[algorithm];
          leased += registers[algorithm] + 1;
        }
        expect(sum).toBe(split.core + split.algorithms);
        expect(leased + split.workingMemory + split.feedback).toBeLessThanOrEqual(POOL_QUBITS);
      }),
    );
  });

  test('a heavier weight never lowers the quota', () => {
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (w, more) => {
        const before = planQubits(w, 14, DEFAULT_QUBITS).quotas.hedge;
        const heavier = Float64Array.of(w[0], w[1], w[2] + more);
        // Weights that are all 0 count as equal.
        if (w.some((x) => x > 0)) {
          expect(planQubits(heavier, 14, DEFAULT_QUBITS).quotas.hedge).toBeGreaterThanOrEqual(
            before,
          );
        }
      }),
    );
  });

  test('a pool can be made for the split', () => {
    fc.assert(
      fc.property(shares, (split) => {
        const owners = poolOwners(split);
        expect(Object.values(owners).reduce((sum, { min }) => sum + min, 0)).toBeLessThanOrEqual(
          POOL_QUBITS,
        );
      }),
    );
  });
});

test('Hedge has as many places as there are voters, four at least, while its quota reaches', () => {
  const places = (voters: number, given: ArrayLike<number>) =>
    1 << planQubits(given, voters, DEFAULT_QUBITS).registers.hedge;
  expect([1, 4, 5, 8, 9, 14].map((voters) => places(voters, EQUAL))).toEqual([4, 4, 8, 8, 16, 16]);
  expect(places(14, [1, 0, 0])).toBe(4);
});

test('bins of returns are as many as the setting says, while the quota reaches', () => {
  const wide = { ...DEFAULT_QUBITS, returnQubits: 6 };
  const { registers } = planQubits([0, 1, 0], 14, wide);
  expect(registers).toEqual({ lmsr: 2, prospect: 6, hedge: 2 });
  expect(planQubits(EQUAL, 14, DEFAULT_QUBITS).registers).toMatchObject({ lmsr: 3, prospect: 3 });
});

test('a split of more qubits than there are is refused', () => {
  const refused = expect.objectContaining({
    code: 'BAD_CONFIGURATION',
    message: 'the qubits add up to 26; they must be at most 25',
  }) as Error;
  expect(() => engineConfiguration(REQUIRED, { qubits: { core: 8 } })).toThrow(refused);
  expect(() => engineConfiguration(REQUIRED, { qubits: { core: 8, feedback: 3 } })).not.toThrow();
});
