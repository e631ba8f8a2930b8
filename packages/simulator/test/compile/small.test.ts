import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Circuit, Compiler, mulberry32, run, StateVector } from '@sema/simulator';
import { cos, sin } from '@sema/simulator/elementary';
import { fillSincosTable, TABLE_BYTES, TURN_STEPS } from '../../src/compile/sincos-table.ts';
import { distance, randomState, randomUnitary } from './random-circuit.ts';

function notIn(qubits: readonly number[]): number {
  return [0, 1, 2, 3, 4, 5].findIndex((qubit) => !qubits.includes(qubit));
}

/** An angle beside a multiple of π/2, where a sine or cosine nearly vanishes, or any other. */
const anyAngle = fc.oneof(
  fc.double({ min: -8, max: 8, noNaN: true }),
  fc.double({ min: -30000, max: 30000, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .tuple(fc.integer({ min: -20, max: 20 }), fc.double({ min: -1e-9, max: 1e-9, noNaN: true }))
    .map(([quarters, off]) => quarters * (Math.PI / 2) + off),
);

describe.each(['f64', 'f32'] as const)('in %s', (precision) => {
  const compiler = new Compiler();
  /** Two roundings of numbers below 1 in double precision, or one in single. */
  const unit = precision === 'f64' ? 2 ** -52 : 2 ** -24;

  test('a bound phase has the sine and cosine of its angle', () => {
    const circuit = new Circuit(2);
    circuit.p(circuit.parameter('phi'), 1);
    using program = compiler.compile(circuit, precision);
    using state = program.state();
    const check = (phi: number) => {
      state.reset(2);
      program.run(state, [phi]);
      expect(Math.abs(state.real[2] - cos(phi))).toBeLessThanOrEqual(unit);
      expect(Math.abs(state.imaginary[2] - sin(phi))).toBeLessThanOrEqual(unit);
    };
    fc.assert(fc.property(anyAngle, check), { numRuns: 2000 });
    // From tiny to beyond what generated code reaches, where plain code takes over.
    for (let exponent = -60; exponent < 60; exponent++) check(1.2345678 * 2 ** exponent);
  });

  test('a bound rotation has the sine and cosine of half its angle', () => {
    const circuit = new Circuit(2);
    circuit.ry(circuit.parameter('theta'), 1);
    using program = compiler.compile(circuit, precision);
    using state = program.state();
    const check = (theta: number) => {
      state.reset();
      program.run(state, [theta]);
      // The tangent is rounded once more, and so is its product with the cosine.
      expect(Math.abs(state.real[0] - cos(theta / 2))).toBeLessThanOrEqual(2 * unit);
      expect(Math.abs(state.real[2] - sin(theta / 2))).toBeLessThanOrEqual(2 * unit);
    };
    fc.assert(fc.property(anyAngle, check), { numRuns: 2000 });
    for (let exponent = -60; exponent < 60; exponent++) check(1.2345678 * 2 ** exponent);
  });

  test('matrices and tables do what the reference does, whatever the order of their qubits', () => {
    const qubitsOf = (least: number, most: number) =>
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: least, maxLength: most });
    fc.assert(
      fc.property(qubitsOf(2, 3), qubitsOf(4, 6), fc.nat(), (few, many, seed) => {
        const random = mulberry32(seed);
        const turn = () => 7 * random.next();
        const circuit = new Circuit(6);
        const names = ['a', 'b', 'c'].map((name) => circuit.parameter(name));
        const signs = Array.from({ length: 1 << many.length }, () =>
          random.next() < 0.5 ? -1 : 1,
        );
        const fixed = Array.from({ length: 1 << many.length }, turn);
        const [target, ...controls] = many;
        circuit.ry(names[0], few[0]).unitary(randomUnitary(few.length, random), few);
        circuit.diagonal(Float64Array.from(signs.flatMap((sign) => [sign, 0])), many);
        circuit.ry(1.3, few[1]).unitary(randomUnitary(2, random), few.slice(0, 2));
        if (many.length < 6) circuit.multiplexedRy(fixed, many, notIn(many));
        const bound = fixed
          .slice(0, 1 << controls.length)
          .map((angle, k) => (k % 3 === 2 ? angle : names[k % 3]));
        circuit.multiplexedRx(bound, controls, target);
        const expected = randomState(6, seed % 100);
        using program = compiler.compile(circuit, precision);
        using state = program.state();
        state.copyFrom(expected);
        // The last is beyond what generated code reaches.
        for (const last of [0.4, -2, 1e9]) {
          const parameters = [turn(), turn(), last];
          run(circuit, expected, { parameters });
          program.run(state, parameters);
        }
        // Some 200 roundings of amplitudes below 1.
        expect(distance(state, expected)).toBeLessThan(200 * unit);
      }),
    );
  });

  test('the first run and later ones give the same bits', () => {
    const circuit = new Circuit(2);
    circuit.ry(circuit.parameter('a'), 0).cx(0, 1).rz(circuit.parameter('b'), 1).h(0);
    const results = [0, 1].map(() => {
      using program = compiler.compile(circuit, precision);
      return [0, 1, 2].map(() => {
        using state = program.state();
        program.run(state, [0.7, -2.9]);
        return [...state.real, ...state.imaginary];
      });
    });
    expect(new Set(results.flat().map((values) => values.join())).size).toBe(1);
  });

  test('amplitudes stay finite however many rotations leave a factor out', () => {
    const circuit = new Circuit(3);
    for (let layer = 0; layer < 300; layer++) {
      circuit.cx(0, 1).cx(1, 2);
      // At π the tangent of half the angle is 10^16, and a fixed angle of 1.6 leaves out 0.72: left
      // out 300 times that is beyond what a single can hold.
      circuit.ry(circuit.parameter('pi'), layer % 3).ry(1.6, (layer + 1) % 3);
    }
    using program = compiler.compile(circuit, precision);
    using state = program.state();
    const expected = new StateVector(3);
    run(circuit, expected, { parameters: [Math.PI] });
    program.run(state, [Math.PI]);
    // 600 rotations, each with a few roundings.
    expect(distance(state, expected)).toBeLessThan(precision === 'f64' ? 1e-12 : 1e-4);
  });
});

