import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Circuit, probabilities, run, StateVector } from '@sema/simulator';
import { acos, cos, exp, sin } from '@sema/simulator/elementary';
import {
  applyRotation,
  coherentRotation,
  effectiveLosses,
  rotationGenerator,
  rotationUnitary,
} from '../src/index.ts';
import {
  codeOf,
  dot,
  largestDifference,
  realMatrixTimes,
  sum,
  unitarityDefect,
} from './expert-games.ts';

/** A real unit vector of 2^k entries with any signs, losses for it and a learning rate. */
const updates = fc
  .integer({ min: 0, max: 4 })
  .map((qubits) => 1 << qubits)
  .chain((dimension) => {
    const entries = (min: number, max: number) =>
      fc.array(fc.double({ min, max, noNaN: true }), {
        minLength: dimension,
        maxLength: dimension,
      });
    return fc.record({
      amplitudes: entries(-1, 1)
        .filter((vector) => dot(vector, vector) > 1e-3)
        .map((vector) => vector.map((entry) => entry / Math.sqrt(dot(vector, vector)))),
      losses: entries(0, 1),
      learningRate: fc.double({ min: 1e-6, max: 8, noNaN: true }),
    });
  });

/** The definition: e^{−ηL/2}ψ divided by its norm. */
function filtered(amplitudes: readonly number[], losses: readonly number[], rate: number) {
  const raw = amplitudes.map((amplitude, i) => amplitude * exp((-rate * losses[i]) / 2));
  const norm = Math.sqrt(dot(raw, raw));
  return raw.map((amplitude) => amplitude / norm);
}

/** e^{−iG}ψ by the Taylor series; ‖G‖ ≤ π/2, so 40 terms leave less than 1e-40. */
function evolve(generator: Float64Array, amplitudes: readonly number[]) {
  const dimension = amplitudes.length;
  let real = Float64Array.from(amplitudes);
  let imaginary = new Float64Array(dimension);
  const total = { real: real.slice(), imaginary: imaginary.slice() };
  for (let order = 1; order <= 40; order += 1) {
    const nextReal = new Float64Array(dimension);
    const nextImaginary = new Float64Array(dimension);
    for (let row = 0; row < dimension; row += 1) {
      for (let column = 0; column < dimension; column += 1) {
        const at = 2 * (row * dimension + column);
        const [re, im] = [generator[at], generator[at + 1]];
        // −i(re + i·im)(x + i·y)
        nextReal[row] += (im * real[column] + re * imaginary[column]) / order;
        nextImaginary[row] += (im * imaginary[column] - re * real[column]) / order;
      }
      total.real[row] += nextReal[row];
      total.imaginary[row] += nextImaginary[row];
    }
    real = nextReal;
    imaginary = nextImaginary;
  }
  return total;
}

describe('why a diagonal Hamiltonian does not learn', () => {
  test('2000 rounds of e^{−iηL} move no probability, one rotation does', () => {
    const losses = [0, 0.25, 0.5, 1];
    const entries = losses.flatMap((loss) => [cos(0.3 * loss), -sin(0.3 * loss)]);
    const circuit = new Circuit(2).diagonal(Float64Array.from(entries), [0, 1]);
    const uniform = [0.5, 0.5, 0.5, 0.5];
    using state = StateVector.from(uniform);
    for (let round = 0; round < 2000; round += 1) run(circuit, state);
    // 2000 multiplications by numbers of modulus 1, each off by at most 2^−52.
    expect(largestDifference(probabilities(state), [0.25, 0.25, 0.25, 0.25])).toBeLessThan(1e-12);

    const rotated = applyRotation(uniform, coherentRotation(uniform, losses, 0.3));
    expect(rotated[0] * rotated[0]).toBeGreaterThan(0.28);
    expect(rotated[3] * rotated[3]).toBeLessThan(0.22);
  });
});

