import fc from 'fast-check';
import {
  Circuit,
  type GateName,
  GATES,
  mulberry32,
  type RandomSource,
  StateVector,
} from '@sema/simulator';

const NAMES = Object.keys(GATES) as GateName[]; // GATES is a record by gate name
const MORE = ['controlled', 'unitary', 'diagonal', 'rx', 'ry', 'rz', 'barrier'] as const;

/** One step of a random circuit; unused fields are ignored, so that every step is valid. */
interface Step {
  readonly choice: number;
  readonly order: readonly number[];
  readonly seed: number;
}

function signed(random: RandomSource): number {
  return 2 * random.next() - 1;
}

/** A unitary on `qubits` qubits, interleaved re/im: random columns made orthonormal. */
export function randomUnitary(qubits: number, random: RandomSource): Float64Array {
  const size = 1 << qubits;
  const matrix = Float64Array.from({ length: 2 * size * size }, () => signed(random));
  const at = (row: number, column: number) => 2 * (row * size + column);
  for (let column = 0; column < size; column++) {
    for (let earlier = 0; earlier <= column; earlier++) {
      let re = 0;
      let im = 0;
      for (let row = 0; row < size; row++) {
        const [a, b] = [at(row, earlier), at(row, column)];
        re += matrix[a] * matrix[b] + matrix[a + 1] * matrix[b + 1];
        im += matrix[a] * matrix[b + 1] - matrix[a + 1] * matrix[b];
      }
      for (let row = 0; row < size; row++) {
        const [a, b] = [at(row, earlier), at(row, column)];
        if (earlier === column) {
          matrix[b] /= Math.sqrt(re);
          matrix[b + 1] /= Math.sqrt(re);
          continue;
        }
        const [x, y] = [matrix[a], matrix[a + 1]];
        matrix[b] -= re * x - im * y;
        matrix[b + 1] -= re * y + im * x;
      }
    }
  }
  return matrix;
}

/** Phases of 2^qubits entries, interleaved re/im. */
function randomPhases(qubits: number, random: RandomSource): Float64Array {
  const entries = new Float64Array(2 << qubits);
  for (let m = 0; m < 1 << qubits; m++) {
    const angle = 4 * signed(random);
    entries[2 * m] = Math.cos(angle);
    entries[2 * m + 1] = Math.sin(angle);
  }
  return entries;
}

export function randomState(qubits: number, random: RandomSource): StateVector {
  const real = Float64Array.from({ length: 1 << qubits }, () => signed(random));
  const imaginary = Float64Array.from(real, () => signed(random));
  const norm = Math.sqrt(real.reduce((sum, x, i) => sum + x * x + imaginary[i] ** 2, 0));
  return StateVector.from(
    real.map((x) => x / norm),
    imaginary.map((x) => x / norm),
  );
}

/** Adds one step on the circuit's qubits, in the order the step gives them. */
function addStep(circuit: Circuit, { choice, order, seed }: Step): void {
  const random = mulberry32(seed);
  const angle = () => 7 * signed(random);
  const list = order.filter((qubit) => qubit < circuit.qubits);
  const names = NAMES.filter((name) => GATES[name].qubits <= list.length);
  const pick = choice % (names.length + MORE.length);
  if (pick < names.length) {
    const gate = GATES[names[pick]];
    const angles = Array.from({ length: gate.parameters }, angle);
    circuit.gate(gate.name, list.slice(0, gate.qubits), angles);
    return;
  }
  const some = list.slice(0, 1 + (seed % Math.min(3, list.length)));
  const [target, ...controls] = list.slice(0, 1 + (seed % list.length));
  const angles = Array.from({ length: 1 << controls.length }, angle);
  switch (MORE[pick - names.length]) {
    case 'controlled': {
      const gate = GATES[names[seed % names.length]];
      const free = list.slice(gate.qubits, gate.qubits + (seed % 4));
      const own = Array.from({ length: gate.parameters }, angle);
      circuit.controlled(gate.name, free, list.slice(0, gate.qubits), own);
      break;
    }
    case 'unitary':
      circuit.unitary(randomUnitary(some.length, random), some);
      break;
    case 'diagonal':
      circuit.diagonal(randomPhases(some.length, random), some);
      break;
    case 'rx':
      circuit.multiplexedRx(angles, controls, target);
      break;
    case 'ry':
      circuit.multiplexedRy(angles, controls, target);
      break;
    case 'rz':
      circuit.multiplexedRz(angles, controls, target);
      break;
    case 'barrier':
      circuit.barrier(...some);
      break;
  }
}

/** Circuits of every unitary operation, with a random state to run them on. */
export function circuitAndState(
  maxQubits: number,
  maxSteps: number,
): fc.Arbitrary<{ circuit: Circuit; state: StateVector }> {
  const six = [0, 1, 2, 3, 4, 5];
  const step = fc.record({
    choice: fc.nat({ max: 10_000 }),
    order: fc.shuffledSubarray(six, { minLength: 6 }),
    seed: fc.nat(),
  });
  return fc
    .record({
      qubits: fc.integer({ min: 1, max: maxQubits }),
      steps: fc.array(step, { maxLength: maxSteps }),
      seed: fc.nat(),
    })
    .map(({ qubits, steps, seed }) => {
      const circuit = new Circuit(qubits);
      for (const each of steps) addStep(circuit, each);
      return { circuit, state: randomState(qubits, mulberry32(seed)) };
    });
}
