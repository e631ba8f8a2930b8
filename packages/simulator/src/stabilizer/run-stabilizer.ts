import { type Angle, radians } from '../angle.ts';
import { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import type { RandomSource } from '../random.ts';
import { run } from '../run.ts';
import { StateVector } from '../state-vector.ts';
import type { CliffordMap } from './clifford-map.ts';
import { cliffordOfMatrix } from './clifford-of-matrix.ts';
import type { StabilizerState } from './stabilizer-state.ts';

/** Gates on more qubits are not looked into. */
const MAX_GATE_QUBITS = 8;

type Unitary = Extract<
  Operation,
  { readonly kind: 'gate' | 'unitary' | 'diagonal' | 'multiplexed' }
>;

/**
 * Applies a circuit to a stabilizer state in place; classical bits start at 0. Any gate whose
 * matrix is Clifford within 1e-9 an entry will do: RZ(π/2) and a unitary matrix as well as H. With
 * equal random numbers the bits are those of `run` on a state vector.
 *
 * @param options - `parameters`: one finite number for each of circuit.parameters. `random`: draws
 *   one number a measurement or reset.
 * @returns the classical bits at the end, 0 or 1 each.
 * @throws {SimulatorError} `NOT_CLIFFORD`, naming the gate, when one is not Clifford or acts on
 *   more than 8 qubits; `QUBIT_COUNT_MISMATCH`, `UNBOUND_PARAMETERS`, `INVALID_ANGLE`,
 *   `RANDOM_OUT_OF_RANGE`. Operations before the failing one have then been applied.
 */
export function runStabilizer(
  circuit: Circuit,
  state: StabilizerState,
  options: { readonly parameters?: ArrayLike<number>; readonly random: RandomSource },
): { bits: Uint8Array } {
  const { parameters = [], random } = options;
  if (circuit.qubits !== state.qubits) {
    throw new SimulatorError(
      'QUBIT_COUNT_MISMATCH',
      `a circuit of ${circuit.qubits} qubits does not fit a state of ${state.qubits}`,
    );
  }
  if (parameters.length !== circuit.parameters.length) {
    throw new SimulatorError(
      'UNBOUND_PARAMETERS',
      `${parameters.length} values for the ${circuit.parameters.length} parameters of the circuit`,
    );
  }
  const bits = new Uint8Array(circuit.bits);
  const known = new Map<string, CliffordMap>();
  applyAll(circuit.operations, { state, parameters, random, bits, known });
  return { bits };
}

interface Execution {
  readonly state: StabilizerState;
  readonly parameters: ArrayLike<number>;
  readonly random: RandomSource;
  readonly bits: Uint8Array;
  /** Named gates met so far, by name, shape and angles. */
  readonly known: Map<string, CliffordMap>;
}

function applyAll(operations: readonly Operation[], execution: Execution): void {
  const { state, random, bits } = execution;
  for (const operation of operations) {
    switch (operation.kind) {
      case 'measure':
        bits[operation.bit] = state.measure(operation.qubit, random);
        break;
      case 'reset':
        state.reset(operation.qubit, random);
        break;
      case 'barrier':
        break;
      case 'conditional': {
        const holds = operation.bits.every(
          (bit, index) => bits[bit] === ((operation.value >>> index) & 1),
        );
        if (holds) applyAll(operation.operations, execution);
        break;
      }
      default:
        state.apply(cliffordOf(operation, execution), qubitsOf(operation));
    }
  }
}

function qubitsOf(operation: Unitary): readonly number[] {
  switch (operation.kind) {
    case 'gate':
      return [...operation.controls, ...operation.targets];
    case 'multiplexed':
      return [...operation.controls, operation.target];
    default:
      return operation.qubits;
  }
}

function cliffordOf(operation: Unitary, { parameters, known }: Execution): CliffordMap {
  const qubits = qubitsOf(operation).length;
  if (operation.kind !== 'gate') return looked(operation, qubits, parameters);
  const angles = operation.angles.map((angle) => radians(angle, parameters));
  const key = `${operation.gate} ${operation.controls.length} ${angles.join(' ')}`;
  const found = known.get(key) ?? looked(operation, qubits, parameters);
  known.set(key, found);
  return found;
}

function looked(operation: Unitary, qubits: number, parameters: ArrayLike<number>): CliffordMap {
  const name = nameOf(operation, parameters);
  if (qubits > MAX_GATE_QUBITS) {
    throw new SimulatorError(
      'NOT_CLIFFORD',
      `${name} acts on ${qubits} qubits; at most ${MAX_GATE_QUBITS} are looked into`,
    );
  }
  const map = cliffordOfMatrix(matrixOf(operation, qubits, parameters), qubits);
  if (map === undefined) {
    throw new SimulatorError('NOT_CLIFFORD', `${name} is not a Clifford gate`);
  }
  return map;
}

function nameOf(operation: Unitary, parameters: ArrayLike<number>): string {
  if (operation.kind === 'multiplexed') return `multiplexedR${operation.axis}`;
  if (operation.kind !== 'gate') return `a ${operation.kind}`;
  const angles = operation.angles.map((angle) => String(radians(angle, parameters)));
  const name = `${'c'.repeat(operation.controls.length)}${operation.gate}`;
  return angles.length === 0 ? name : `${name}(${angles.join(', ')})`;
}

/**
 * The operation's matrix on its own qubits: column c is what it makes of basis state c, so it runs
 * once on the low half of a register that holds every c beside its copy.
 */
function matrixOf(operation: Unitary, qubits: number, parameters: ArrayLike<number>): Float64Array {
  const dimension = 1 << qubits;
  const scale = Math.sqrt(dimension);
  const diagonal = new Float64Array(dimension * dimension);
  for (let c = 0; c < dimension; c++) diagonal[c * dimension + c] = 1 / scale;
  using state = StateVector.from(diagonal);
  run(alone(operation, 2 * qubits, parameters), state);
  const matrix = new Float64Array(2 * dimension * dimension);
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < dimension; column++) {
      const to = 2 * (row * dimension + column);
      matrix[to] = state.real[column * dimension + row] * scale;
      matrix[to + 1] = state.imaginary[column * dimension + row] * scale;
    }
  }
  return matrix;
}

/** A circuit of this operation only, on the first qubits in order. */
function alone(operation: Unitary, qubits: number, parameters: ArrayLike<number>): Circuit {
  const circuit = new Circuit(qubits);
  const places = qubitsOf(operation).map((_, index) => index);
  const fixed = (angles: readonly Angle[]) => angles.map((angle) => radians(angle, parameters));
  switch (operation.kind) {
    case 'gate': {
      const { gate, controls, angles } = operation;
      const split = controls.length;
      return circuit.controlled(gate, places.slice(0, split), places.slice(split), fixed(angles));
    }
    case 'unitary':
      return circuit.unitary(operation.matrix, places);
    case 'diagonal':
      return circuit.diagonal(operation.entries, places);
    case 'multiplexed': {
      const angles = fixed(operation.angles);
      const controls = places.slice(0, -1);
      const target = places.length - 1;
      if (operation.axis === 'x') return circuit.multiplexedRx(angles, controls, target);
      if (operation.axis === 'y') return circuit.multiplexedRy(angles, controls, target);
      return circuit.multiplexedRz(angles, controls, target);
    }
  }
}
