import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Circuit, type Operation, run, type StateVector } from '@sema/simulator';
import { commutePhases, renameSwaps } from '../../src/compile/commute.ts';
import { entriesOf } from '../../src/compile/entries.ts';
import type { Item } from '../../src/compile/group.ts';
import { valueOf } from '../../src/compile/linear.ts';
import { lower } from '../../src/compile/lower.ts';
import { merge } from '../../src/compile/merge.ts';
import type { Step } from '../../src/compile/step.ts';
import { planSweeps } from '../../src/compile/sweep.ts';
import { piecesOf } from '../../src/compile/pieces.ts';
import { numbersOf } from '../../src/compile/precision.ts';
import { tile } from '../../src/compile/tile.ts';
import { distance, randomCircuit, randomState } from './random-circuit.ts';

/** Some 500 roundings of amplitudes below 1. */
const TOLERANCE = 1e-13;

function qubitsOf(mask: number): number[] {
  return Array.from({ length: 32 }, (_, qubit) => qubit).filter((qubit) => (mask >> qubit) & 1);
}

/** The steps as a circuit: what they mean, in terms of the reference back end. */
function asCircuit(steps: readonly Step[], qubits: number, parameters: readonly number[]): Circuit {
  const circuit = new Circuit(qubits);
  for (const step of steps) {
    switch (step.kind) {
      case 'rotation':
        circuit.ry(valueOf(step.angle, parameters), qubitsOf(step.target)[0]);
        break;
      case 'phase': {
        const angle = valueOf(step.angle, parameters);
        const [target, ...controls] = qubitsOf(step.mask);
        if (target !== undefined) circuit.controlled('p', controls, [target], [angle]);
        else if (qubits > 0) circuit.p(angle, 0).x(0).p(angle, 0).x(0);
        break;
      }
      case 'flip':
        circuit.controlled('x', qubitsOf(step.control), qubitsOf(step.target));
        break;
      case 'swap':
        circuit.swap(qubitsOf(step.first)[0], qubitsOf(step.second)[0]);
        break;
      case 'matrix':
        circuit.unitary(step.matrix, step.qubits);
        break;
      case 'table':
        circuit.diagonal(
          entriesOf(step, parameters),
          [...step.qubits].sort((a, b) => a - b),
        );
        break;
      case 'opaque':
        // As it stands, parameters and all.
        (circuit.operations as Operation[]).push(step.operation);
        break;
    }
  }
  return circuit;
}

/** Random steps without opaque ones that have parameters: those a plain circuit can hold. */
function checkPass(pass: (steps: readonly Step[], qubits: number) => readonly Step[]): void {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(), (qubits, seed) => {
      const circuit = randomCircuit({ qubits, operations: 25, seed });
      const parameters = circuit.parameters.map((_, i) => i - 1.3);
      const bind = (list: readonly Step[]) => bound(asCircuit(list, qubits, parameters), circuit);
      const steps = lower(circuit.operations);
      const expected = randomState(qubits, 3);
      const actual = expected.copy();
      apply(bind(steps), expected, parameters);
      apply(bind(pass(steps, qubits)), actual, parameters);
      expect(distance(actual, expected)).toBeLessThan(TOLERANCE);
    }),
  );
}

/** `steps` with the parameters that the circuit had before it was lowered. */
function bound(steps: Circuit, original: Circuit): Circuit {
  const circuit = new Circuit(steps.qubits);
  for (const { name } of original.parameters) circuit.parameter(name);
  (circuit.operations as Operation[]).push(...steps.operations);
  return circuit;
}

function apply(circuit: Circuit, state: StateVector, parameters: readonly number[]): void {
  run(circuit, state, { parameters });
}

test('lowered steps do what the operations do', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(), (qubits, seed) => {
      const circuit = randomCircuit({ qubits, operations: 25, seed });
      const parameters = circuit.parameters.map((_, i) => i - 1.3);
      const expected = randomState(qubits, 3);
      const actual = expected.copy();
      run(circuit, expected, { parameters });
      const steps = asCircuit(lower(circuit.operations), qubits, parameters);
      apply(bound(steps, circuit), actual, parameters);
      expect(distance(actual, expected)).toBeLessThan(TOLERANCE);
    }),
  );
});

test('renaming swaps changes nothing', () => {
  checkPass(renameSwaps);
});

test('merging changes nothing', () => {
  checkPass(merge);
});

test('commuting phases changes nothing', () => {
  checkPass(commutePhases);
});

test('the order of tiling and grouping changes nothing', () => {
  checkPass((steps, qubits) => {
    const shape = { qubits, tile: Math.min(qubits, 7), low: Math.min(qubits, 4), lanes: 1 };
    return tile(steps, shape).flatMap((pass) =>
      pass.kind === 'opaque'
        ? [steps[pass.step]]
        : pass.items.flatMap((item: Item) => item.steps.map((index) => steps[index])),
    );
  });
});