describe('coherentRotation', () => {
  test('of two equal experts leaves the loser a quarter of the odds at η = ln 4', () => {
    const half = Math.sqrt(0.5);
    // η = ln 4: the loser keeps a quarter of its weight, so the weights become 4/5 and 1/5.
    const rotation = coherentRotation([half, half], [0, 1], 1.3862943611198906);
    const [winner, loser] = applyRotation([half, half], rotation);
    expect(winner * winner).toBeCloseTo(0.8, 15);
    expect(loser * loser).toBeCloseTo(0.2, 15);
    expect(rotation.angle).toBeCloseTo(acos((Math.sqrt(0.8) + Math.sqrt(0.2)) / Math.sqrt(2)), 15);
  });

  test('carries the state to the filtered one, whatever the signs of the amplitudes', () => {
    fc.assert(
      fc.property(updates, ({ amplitudes, losses, learningRate }) => {
        const rotated = applyRotation(
          amplitudes,
          coherentRotation(amplitudes, losses, learningRate),
        );
        // A handful of roundings, and arguments that have norm 1 only to 2^−52.
        const expected = filtered(amplitudes, losses, learningRate);
        expect(largestDifference(rotated, expected)).toBeLessThan(1e-14);
      }),
    );
  });

  test('has a unit axis perpendicular to the state, or no axis at all', () => {
    fc.assert(
      fc.property(updates, ({ amplitudes, losses, learningRate }) => {
        const { angle, axis } = coherentRotation(amplitudes, losses, learningRate);
        expect(angle).toBeGreaterThanOrEqual(0);
        expect(angle).toBeLessThan(Math.PI / 2);
        if (angle === 0) {
          expect(dot(axis, axis)).toBe(0);
        } else {
          expect(Math.abs(dot(axis, axis) - 1)).toBeLessThan(1e-14);
          expect(Math.abs(dot(axis, amplitudes))).toBeLessThan(1e-14);
        }
      }),
    );
  });

  test('does not turn by an angle that no double could show', () => {
    const amplitudes = [0.9999999989045469, 0.00004680711468654087];
    const losses = [0, 4.0992928e-316];
    const { angle, axis } = coherentRotation(amplitudes, losses, 0.0002575);
    expect(angle).toBe(0);
    expect(dot(axis, axis)).toBe(0);
  });

  test('stays perpendicular for a state whose norm is 1 only to 5e-10', () => {
    const amplitudes = [0.6 * (1 + 5e-10), 0.8 * (1 + 5e-10)];
    const { axis } = coherentRotation(amplitudes, [0, 1], 8);
    expect(Math.abs(dot(axis, amplitudes))).toBeLessThan(1e-15);
  });

  test('stays perpendicular when one state has all the weight but 1e-300', () => {
    const amplitudes = [1e-150, 1, 1e-150, 1e-151];
    const { angle, axis } = coherentRotation(amplitudes, [0, 1, 0.5, 1], 2);
    expect(Math.abs(dot(axis, amplitudes))).toBeLessThan(1e-160);
    expect(Math.abs(dot(axis, axis) - 1)).toBeLessThan(1e-15);
    const rotated = applyRotation(amplitudes, { angle, axis });
    expect(rotated[0] / 1e-150 / exp(1)).toBeCloseTo(1, 14);
  });

  test('leaves states of amplitude 0 at exactly 0 and learns nothing from equal losses', () => {
    const amplitudes = [0.6, 0.8, 0, 0];
    const rotated = applyRotation(amplitudes, coherentRotation(amplitudes, [1, 0, 0.5, 1], 1));
    expect([rotated[2], rotated[3]]).toEqual([0, 0]);
    expect(coherentRotation(amplitudes, [0.3, 0.3, 1, 0], 1)).toEqual({
      angle: 0,
      axis: new Float64Array(4),
    });
  });

  test('keeps its digits when losses hardly differ', () => {
    const half = Math.sqrt(0.5);
    const difference = 1e-12;
    const { angle } = coherentRotation([half, half], [0, difference], 1);
    // To first order the angle is (η/2)·σ(L) = (1/2)(difference/2).
    expect(angle / (difference / 4)).toBeCloseTo(1, 11);
  });

  test('refuses what is no state, no loss and no learning rate', () => {
    const half = Math.sqrt(0.5);
    const code = (amplitudes: number[], losses: number[], rate: number) =>
      codeOf(() => coherentRotation(amplitudes, losses, rate));
    for (const bad of [NaN, Infinity, -Infinity, -1e-9, 1.0000001, 1e308]) {
      expect(code([half, half], [0, bad], 1), `loss ${bad}`).toBe('INVALID_LOSS');
    }
    for (const bad of [NaN, Infinity, 0, -0, -1, 9]) {
      expect(code([half, half], [0, 1], bad), `rate ${bad}`).toBe('INVALID_OPTION');
    }
    for (const bad of [[], [NaN, 1], [Infinity, 0], [1, 1], [0, 0], [1e200, 0]]) {
      const losses = bad.map(() => 0);
      expect(code(bad, losses, 1), `amplitudes ${bad.join()}`).toBe('INVALID_AMPLITUDES');
    }
    expect(code([half, half], [0], 1)).toBe('LENGTH_MISMATCH');
    expect(code([half, half], [0, 1, 0], 1)).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => applyRotation([1], { angle: 0, axis: new Float64Array(2) }))).toBe(
      'LENGTH_MISMATCH',
    );
  });
});

