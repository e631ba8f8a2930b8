import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Circuit, Compiler, mulberry32, run } from '@sema/simulator';
import { nodeThreads } from '@sema/simulator/threads';
import {
  distance,
  randomCircuit,
  randomUnitaries,
  randomState,
  randomUnitary,
} from './random-circuit.ts';

/**
 * Up to 60 operations become up to some 500 roundings of amplitudes below 1; rotations left with a
 * factor out lose at most another bit each.
 */
const TOLERANCE = { f64: 1e-13, f32: 1e-5 } as const;

const compilers = [1, 2].map((threads) => ({
  threads,
  // Small tiles, so that small states have many of them.
  compiler: new Compiler({ threads, workers: nodeThreads, tileQubits: 7 }),
}));

afterAll(() => {
  for (const { compiler } of compilers) compiler[Symbol.dispose]();
});

const cases = compilers.flatMap(({ threads, compiler }) =>
  (['f64', 'f32'] as const).map((precision) => ({ threads, compiler, precision })),
);

describe.each(cases)('compiled in $precision on $threads threads', ({ compiler, precision }) => {
  test('random circuits of all operations do what the reference does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 40 }),
        fc.nat(),
        fc.boolean(),
        (qubits, operations, seed, measures) => {
          const circuit = randomCircuit({ qubits, operations, seed, measures });
          const parameters = circuit.parameters.map((_, i) => Math.sin(seed + i) * 4);
          const expected = randomState(qubits, seed % 1000);
          using program = compiler.compile(circuit, precision);
          using state = program.state();
          state.copyFrom(expected);
          const { bits } = run(circuit, expected, { parameters, random: mulberry32(5) });
          const result = program.run(state, parameters, mulberry32(5));
          expect(result.bits).toEqual(bits);
          expect(distance(state, expected)).toBeLessThan(TOLERANCE[precision]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('parameters bind anew on every run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(), (qubits, seed) => {
        const circuit = randomCircuit({ qubits, operations: 25, seed });
        using program = compiler.compile(circuit, precision);
        using state = program.state();
        for (const shift of [0.3, -2.1, 5]) {
          const parameters = circuit.parameters.map((_, i) => shift * (i + 1));
          const expected = randomState(qubits, 7);
          state.copyFrom(expected);
          run(circuit, expected, { parameters });
          program.run(state, parameters);
          expect(distance(state, expected)).toBeLessThan(TOLERANCE[precision]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

test('a unitary on four qubits, which no group can hold, does what the reference does', () => {
  const { compiler } = compilers[1];
  const random = mulberry32(11);
  const qubits = [8, 2, 5, 0];
  const circuit = new Circuit(9).h(8).unitary(randomUnitary(4, random), qubits).cx(2, 8);
  using program = compiler.compile(circuit, 'f64');
  using state = program.state();
  const expected = randomState(9, 1);
  state.copyFrom(expected);
  run(circuit, expected);
  program.run(state);
  expect(distance(state, expected)).toBeLessThan(TOLERANCE.f64);
});

test.each(['f64', 'f32'] as const)('one and two threads give the same bits in %s', (precision) => {
  fc.assert(
    fc.property(fc.integer({ min: 9, max: 12 }), fc.nat(), (qubits, seed) => {
      const circuit = randomCircuit({ qubits, operations: 40, seed });
      const parameters = circuit.parameters.map((_, i) => i + 0.5);
      const [one, two] = compilers.map(({ compiler }) => {
        using program = compiler.compile(circuit, precision);
        using state = program.state();
        program.run(state, parameters);
        return [Array.from(state.real), Array.from(state.imaginary)];
      });
      expect(two).toEqual(one);
    }),
    { numRuns: 25 },
  );
});

test.each(['f64', 'f32'] as const)('a batch gives the bits of single runs in %s', (precision) => {
  const { compiler } = compilers[0];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      fc.nat({ max: 9 }),
      (qubits, seed, count) => {
        const circuit = randomUnitaries(qubits, 30, seed);
        using program = compiler.compile(circuit, precision);
        const sets = Array.from({ length: count }, (_, k) =>
          circuit.parameters.map((_, i) => (k + 1) * (i + 0.3)),
        );
        const batch = sets.map(() => program.state());
        const single = sets.map(() => program.state());
        // The first run of a program binds in plain code, so that both kinds are met.
        single.forEach((state, k) => program.run(state, sets[k]));
        program.runBatch(batch, sets);
        batch.forEach((state, k) => {
          expect(distance(state, single[k])).toBe(0);
          state[Symbol.dispose]();
          single[k][Symbol.dispose]();
        });
      },
    ),
  );
});
