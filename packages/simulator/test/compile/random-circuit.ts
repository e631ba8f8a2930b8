import {
  type Angle,
  Circuit,
  type GateName,
  GATES,
  mulberry32,
  type RandomSource,
  StateVector,
} from '@sema/simulator';
import { cos, sin } from '@sema/simulator/elementary';

const NAMES = Object.keys(GATES) as GateName[]; // GATES is a record by gate name

export interface RandomCircuitOptions {
  readonly qubits: number;
  readonly operations: number;
  readonly seed: number;
  /** Whether to measure, reset and condition as well. */
  readonly measures?: boolean;
}

function signed(random: RandomSource): number {
  return 2 * random.next() - 1;
}

/** Distinct qubits in random order. */
function shuffled(qubits: number, random: RandomSource): number[] {
  const list = Array.from({ length: qubits }, (_, qubit) => qubit);
  for (let i = qubits - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** A unitary from random rotations of pairs of rows, interleaved re/im; a third have no im. */
export function randomUnitary(qubits: number, random: RandomSource): Float64Array {
  const size = 1 << qubits;
  const matrix = new Float64Array(2 * size * size);
  const isReal = random.next() < 1 / 3;
  for (let i = 0; i < size; i++) matrix[2 * i * (size + 1)] = 1;
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      const [theta, phi] = [4 * signed(random), isReal ? 0 : 4 * signed(random)];
      const [c, sr, si] = [cos(theta), sin(theta) * cos(phi), sin(theta) * sin(phi)];
      for (let k = 0; k < size; k++) {
        const [p, q] = [2 * (a * size + k), 2 * (b * size + k)];
        const [ar, ai, br, bi] = [matrix[p], matrix[p + 1], matrix[q], matrix[q + 1]];
        matrix[p] = c * ar - (sr * br - si * bi);
        matrix[p + 1] = c * ai - (sr * bi + si * br);
        matrix[q] = c * br + (sr * ar + si * ai);
        matrix[q + 1] = c * bi + (sr * ai - si * ar);
      }
    }
  }
  return matrix;
}

function randomPhases(qubits: number, random: RandomSource): Float64Array {
  const angles = Array.from({ length: 1 << qubits }, () => 4 * signed(random));
  return Float64Array.from(angles.flatMap((angle) => [cos(angle), sin(angle)]));
}

export function randomState(qubits: number, seed: number): StateVector {
  const random = mulberry32(seed);
  const real = Float64Array.from({ length: 1 << qubits }, () => signed(random));
  const imaginary = real.map(() => signed(random));
  const norm = Math.sqrt(real.reduce((sum, x, i) => sum + x * x + imaginary[i] * imaginary[i], 0));
  return StateVector.from(
    real.map((x) => x / norm),
    imaginary.map((x) => x / norm),
  );
}

/** A circuit of all gates and kinds of operation, about a third of its angles parameters. */
export function randomCircuit(options: RandomCircuitOptions): Circuit {
  const random = mulberry32(options.seed);
  const circuit = new Circuit(options.qubits, { bits: 3 });
  for (let i = 0; i < options.operations; i++) addOperation(circuit, random);
  if (options.measures === true) {
    for (let i = 0; i < 3; i++) {
      const [a, b] = [...shuffled(options.qubits, random), 0];
      circuit.measure(a, i).when([i], 1, (body) => {
        addOperation(body, random);
      });
      for (let k = 0; k < options.operations / 3; k++) addOperation(circuit, random);
      circuit.reset(b);
    }
  }
  return circuit;
}

/** A circuit of all gates and kinds of unitary operation, without bits. */
export function randomUnitaries(qubits: number, operations: number, seed: number): Circuit {
  const random = mulberry32(seed);
  const circuit = new Circuit(qubits);
  for (let i = 0; i < operations; i++) addOperation(circuit, random);
  return circuit;
}

function addOperation(circuit: Circuit, random: RandomSource): void {
  const below = (limit: number) => Math.floor(random.next() * limit);
  const angle = (): Angle => {
    const choice = below(6);
    if (choice === 0) return (below(9) - 4) * (Math.PI / 2);
    if (choice < 3) return circuit.parameter(`p${below(4)}`);
    return 7 * signed(random);
  };
  const list = shuffled(circuit.qubits, random);
  const names = NAMES.filter((name) => GATES[name].qubits <= list.length);
  const gate = GATES[names[below(names.length)]];
  const most = below(4) === 0 ? 10 : 5;
  const some = list.slice(0, 1 + below(Math.min(most, list.length)));
  const few = some.slice(0, 3);
  const [target, ...controls] = some;
  const selected = Array.from({ length: 1 << controls.length }, angle);
  switch (below(12)) {
    case 0: {
      const free = list.slice(gate.qubits, gate.qubits + below(5));
      const angles = Array.from({ length: gate.parameters }, angle);
      circuit.controlled(gate.name, free, list.slice(0, gate.qubits), angles);
      break;
    }
    case 1:
      circuit.unitary(randomUnitary(few.length, random), few);
      break;
    case 2:
      circuit.diagonal(randomPhases(some.length, random), some);
      break;
    case 3:
      circuit.multiplexedRx(selected, controls, target);
      break;
    case 4:
      circuit.multiplexedRy(selected, controls, target);
      break;
    case 5:
      circuit.multiplexedRz(selected, controls, target);
      break;
    case 6:
      circuit.barrier(...few);
      break;
    default: {
      const angles = Array.from({ length: gate.parameters }, angle);
      circuit.gate(gate.name, list.slice(0, gate.qubits), angles);
    }
  }
}

/** The largest difference between parts of two states. */
export function distance(
  a: { readonly real: ArrayLike<number>; readonly imaginary: ArrayLike<number> },
  b: { readonly real: ArrayLike<number>; readonly imaginary: ArrayLike<number> },
): number {
  let largest = 0;
  for (let i = 0; i < a.real.length; i++) {
    const difference = Math.max(
      Math.abs(a.real[i] - b.real[i]),
      Math.abs(a.imaginary[i] - b.imaginary[i]),
    );
    // Not a maximum alone: that would lose a NaN.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
