import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Circuit,
  type Kernels,
  referenceKernels,
  run,
  type StateVector,
} from '@sema/simulator';
import { circuitAndState } from './arbitrary-circuits.ts';
import { act, distance, operationMatrix } from './dense.ts';

/** Each back end joins here. */
const BACK_ENDS: readonly (readonly [string, Kernels])[] = [['reference', referenceKernels]];

interface Amplitudes {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** At most 12 operations of at most 64 terms, each rounded to 1.1e-16: far below this. */
const ROUNDING = 1e-13;

function expectDense(circuit: Circuit, state: StateVector, kernels: Kernels): void {
  let expected: Amplitudes = { real: state.real.slice(), imaginary: state.imaginary.slice() };
  for (const operation of circuit.operations) {
    expected = act(operationMatrix(operation, circuit.qubits), expected);
  }
  run(circuit, state, { kernels });
  expect(distance(state.real, expected.real)).toBeLessThan(ROUNDING);
  expect(distance(state.imaginary, expected.imaginary)).toBeLessThan(ROUNDING);
}

describe.each(BACK_ENDS)('%s kernels', (_, kernels) => {
  test('do what the full matrices do, in random circuits of every unitary operation', () => {
    fc.assert(
      fc.property(circuitAndState(4, 12), ({ circuit, state }) => {
        expectDense(circuit, state, kernels);
      }),
      { numRuns: 150 },
    );
  });

  test('do so on five qubits, where a gate has room above, below and between its own', () => {
    fc.assert(
      fc.property(circuitAndState(5, 3), ({ circuit, state }) => {
        expectDense(circuit, state, kernels);
      }),
      { numRuns: 60 },
    );
  });
});
