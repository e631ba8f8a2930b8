import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Angle,
  Circuit,
  expectationValue,
  type Kernels,
  mulberry32,
  type PauliSum,
  referenceKernels,
  run,
  scaled,
  StateVector,
} from '@sema/simulator';
import { adjointGradient, parameterShiftGradient } from '@sema/simulator/gradients';
import { randomState, randomUnitary } from '../arbitrary-circuits.ts';
import { distance } from '../dense.ts';

/** Sums of a few hundred products, some of them of angles up to 10. */
const ROUNDING = 1e-12;

const Z: PauliSum = [{ coefficient: 1, paulis: { 0: 'Z' } }];

const OBSERVABLE: PauliSum = [
  { coefficient: 0.7, paulis: { 0: 'Z', 1: 'Y' } },
  { coefficient: -1.3, paulis: { 1: 'X', 2: 'Y', 3: 'Y' } },
  { coefficient: 0.4, paulis: { 3: 'Z' } },
  { coefficient: 2, paulis: {} },
  { coefficient: 0.9, paulis: { 0: 'Y', 2: 'X', 3: 'X' } },
];

/** Steps that take the given qubits, all different, and angles. */
const STEPS: readonly ((c: Circuit, q: readonly number[], a: () => Angle) => unknown)[] = [
  (c, [x], a) => c.rx(a(), x),
  (c, [x], a) => c.ry(a(), x),
  (c, [x], a) => c.rz(a(), x),
  (c, [x], a) => c.p(a(), x),
  (c, [x], a) => c.u(a(), a(), a(), x),
  (c, [x, y], a) => c.rxx(a(), x, y),
  (c, [x, y], a) => c.ryy(a(), x, y),
  (c, [x, y], a) => c.rzz(a(), x, y),
  (c, [x, y], a) => c.cp(a(), x, y),
  (c, [x, y], a) => c.crx(a(), x, y),
  (c, [x, y], a) => c.cry(a(), x, y),
  (c, [x, y], a) => c.crz(a(), x, y),
  (c, [x, y, z], a) => c.controlled('u', [x, y], [z], [a(), a(), a()]),
  (c, [x, y, z], a) => c.controlled('ryy', [z], [x, y], [a()]),
  (c, [x, y, z], a) => c.controlled('p', [z, x], [y], [a()]),
  (c, [x, y, z], a) => c.controlled('rzz', [y], [z, x], [a()]),
  (c, [x, y, z], a) => c.controlled('rxx', [x], [y, z], [a()]),
  (c, [x], a) => c.multiplexedRx([a()], [], x),
  (c, [x, y], a) => c.multiplexedRx([a(), a()], [y], x),
  (c, [x, y, z], a) => c.multiplexedRy([a(), a(), a(), a()], [y, z], x),
  (c, [x, y, z], a) => c.multiplexedRz([a(), a(), a(), a()], [z, y], x),
  (c, [x, y]) => c.cx(x, y),
  (c, [x, y, z]) => c.barrier(x).cswap(x, y, z).iswap(y, z),
  (c, [x, y]) => c.unitary(randomUnitary(2, mulberry32(x)), [x, y]),
];

