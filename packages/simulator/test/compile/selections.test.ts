import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Circuit, Compiler, run, scaled } from '@sema/simulator';
import { randomState } from './random-circuit.ts';

const compiler = new Compiler();

afterAll(() => {
  compiler[Symbol.dispose]();
});

/** Multiplexed RYs with angles that are multiples of shared parameters. */
function selectionCircuit(qubits: number, choices: readonly number[]): Circuit {
  const circuit = new Circuit(qubits);
  const parameters = [0, 1, 2, 3, 4].map((k) => circuit.parameter(`p${k}`));
  choices.forEach((choice, k) => {
    const target = choice % qubits;
    const others = Array.from({ length: qubits }, (_, q) => q).filter((q) => q !== target);
    const controls = others.filter((q) => (choice >> (q + 4)) & 1);
    if (k % 2 === 1) controls.reverse();
    const angles = Array.from({ length: 1 << controls.length }, (_, m) =>
      scaled(parameters[(m + choice) % 5], ((m + k) % 3) - 1 || 0.75),
    );
    circuit.multiplexedRy(angles, controls, target);
  });
  return circuit;
}

const circuits = fc.record({
  qubits: fc.integer({ min: 1, max: 9 }),
  choices: fc.array(fc.nat(1 << 14), { minLength: 1, maxLength: 6 }),
  values: fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 5, maxLength: 5 }),
});

test('multiplexed RYs have the bits of the reference, whatever they are bound to', () => {
  fc.assert(
    fc.property(circuits, ({ qubits, choices, values }) => {
      const circuit = selectionCircuit(qubits, choices);
      using program = compiler.compile(circuit, 'f64');
      using state = program.state();
      // The first run binds in TypeScript, those after it in WebAssembly, the last cannot.
      for (const scale of [1, 0.5, -3, 1e7]) {
        const parameters = values.map((value) => scale * value);
        const expected = randomState(qubits, choices.length);
        state.copyFrom(expected);
        run(circuit, expected, { parameters });
        program.run(state, parameters);
        expect(state.real).toEqual(expected.real);
        expect(state.imaginary).toEqual(expected.imaginary);
      }
    }),
  );
});

test('side by side they have the same bits too', () => {
  const circuit = selectionCircuit(4, [5, 77, 1030]);
  using program = compiler.compile(circuit, 'f64');
  const sets = [1, 2, 3].map((k) => [k, 0.1 * k, -k, 1 / k, k * k]);
  const states = sets.map(() => program.state());
  program.runBatch(states, sets);
  sets.forEach((parameters, k) => {
    using single = program.state();
    program.run(single, parameters);
    expect(states[k].real).toEqual(single.real);
  });
  for (const state of states) state[Symbol.dispose]();
});

test('an amplitude of 1e-150 keeps all its digits', () => {
  const circuit = new Circuit(2);
  const [root, left, right] = ['root', 'left', 'right'].map((name) => circuit.parameter(name));
  circuit.multiplexedRy([root], [], 1).multiplexedRy([left, right], [1], 0);
  using program = compiler.compile(circuit, 'f64');
  using state = program.state();
  for (let round = 0; round < 2; round++) {
    state.reset();
    program.run(state, [2e-150, Math.PI / 2, Math.PI / 2]);
    expect(state.real[3] / 1e-150).toBeCloseTo(Math.SQRT1_2, 15);
  }
});

test('circuits that differ only in how parameters are scaled do not share a plan', () => {
  for (const factor of [1, 2, -0.5]) {
    const circuit = new Circuit(1);
    circuit.multiplexedRy([scaled(circuit.parameter('theta'), factor)], [], 0);
    using program = compiler.compile(circuit, 'f64');
    using state = program.state();
    program.run(state, [0.7]);
    expect(state.real[1]).toBeCloseTo(Math.sin((factor * 0.7) / 2), 15);
  }
});