describe('the generator of the rotation', () => {
  test('is Hermitian and traceless to the last bit, and its exponential moves ψ to ψ′', () => {
    fc.assert(
      fc.property(updates, ({ amplitudes, losses, learningRate }) => {
        const rotation = coherentRotation(amplitudes, losses, learningRate);
        const generator = rotationGenerator(amplitudes, rotation);
        const dimension = amplitudes.length;
        for (let row = 0; row < dimension; row += 1) {
          expect(generator[2 * (row * dimension + row)]).toBe(0);
          expect(generator[2 * (row * dimension + row) + 1]).toBe(0);
          for (let column = 0; column < row; column += 1) {
            const below = 2 * (row * dimension + column);
            const above = 2 * (column * dimension + row);
            expect(generator[below] - generator[above]).toBe(0);
            expect(generator[below + 1] + generator[above + 1]).toBe(0);
          }
        }
        const evolved = evolve(generator, amplitudes);
        const expected = filtered(amplitudes, losses, learningRate);
        expect(largestDifference(evolved.real, expected)).toBeLessThan(1e-13);
        expect(largestDifference(evolved.imaginary, new Float64Array(dimension))).toBe(0);
      }),
    );
  });

  test('is i(η/2)[|ψ⟩⟨ψ|, L] to first order in η', () => {
    const amplitudes = [0.1, 0.5, 0.7, 0.5];
    const losses = [0.9, 0.2, 0.4, 0];
    const errorAt = (rate: number) => {
      const generator = rotationGenerator(amplitudes, coherentRotation(amplitudes, losses, rate));
      const commutator = new Float64Array(32);
      for (let row = 0; row < 4; row += 1) {
        for (let column = 0; column < 4; column += 1) {
          commutator[2 * (4 * row + column) + 1] =
            (rate / 2) * amplitudes[row] * amplitudes[column] * (losses[column] - losses[row]);
        }
      }
      return largestDifference(generator, commutator);
    };
    // What is left is of second order: ten times less η leaves a hundred times less.
    expect(errorAt(0.01)).toBeGreaterThan(0);
    expect(errorAt(0.01) / errorAt(0.001)).toBeCloseTo(100, -1);
  });

  test('gives a unitary that a circuit runs to the Hedge weights', () => {
    const weights = [0.1, 0.2, 0.3, 0.4];
    const losses = [0, 1, 0.25, 0.75];
    const amplitudes = weights.map(Math.sqrt);
    const unitary = rotationUnitary(amplitudes, coherentRotation(amplitudes, losses, 0.7));
    using state = StateVector.from(amplitudes);
    run(new Circuit(2).unitary(unitary, [0, 1]), state);
    const shrunk = weights.map((weight, i) => weight * exp(-0.7 * losses[i]));
    const hedge = shrunk.map((weight) => weight / sum(shrunk));
    expect(largestDifference(probabilities(state), hedge)).toBeLessThan(1e-15);
  });

  test('and its closed form are the same unitary', () => {
    fc.assert(
      fc.property(updates, ({ amplitudes, losses, learningRate }) => {
        const rotation = coherentRotation(amplitudes, losses, learningRate);
        const unitary = rotationUnitary(amplitudes, rotation);
        expect(unitarityDefect(unitary, amplitudes.length)).toBeLessThan(1e-14);
        const generator = rotationGenerator(amplitudes, rotation);
        const basisState = amplitudes.map((_, i) => (i === 0 ? 1 : 0));
        const evolved = evolve(generator, basisState);
        expect(largestDifference(realMatrixTimes(unitary, basisState), evolved.real)).toBeLessThan(
          1e-14,
        );
      }),
    );
  });

  test('is refused above 256 states', () => {
    const amplitudes = new Float64Array(512);
    amplitudes[0] = 1;
    const rotation = coherentRotation(amplitudes, new Float64Array(512), 1);
    expect(codeOf(() => rotationGenerator(amplitudes, rotation))).toBe('TOO_LARGE');
    expect(codeOf(() => rotationUnitary(amplitudes, rotation))).toBe('TOO_LARGE');
  });
});