/** Circuits whose parameters stand at several places, with factors, beside fixed angles. */
const circuits = fc
  .record({
    steps: fc.array(
      fc.tuple(
        fc.nat({ max: STEPS.length - 1 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      ),
      { minLength: 1, maxLength: 12 },
    ),
    seed: fc.nat(),
  })
  .map(({ steps, seed }) => {
    const random = mulberry32(seed);
    const circuit = new Circuit(4);
    const names = ['a', 'b', 'c'].map((name) => circuit.parameter(name));
    const angle = (): Angle => {
      const which = Math.floor(4 * random.next());
      const size = 4 * random.next() - 2;
      return which === 3 ? size : scaled(names[which], size);
    };
    for (const [choice, order] of steps) STEPS[choice](circuit, order, angle);
    const parameters = names.map(() => 6 * random.next() - 3);
    return { circuit, parameters, state: randomState(4, random) };
  });

describe('the adjoint gradient', () => {
  test('of ⟨Z⟩ after RY(θ) is −sin θ, and of ⟨Z⟩ after RX(3θ) is −3 sin 3θ', () => {
    const one = new Circuit(1);
    one.ry(one.parameter('theta'), 0);
    const { value, gradient } = adjointGradient(one, Z, { parameters: [0.3] });
    expect(value).toBeCloseTo(Math.cos(0.3), 14);
    expect(gradient[0]).toBeCloseTo(-Math.sin(0.3), 14);
    const three = new Circuit(1);
    three.rx(scaled(three.parameter('theta'), 3), 0);
    expect(adjointGradient(three, Z, { parameters: [0.3] }).gradient[0]).toBeCloseTo(
      -3 * Math.sin(0.9),
      14,
    );
  });

  test('is that of the parameter shift, for every gate, shared and scaled parameters', () => {
    fc.assert(
      fc.property(circuits, ({ circuit, parameters, state }) => {
        const options = { parameters, state };
        const adjoint = adjointGradient(circuit, OBSERVABLE, options);
        const shifted = parameterShiftGradient(circuit, OBSERVABLE, options);
        expect(distance(adjoint.gradient, shifted.gradient)).toBeLessThan(ROUNDING);
        expect(Math.abs(adjoint.value - shifted.value)).toBeLessThan(ROUNDING);
      }),
    );
  });

  test('is the slope of the value', () => {
    // Central differences of width 1e-5 err by 1e-10 times third derivatives below 12³·5 and by
    // roundings of 1e-15/1e-5.
    const step = 1e-5;
    fc.assert(
      fc.property(circuits, ({ circuit, parameters, state }) => {
        const valueAt = (values: number[]) => {
          using copy = state.copy();
          run(circuit, copy, { parameters: values });
          return expectationValue(copy, OBSERVABLE);
        };
        const { value, gradient } = adjointGradient(circuit, OBSERVABLE, { parameters, state });
        expect(Math.abs(value - valueAt(parameters))).toBeLessThan(ROUNDING);
        parameters.forEach((x, k) => {
          const slope =
            (valueAt(parameters.with(k, x + step)) - valueAt(parameters.with(k, x - step))) /
            (2 * step);
          expect(Math.abs(gradient[k] - slope)).toBeLessThan(1e-5);
        });
      }),
    );
  });

  test('applies each gate three times, whatever the number of parameters', () => {
    for (const layers of [1, 10, 40]) {
      const circuit = new Circuit(3);
      for (let k = 0; k < layers; k++) {
        circuit
          .ry(circuit.parameter(`a${k}`), 0)
          .rz(circuit.parameter(`b${k}`), 1)
          .cx(0, 2);
      }
      const parameters = circuit.parameters.map((_, k) => k / 7);
      const [forward, whole] = [counting(), counting()];
      run(circuit, new StateVector(3), { parameters, kernels: forward.kernels });
      adjointGradient(circuit, Z, { parameters, kernels: whole.kernels });
      // RY and CX are one call of a kernel each, RZ is two.
      expect(forward.calls()).toBe(4 * layers);
      expect(whole.calls()).toBe(3 * forward.calls());
    }
  });

  /** The reference kernels, counted. */
  function counting(): { kernels: Kernels; calls: () => number } {
    let calls = 0;
    const kernels = new Proxy(referenceKernels, {
      get(target, name: keyof Kernels) {
        calls++;
        return target[name];
      },
    });
    return { kernels, calls: () => calls };
  }

  test('leaves the start alone, and is 0 for a parameter that stands nowhere', () => {
    const circuit = new Circuit(1);
    circuit.parameter('unused');
    circuit.ry(circuit.parameter('used'), 0);
    const state = StateVector.from([0.6, 0.8]);
    const { gradient } = adjointGradient(circuit, Z, { parameters: [1, 2], state });
    expect(gradient[0]).toBe(0);
    expect(gradient[1]).not.toBe(0);
    expect([...state.real]).toEqual([0.6, 0.8]);
  });

  test('of no parameters is empty, the value still there', () => {
    expect(adjointGradient(new Circuit(1).x(0), Z)).toEqual({
      value: -1,
      gradient: new Float64Array(0),
    });
  });

  const bound = new Circuit(1);
  bound.rx(bound.parameter('theta'), 0);
  const refused: [string, (gradient: typeof adjointGradient) => unknown, string][] = [
    ['measurements', (g) => g(new Circuit(1, { bits: 1 }).measure(0, 0), Z), 'NOT_INVERTIBLE'],
    ['resets', (g) => g(new Circuit(1).reset(0), Z), 'NOT_INVERTIBLE'],
    [
      'conditionals',
      (g) =>
        g(
          new Circuit(1, { bits: 1 }).when([0], 0, (then) => then.x(0)),
          Z,
        ),
      'NOT_INVERTIBLE',
    ],
    ['missing parameters', (g) => g(bound, Z), 'UNBOUND_PARAMETERS'],
    ['a parameter NaN', (g) => g(bound, Z, { parameters: [NaN] }), 'INVALID_ANGLE'],
    [
      'a state of another size',
      (g) => g(bound, Z, { parameters: [1], state: new StateVector(2) }),
      'QUBIT_COUNT_MISMATCH',
    ],
    [
      'an infinite coefficient',
      (g) => g(new Circuit(1), [{ coefficient: Infinity, paulis: {} }]),
      'INVALID_COEFFICIENT',
    ],
    [
      'an observable beyond the circuit',
      (g) => g(new Circuit(1), [{ coefficient: 1, paulis: { 1: 'Z' } }]),
      'QUBIT_OUT_OF_RANGE',
    ],
  ];
  test.each(refused)('refuses %s, and so does the parameter shift', (_, call, code) => {
    expect(() => call(adjointGradient)).toThrow(expect.objectContaining({ code }));
    expect(() => call(parameterShiftGradient)).toThrow(expect.objectContaining({ code }));
  });
});