test('the order of the pieces of a small plan changes nothing', () => {
  checkPass((steps) => {
    const opaque = [...steps.keys()].filter((index) => steps[index].kind === 'opaque');
    return [...opaque, steps.length].flatMap((end, k) => {
      const first = k === 0 ? 0 : opaque[k - 1] + 1;
      const between = Array.from({ length: end - first }, (_, i) => first + i);
      const pieces = piecesOf(steps, between, numbersOf('f64', false));
      const order = pieces.flatMap(({ chunks }) => chunks.flatMap((chunk) => chunk.steps));
      return [...order, end].filter((index) => index < steps.length).map((index) => steps[index]);
    });
  });
});

test('phases that commute with what lies between them are one piece', () => {
  const circuit = new Circuit(4);
  for (let qubit = 0; qubit < 4; qubit++) circuit.rz(circuit.parameter(`z${qubit}`), qubit);
  for (let qubit = 0; qubit < 4; qubit++) circuit.cx(qubit, (qubit + 1) % 4);
  const steps = merge(commutePhases(lower(circuit.operations)));
  const pieces = piecesOf(steps, [...steps.keys()], numbersOf('f64', false));
  expect(pieces.map(({ kind }) => kind)).toEqual(['phases', 'moves']);
});

test('tiling takes each step once and groups at most three qubits besides the lanes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 12 }), fc.nat(), (qubits, seed) => {
      const steps = lower(randomCircuit({ qubits, operations: 40, seed }).operations);
      const passes = tile(steps, { qubits, tile: 7, low: 4, lanes: 1 });
      const taken: number[] = [];
      for (const pass of passes) {
        if (pass.kind === 'opaque') {
          taken.push(pass.step);
          continue;
        }
        expect(qubitsOf(pass.active)).toHaveLength(7);
        expect(pass.active & 15).toBe(15);
        for (const item of pass.items) {
          taken.push(...item.steps);
          if (item.kind === 'group') expect(qubitsOf(item.qubits).length).toBeLessThanOrEqual(3);
        }
      }
      expect(taken.sort((a, b) => a - b)).toEqual(steps.map((_, index) => index));
    }),
  );
});

test('only matrices on more than three qubits are left whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 12 }), fc.nat(), (qubits, seed) => {
      const steps = lower(randomCircuit({ qubits, operations: 40, seed }).operations);
      const passes = tile(steps, { qubits, tile: 7, low: 4, lanes: 1 });
      expect(passes.filter(({ kind }) => kind === 'opaque')).toEqual([]);
    }),
  );
});

test('swaps cost nothing but the permutation that is left', () => {
  const circuit = new Circuit(4).swap(0, 1).h(0).swap(2, 3).swap(0, 1).cx(2, 0).swap(3, 2);
  const kinds = renameSwaps(lower(circuit.operations)).map(({ kind }) => kind);
  expect(kinds).not.toContain('swap');
});

test('phases of neighbouring layers become one', () => {
  const circuit = new Circuit(2).rz(0.1, 0).cz(0, 1).rz(0.2, 0).cz(0, 1).p(-0.3, 0);
  const steps = merge(commutePhases(lower(circuit.operations)));
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({ kind: 'phase', mask: 0 });
});

test('the Fourier transform of 20 qubits takes at most three passes over memory', () => {
  const circuit = new Circuit(20);
  for (let target = 19; target >= 0; target--) {
    circuit.h(target);
    for (let other = target - 1; other >= 0; other--) {
      circuit.cp(Math.PI / (1 << (target - other)), other, target);
    }
  }
  const steps = merge(commutePhases(lower(circuit.operations)));
  const passes = tile(steps, { qubits: 20, tile: 13, low: 4, lanes: 1 });
  expect(passes.length).toBeLessThanOrEqual(3);
});

test('every phase is in exactly one sweep or on its own', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: (1 << 12) - 1 }), { maxLength: 40 }),
      fc.nat({ max: 31 }),
      (masks, chosen) => {
        // Five of the upper qubits' bits choose, the lowest seven are always active.
        const active = 127 | (chosen << 7);
        const { sweeps, masked } = planSweeps(
          masks.map((mask, step) => ({ mask, step })),
          active,
        );
        const steps = [...masked, ...sweeps.flatMap((s) => [...s.low, ...s.high, ...s.outside])];
        expect(steps.map(({ step }) => step).sort((a, b) => a - b)).toEqual(masks.map((_, i) => i));
        for (const { selectors } of sweeps) expect(selectors.length).toBeLessThanOrEqual(3);
      },
    ),
  );
});