describe('effectiveLosses', () => {
  test('are the losses themselves when everyone is awake', () => {
    expect(effectiveLosses([0.5, 0.5], [0.2, 1], [true, true], 1)).toEqual(Float64Array.of(0.2, 1));
  });

  test('give a sleeping expert the mix loss of the awake', () => {
    const losses = effectiveLosses([0.25, 0.5, 0.25], [0, NaN, 1], [true, false, true], 2);
    // −(1/2) ln((1 + e^{−2})/2) as Python computes it.
    expect(losses?.[1]).toBeCloseTo(0.28310958475848635, 15);
    expect([losses?.[0], losses?.[2]]).toEqual([0, 1]);
  });

  test('give the loss of the only one awake to all, exactly', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (loss) => {
        const losses = effectiveLosses([0.9, 0.1], [7, loss], [false, true], 0.37);
        expect(losses?.[0]).toBe(loss + 0);
      }),
    );
  });

  test('are exact when one expert has nearly all the weight, at any learning rate', () => {
    for (const learningRate of [1e-9, 0.01, 0.3, 1, 3, 5, 7, 8]) {
      const losses = effectiveLosses([1, 1e-20, 1], [1, 0, NaN], [true, true, false], learningRate);
      expect(losses?.[2], `rate ${learningRate}`).toBe(1);
    }
  });

  test('stay within [0, 1] despite rounding', () => {
    const nearlyOne = fc.double({ min: 1 - 1e-15, max: 1, noNaN: true });
    const rate = fc.double({ min: 1e-9, max: 8, noNaN: true });
    fc.assert(
      fc.property(nearlyOne, nearlyOne, rate, fc.boolean(), (a, b, learningRate, low) => {
        const losses = low ? [1 - a, 1 - b, NaN] : [a, b, NaN];
        const awake = [true, true, false];
        const effective = effectiveLosses([0.3, 0.3, 0.4], losses, awake, learningRate) ?? [];
        expect(effective[2]).toBeGreaterThanOrEqual(Math.min(losses[0], losses[1]) - 2e-16);
        expect(effective[2]).toBeLessThanOrEqual(1);
        expect(effective[2]).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('are undefined when everyone sleeps', () => {
    expect(effectiveLosses([0.5, 0.5], [NaN, NaN], [false, false], 1)).toBeUndefined();
    expect(effectiveLosses([], [], [], 1)).toBeUndefined();
  });

  test('refuse awake experts without weight, bad weights and flags that are no booleans', () => {
    const code = (weights: number[]) =>
      codeOf(() => effectiveLosses(weights, [0, 1], [true, false], 1));
    expect(code([0, 1])).toBe('INVALID_WEIGHTS');
    expect(code([NaN, 1])).toBe('INVALID_WEIGHTS');
    expect(code([-0.1, 1])).toBe('INVALID_WEIGHTS');
    expect(code([Infinity, 1])).toBe('INVALID_WEIGHTS');
    // A caller without types may pass 1 and 0.
    const numbers = [1, 0] as unknown as boolean[];
    expect(() => effectiveLosses([0.5, 0.5], [0, 1], numbers, 1)).toThrow(TypeError);
  });
});