test('the table has cosine and sine of every step to the last place', () => {
  const table = new Float64Array(TABLE_BYTES / 8);
  fillSincosTable(table);
  const entries = table.subarray(table.length - 2 * TURN_STEPS);
  for (let step = 0; step < TURN_STEPS; step++) {
    // The nearest step of the first octant, whose angle is rounded by at most 2^-54.
    const within = step % (TURN_STEPS / 4);
    const isUpper = within > TURN_STEPS / 8;
    const angle = ((2 * Math.PI) / TURN_STEPS) * (isUpper ? TURN_STEPS / 4 - within : within);
    const [c, s] = isUpper ? [sin(angle), cos(angle)] : [cos(angle), sin(angle)];
    const quarter = Math.floor((4 * step) / TURN_STEPS);
    const expected = [
      [c, s],
      [-s, c],
      [-c, -s],
      [s, -c],
    ][quarter];
    expect(Math.abs(entries[2 * step] - expected[0])).toBeLessThanOrEqual(2 ** -53);
    expect(Math.abs(entries[2 * step + 1] - expected[1])).toBeLessThanOrEqual(2 ** -53);
  }
});

test('a small program allocates nothing when it is run', () => {
  const script = `
    import v8 from 'node:v8';
    import { Circuit, Compiler } from '@sema/simulator';
    const circuit = new Circuit(4);
    for (let i = 0; i < 12; i++) {
      circuit.ry(circuit.parameter('a' + i), i % 4).rz(circuit.parameter('b' + i), i % 4);
      circuit.cx(i % 4, (i + 1) % 4);
    }
    const program = new Compiler().compile(circuit, 'f64');
    const state = program.state();
    const parameters = Float64Array.from(circuit.parameters, (_, i) => i / 3);
    const list = Array.from(parameters);
    const used = () =>
      v8.getHeapSpaceStatistics().reduce((sum, space) => sum + space.space_used_size, 0);
    const grown = (values) => {
      for (let i = 0; i < 100_000; i++) program.run(state, values);
      globalThis.gc();
      const before = used();
      for (let i = 0; i < 100_000; i++) program.run(state, values);
      return used() - before;
    };
    console.log(JSON.stringify([grown(parameters), grown(list)]));`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const flags = ['--expose-gc', '--conditions=@sema/source', '--import', 'tsx'];
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    cwd,
    timeout: 100_000,
    encoding: 'utf8',
  });
  // One object a run would be 16 bytes or more, 1.6 MB in all; the statistics themselves take some.
  for (const bytes of JSON.parse(output) as number[]) expect(bytes).toBeLessThan(200_000);
});
