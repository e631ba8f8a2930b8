import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Circuit, Compiler, mulberry32, run } from '@sema/simulator';
import type { Item } from '../../src/compile/group.ts';
import { fixed } from '../../src/compile/linear.ts';
import { scaleGroups } from '../../src/compile/scale-groups.ts';
import type { Step } from '../../src/compile/step.ts';
import { distance, randomState } from './random-circuit.ts';

/** Some 3000 rotations, each with a few roundings that add up as a random walk does. */
const TOLERANCE = { f64: 1e-12, f32: 1e-4 } as const;
/** Enough rotations for the product of what they leave out to be beyond what numbers can hold. */
const ROTATIONS = { f64: 2600, f32: 400 } as const;

/** Layers of the same rotation on every qubit and a ring of CX. */
function layers(qubits: number, count: number): Circuit {
  const circuit = new Circuit(qubits);
  for (let layer = 0; layer < count; layer++) {
    for (let qubit = 0; qubit < qubits; qubit++) circuit.ry(1.6, qubit);
    for (let qubit = 0; qubit < qubits; qubit++) circuit.cx(qubit, (qubit + 1) % qubits);
  }
  return circuit;
}

/** Rotations by about a quarter of a turn, on few qubits or on all, and what keeps them apart. */
function deepCircuit(qubits: number, rotations: number, seed: number): Circuit {
  const random = mulberry32(seed);
  const below = (limit: number) => Math.floor(random.next() * limit);
  const used = 2 + below(qubits - 1);
  const circuit = new Circuit(qubits);
  for (let i = 0; i < rotations; i++) {
    const target = below(used);
    const other = (target + 1 + below(used - 1)) % used;
    const sign = random.next() < 0.5 ? -1 : 1;
    if (below(4) === 0) circuit.ry(sign * (Math.PI / 2), target);
    else circuit.ry(sign * (1.4 + 0.4 * random.next()), target);
    const choice = below(200);
    if (choice < 150) circuit.cx(target, other);
    else if (choice < 195) circuit.cz(target, other);
    else if (choice < 198) circuit.rz(circuit.parameter('phi'), target);
    else circuit.ry(circuit.parameter('theta'), target);
  }
  return circuit;
}

describe.each(['f64', 'f32'] as const)('in %s', (precision) => {
  /** Tiles as large as the state, and smaller ones. */
  const [whole, tiled] = [new Compiler(), new Compiler({ tileQubits: 8 })];

  function error(circuit: Circuit, compiler = whole): number {
    const expected = randomState(circuit.qubits, 5);
    const parameters = circuit.parameters.map((_, i) => 0.7 + i);
    using program = compiler.compile(circuit, precision);
    using state = program.state();
    state.copyFrom(expected);
    run(circuit, expected, { parameters });
    program.run(state, parameters);
    return distance(state, expected);
  }

  test('300 layers of fixed rotations stay finite on 8 qubits', () => {
    expect(error(layers(8, 300))).toBeLessThan(TOLERANCE[precision]);
  });

  test('so do 60 layers on 10 qubits', () => {
    expect(error(layers(10, 60))).toBeLessThan(TOLERANCE[precision]);
  });

  test('random deep circuits do what the reference does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 7, max: 9 }), fc.nat(), (qubits, seed) => {
        const circuit = deepCircuit(qubits, ROTATIONS[precision], seed);
        expect(error(circuit, tiled)).toBeLessThan(TOLERANCE[precision]);
      }),
      { numRuns: precision === 'f64' ? 3 : 12 },
    );
  });

  test('no more factors are left out at a time than amplitudes have room for', () => {
    const most = precision === 'f64' ? 1000 : 120;
    const steps: Step[] = Array.from({ length: 16 * most }, () => ({
      kind: 'rotation',
      target: 1,
      angle: fixed(1.6),
    }));
    const sizes = fc.array(fc.integer({ min: 1, max: 2 * most }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sizes, (counts) => {
        let next = 0;
        const groups = counts.map((count): Item => {
          const own = [...steps.keys()].slice(next, (next += count));
          return { kind: 'group', qubits: 0, steps: own };
        });
        const { items, left } = scaleGroups(groups, steps, precision);
        const done: number[] = [];
        let from = 0;
        for (const item of items) {
          done.push(...item.steps);
          expect(done.length - from).toBeLessThanOrEqual(most);
          if (item.kind !== 'group' || item.scales.length === 0) continue;
          expect(item.scales).toEqual(done.slice(from));
          from = done.length;
        }
        expect(done).toEqual(groups.flatMap((group) => group.steps));
        expect(left).toEqual(done.slice(from));
      }),
    );
  });
});
