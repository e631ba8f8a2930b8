import {
  Circuit,
  probabilityOfOne,
  purity,
  reducedDensityMatrix,
  run,
  StateVector,
} from '@sema/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AncillaCircuit } from '../src/ancilla-circuit.ts';
import { groverRudolphAngles, prepareDistribution } from '../src/index.ts';
import { distribution, floats, qubitCount, register } from './arbitraries.ts';

function mean(circuit: AncillaCircuit, masses: Float64Array, factors: Float64Array) {
  circuit.factors.set(factors);
  const trace = circuit.meanTrace();
  circuit.mean(masses, register(circuit.requiredQubits), trace);
  return { mean: trace.measurements[1], trace };
}

function filter(circuit: AncillaCircuit, masses: Float64Array, factors: Float64Array) {
  circuit.factors.set(factors);
  const trace = circuit.filterTrace();
  const distribution = new Float64Array(masses.length);
  circuit.filter(masses, register(circuit.requiredQubits), distribution, trace);
  return { distribution, trace };
}

const filtered = qubitCount.chain((qubits) =>
  fc.record({
    qubits: fc.constant(qubits),
    masses: distribution(2 ** qubits),
    factors: floats(2 ** qubits, 0, 1),
  }),
);

/**
 * The circuit in the outcomes' own order, with the angles as the literature writes them, gate by
 * gate.
 */
function literal(qubits: number, masses: Float64Array, factors: Float64Array): StateVector {
  const data = Array.from({ length: qubits }, (_, qubit) => qubit);
  const circuit = new Circuit(qubits + 1);
  prepareDistribution(circuit, data, [...groverRudolphAngles(masses)]);
  circuit.multiplexedRy(
    Array.from(factors, (factor) => 2 * Math.acos(factor)),
    data,
    qubits,
  );
  const state = new StateVector(qubits + 1);
  run(circuit, state);
  return state;
}

test('the coherence is the purity of the data register with the ancilla traced out', () => {
  fc.assert(
    fc.property(filtered, ({ qubits, masses, factors }) => {
      using circuit = new AncillaCircuit(qubits);
      using state = literal(qubits, masses, factors);
      const data = Array.from({ length: qubits }, (_, qubit) => qubit);
      const { trace } = mean(circuit, masses, factors);
      expect(trace.coherence).toBeCloseTo(purity(reducedDensityMatrix(state, data)), 12);
    }),
  );
});

test('ranking the outcomes and exchanging the ancilla’s labels changes no probability', () => {
  fc.assert(
    fc.property(filtered, ({ qubits, masses, factors }) => {
      using circuit = new AncillaCircuit(qubits);
      using state = literal(qubits, masses, factors);
      const { mean: read, trace } = mean(circuit, masses, factors);
      expect(read).toBeCloseTo(1 - probabilityOfOne(state, qubits), 12);
      expect(trace.measurements).toEqual(Float64Array.of(1 - read, read));
      expect(trace.successProbability).toBe(1);
    }),
  );
});

test('a filter multiplies the distribution by the squared factors', () => {
  fc.assert(
    fc.property(filtered, ({ qubits, masses, factors }) => {
      const products = masses.map((mass, i) => mass * factors[i] * factors[i]);
      const sum = products.reduce((total, product) => total + product, 0);
      fc.pre(sum > 1e-290);
      using circuit = new AncillaCircuit(qubits);
      const { distribution, trace } = filter(circuit, masses, factors);
      products.forEach((product, i) => expect(distribution[i]).toBeCloseTo(product / sum, 12));
      expect(trace.successProbability / sum).toBeCloseTo(1, 12);
    }),
  );
});

test('a filter that lets half the mass through untouched learns a whole bit', () => {
  using circuit = new AncillaCircuit(2);
  const masses = new Float64Array(4).fill(0.25);
  const { distribution, trace } = filter(circuit, masses, Float64Array.of(1, 0, 0, 1));
  distribution.forEach((mass, i) => expect(mass).toBeCloseTo([0.5, 0, 0, 0.5][i], 15));
  expect(trace.coherence).toBeCloseTo(0.5, 14);
  expect(trace.successProbability).toBeCloseTo(0.5, 14);
});

test('the largest circuit, 14 data qubits, still sums to 1', () => {
  using circuit = new AncillaCircuit(14);
  const masses = new Float64Array(2 ** 14).fill(2 ** -14);
  const factors = masses.map((_, i) => (i % 7) / 7);
  const { distribution, trace } = filter(circuit, masses, factors);
  expect(distribution.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 10);
  expect(trace.measurements.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 10);
});
