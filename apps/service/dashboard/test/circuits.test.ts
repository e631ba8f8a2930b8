import { probabilities, run, StateVector } from '@sema/simulator';
import { describe, expect, test } from 'vitest';
import {
  ACTION_QUBITS,
  amplitudeCircuit,
  answerFilters,
  fusionCircuit,
} from '../src/circuits/decision-circuit.ts';
import { drawSvg, entanglementMap } from '../src/circuits/circuits.ts';
import { recordedDecisions } from './recorded-decisions.ts';

const { receipts, configuration } = recordedDecisions(40);
const verdicts = receipts.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
const sensitivity = configuration.choiceSensitivity;

describe('the circuit of a decision', () => {
  test('multiplies the three answers when its ancilla reads 0', () => {
    for (const verdict of verdicts) {
      const circuit = fusionCircuit(verdict, sensitivity);
      expect([circuit.qubits, circuit.bits]).toEqual([3, 3]);
      const filters = answerFilters(verdict, sensitivity);
      const products = [0, 1, 2].map((k) => filters.reduce((all, each) => all * each[k], 1));
      const total = products.reduce((sum, each) => sum + each, 0);
      const measured = fused(verdict);
      products.forEach((product, k) => {
        // Nine rotations of a unit vector: some tens of roundings.
        expect(Math.abs(measured[k] - product / total)).toBeLessThan(1e-13);
      });
      // The fourth state of the two qubits is no action.
      expect(measured[3]).toBeLessThan(1e-30);
    }
  });

  test('is what the engine decides from, but for the feedback of the regime', () => {
    const distances = verdicts.map((verdict) => {
      const measured = fused(verdict);
      return Math.max(...verdict.preferences.map((value, k) => Math.abs(value - measured[k])));
    });
    // The feedback is at most a rotation by a fraction of a right angle.
    expect(Math.max(...distances)).toBeLessThan(0.35);
    expect(Math.min(...distances)).toBeLessThan(0.05);
  });

  test('is drawn with its angles and three reads', () => {
    const svg = drawSvg(fusionCircuit(verdicts[0], sensitivity), { width: 2000 });
    expect(svg.match(/class="dotted"/g)).toHaveLength(3);
    expect(svg).toContain('Ry(4 angles)');
  });
});

describe('the map of entanglement', () => {
  test('finds two bits in a Bell pair and none in a product', () => {
    const verdict = verdicts[0];
    const bell = { ...verdict, prices: [0.5, 0, 0, 0.5] };
    const { nodes, links } = entanglementMap(bell, [1], 2, sensitivity);
    const market = links.filter(({ a }) => nodes[a]?.register === 'market');
    expect(market).toHaveLength(1);
    // A pure state of two qubits, maximally entangled: twice one bit.
    expect(market[0]?.bits).toBeCloseTo(2, 12);
    const product = { ...verdict, prices: [0.25, 0.25, 0.25, 0.25] };
    const map = entanglementMap(product, [1], 2, sensitivity);
    // One voter has all the weight, which is one basis state.
    expect(map.links.filter(({ a }) => map.nodes[a]?.register !== 'fusion')).toEqual([]);
  });

  test('links qubits of one register only', () => {
    for (const verdict of verdicts) {
      const { nodes, links } = entanglementMap(verdict, [3, 2, 2, 1], 4, sensitivity);
      expect(nodes).toHaveLength(10);
      for (const { a, b, bits } of links) {
        expect(nodes[a]?.register).toBe(nodes[b]?.register);
        expect(bits).toBeGreaterThan(0);
        expect(bits).toBeLessThanOrEqual(2 + 1e-12);
      }
    }
  });

  test('gives each answer an ancilla of its own where the answers are entangled', () => {
    const tied = { ...verdicts[0], entanglement: 'ghz' } as const;
    const circuit = fusionCircuit(tied, sensitivity);
    expect(circuit.qubits).toBe(5);
    const { nodes } = entanglementMap(tied, [1], 2, sensitivity);
    expect(nodes.filter(({ register }) => register === 'fusion')).toHaveLength(5);
  });

  test('leaves the Hedge register out where nobody has any weight', () => {
    const { nodes } = entanglementMap(verdicts[0], [], 4, sensitivity);
    expect(nodes.map(({ register }) => register)).not.toContain('hedge');
  });
});

test('amplitudes are the square roots of what they are made of', () => {
  using state = new StateVector(2);
  run(amplitudeCircuit([0.1, 0.2, 0.3, 0.4]), state);
  [0.1, 0.2, 0.3, 0.4].forEach((value, k) => {
    expect(state.real[k]).toBeCloseTo(Math.sqrt(value), 14);
  });
});

/** What the two qubits of actions hold after the last read. */
function fused(verdict: (typeof verdicts)[number]): Float64Array {
  using state = new StateVector(3);
  // A draw so near to 1 that every read gives 0, whatever its probability.
  const random = { next: () => 1 - Number.EPSILON / 2 };
  const { bits } = run(fusionCircuit(verdict, sensitivity), state, { random });
  expect([...bits]).toEqual([0, 0, 0]);
  return probabilities(state, ACTION_QUBITS);
}
