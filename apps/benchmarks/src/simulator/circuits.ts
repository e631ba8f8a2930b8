import { Circuit, mulberry32, type RandomSource } from '@sema/simulator';

/** The circuits that simulators are compared on, each from |0…0⟩ and with fixed angles. */
export const BENCHMARK_CIRCUITS = { qft, brick, qaoa, hea } as const;

export type BenchmarkCircuit = keyof typeof BENCHMARK_CIRCUITS;

/** The quantum Fourier transform with its final swaps. */
function qft(qubits: number): Circuit {
  const circuit = new Circuit(qubits);
  for (let target = qubits - 1; target >= 0; target--) {
    circuit.h(target);
    for (let control = target - 1; control >= 0; control--) {
      circuit.cp(Math.PI / (1 << (target - control)), control, target);
    }
  }
  for (let qubit = 0; qubit < qubits >> 1; qubit++) circuit.swap(qubit, qubits - 1 - qubit);
  return circuit;
}

/** 20 layers of a random U3 on every qubit, then CZ on alternating pairs of neighbours. */
function brick(qubits: number): Circuit {
  const angle = angles(mulberry32(1));
  const circuit = new Circuit(qubits);
  for (let layer = 0; layer < 20; layer++) {
    for (let qubit = 0; qubit < qubits; qubit++) circuit.u(angle(), angle(), angle(), qubit);
    for (let qubit = layer & 1; qubit + 1 < qubits; qubit += 2) circuit.cz(qubit, qubit + 1);
  }
  return circuit;
}

/** A layer of H, then 4 times RZZ around the ring and RX on every qubit. */
function qaoa(qubits: number): Circuit {
  const angle = angles(mulberry32(2));
  const circuit = new Circuit(qubits);
  for (let qubit = 0; qubit < qubits; qubit++) circuit.h(qubit);
  for (let layer = 0; layer < 4; layer++) {
    for (let qubit = 0; qubit < qubits; qubit++) {
      circuit.rzz(angle(), qubit, (qubit + 1) % qubits);
    }
    for (let qubit = 0; qubit < qubits; qubit++) circuit.rx(angle(), qubit);
  }
  return circuit;
}

/** 10 times RY and RZ on every qubit and a chain of CNOTs from the first to the last. */
function hea(qubits: number): Circuit {
  const angle = angles(mulberry32(3));
  const circuit = new Circuit(qubits);
  for (let layer = 0; layer < 10; layer++) {
    for (let qubit = 0; qubit < qubits; qubit++) circuit.ry(angle(), qubit).rz(angle(), qubit);
    for (let qubit = 0; qubit + 1 < qubits; qubit++) circuit.cx(qubit, qubit + 1);
  }
  return circuit;
}

/** Uniform in [0, 2π). */
function angles(random: RandomSource): () => number {
  return () => 2 * Math.PI * random.next();
}
