import { exp, expm1 } from '../elementary.ts';
import { SimulatorError } from '../errors.ts';

/** The most qubits of one channel; its superoperator has 16^qubits entries. */
const MAX_CHANNEL_QUBITS = 3;
/** How far ΣK†K may be from the identity in any entry; operators typed with 10 digits pass. */
const TOLERANCE = 1e-9;

/**
 * A physical process on `qubits` qubits: ρ → Σ KρK†, with ΣK†K = 1, so that it keeps the trace.
 * Each Kraus operator is row-major interleaved re/im, 2·4^qubits numbers; the first qubit is the
 * low index bit.
 *
 * @see Nielsen & Chuang (2010), §8.2–8.3
 */
export interface Channel {
  readonly qubits: number;
  readonly kraus: readonly Float64Array[];
}

/**
 * The channel of given Kraus operators, which are copied and used as given. At most 4^qubits are
 * needed by any channel and allowed here. O(operators · 8^qubits).
 *
 * @param operators - each row-major interleaved re/im, all of one length 2·4^k, 1 ≤ k ≤ 3.
 * @throws {SimulatorError} `WRONG_LENGTH`, `NOT_FINITE`, `NOT_COMPLETE` when an entry of ΣK†K − 1
 *   is beyond 1e-9
 */
export function krausChannel(operators: readonly ArrayLike<number>[]): Channel {
  const length = operators[0]?.length ?? 0;
  const qubits = [1, 2, 3].find((k) => 2 << (2 * k) === length);
  if (qubits === undefined) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${length} numbers are no operator on 1 to ${MAX_CHANNEL_QUBITS} qubits`,
    );
  }
  if (operators.length > 1 << (2 * qubits)) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${operators.length} Kraus operators are more than the ${1 << (2 * qubits)} ever needed`,
    );
  }
  const kraus = Array.from(operators, (operator) => finiteCopy(operator, length));
  checkComplete(kraus, 1 << qubits);
  return { qubits, kraus };
}

function finiteCopy(values: ArrayLike<number>, length: number): Float64Array {
  if (values.length !== length) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `Kraus operators of ${length} and ${values.length} numbers do not go together`,
    );
  }
  const copy = Float64Array.from(values);
  const bad = copy.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new SimulatorError('NOT_FINITE', `number ${bad} is ${copy[bad]}`);
  return copy;
}

function checkComplete(kraus: readonly Float64Array[], dimension: number): void {
  for (let a = 0; a < dimension; a++) {
    for (let b = a; b < dimension; b++) {
      let re = a === b ? -1 : 0;
      let im = 0;
      for (const operator of kraus) {
        for (let row = 0; row < dimension; row++) {
          const i = 2 * (row * dimension + a);
          const j = 2 * (row * dimension + b);
          re += operator[i] * operator[j] + operator[i + 1] * operator[j + 1];
          im += operator[i] * operator[j + 1] - operator[i + 1] * operator[j];
        }
      }
      if (!(Math.abs(re) <= TOLERANCE && Math.abs(im) <= TOLERANCE)) {
        throw new SimulatorError(
          'NOT_COMPLETE',
          `entry (${a}, ${b}) of ΣK†K − 1 is ${re} + ${im}i, beyond ${TOLERANCE}`,
        );
      }
    }
  }
}

/** The Pauli matrices I, X, Y, Z, interleaved. */
const PAULIS = [
  [1, 0, 0, 0, 0, 0, 1, 0],
  [0, 0, 1, 0, 1, 0, 0, 0],
  [0, 0, 0, -1, 0, 1, 0, 0],
  [1, 0, 0, 0, 0, 0, -1, 0],
] as const;

/**
 * A random Pauli: X, Y and Z with these probabilities, none otherwise.
 *
 * @throws {SimulatorError} `INVALID_PROBABILITY` when one is outside [0, 1], or their sum is
 */
export function pauliChannel(x: number, y: number, z: number): Channel {
  for (const probability of [x, y, z, x + y + z]) checkProbability(probability);
  return mixture([1 - (x + y + z), x, y, z], (index) => Float64Array.from(PAULIS[index]));
}

/** X with the given probability. @throws {SimulatorError} `INVALID_PROBABILITY` */
export function bitFlip(probability: number): Channel {
  return pauliChannel(probability, 0, 0);
}

/** Z with the given probability. @throws {SimulatorError} `INVALID_PROBABILITY` */
export function phaseFlip(probability: number): Channel {
  return pauliChannel(0, 0, probability);
}

/**
 * With the given probability one of the 4^qubits − 1 Pauli products other than the identity, each
 * as likely. All is lost, ρ → 1/2^qubits, at the probability 1 − 4^−qubits.
 *
 * @param qubits - 1, 2 or 3; 1 when absent.
 * @throws {SimulatorError} `INVALID_PROBABILITY`, `INVALID_QUBIT_COUNT`
 */
export function depolarizing(probability: number, qubits = 1): Channel {
  checkProbability(probability);
  if (!(qubits === 1 || qubits === 2 || qubits === 3)) {
    throw new SimulatorError(
      'INVALID_QUBIT_COUNT',
      `a channel on ${qubits} qubits is not on 1 to ${MAX_CHANNEL_QUBITS}`,
    );
  }
  const count = 1 << (2 * qubits);
  const share = probability / (count - 1);
  const weights = Array.from({ length: count }, (_, k) => (k === 0 ? 1 - probability : share));
  return mixture(weights, (index) => pauliProduct(index, qubits));
}

/** The product of Paulis that has digit q of `index` in base 4 on qubit q. */
function pauliProduct(index: number, qubits: number): Float64Array {
  const dimension = 1 << qubits;
  const matrix = new Float64Array(2 * dimension * dimension);
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < dimension; column++) {
      let re = 1;
      let im = 0;
      for (let q = 0; q < qubits; q++) {
        const pauli = PAULIS[(index >> (2 * q)) & 3];
        const at = 4 * ((row >> q) & 1) + 2 * ((column >> q) & 1);
        [re, im] = [re * pauli[at] - im * pauli[at + 1], re * pauli[at + 1] + im * pauli[at]];
      }
      matrix[2 * (row * dimension + column)] = re;
      matrix[2 * (row * dimension + column) + 1] = im;
    }
  }
  return matrix;
}

/** The unitaries with the given probabilities; those that never happen are left out. */
function mixture(weights: readonly number[], unitary: (index: number) => Float64Array): Channel {
  const kraus: Float64Array[] = [];
  weights.forEach((weight, index) => {
    if (weight > 0) kraus.push(unitary(index).map((x) => Math.sqrt(weight) * x));
  });
  return krausChannel(kraus);
}

/**
 * Loss of energy: |1⟩ falls to |0⟩ with the given probability.
 *
 * @throws {SimulatorError} `INVALID_PROBABILITY`
 */
export function amplitudeDamping(probability: number): Channel {
  checkProbability(probability);
  return decay(probability, Math.sqrt(1 - probability));
}

/**
 * Loss of phase: with the given probability the environment learns that the qubit is |1⟩. Off the
 * diagonal ρ shrinks by √(1 − probability).
 *
 * @throws {SimulatorError} `INVALID_PROBABILITY`
 */
export function phaseDamping(probability: number): Channel {
  checkProbability(probability);
  return decay(0, Math.sqrt(1 - probability));
}

/**
 * What a qubit suffers in `time` at zero temperature: |1⟩ decays as e^(−time/t1), coherence as
 * e^(−time/t2).
 *
 * @param relaxation - all in one unit; t1 > 0 and t2 > 0, which may be Infinity; t2 ≤ 2·t1; time
 *   finite and not negative.
 * @throws {SimulatorError} `INVALID_TIME`
 */
export function thermalRelaxation(relaxation: {
  readonly t1: number;
  readonly t2: number;
  readonly time: number;
}): Channel {
  const { t1, t2, time } = relaxation;
  if (!(t1 > 0 && t2 > 0 && t2 <= 2 * t1)) {
    throw new SimulatorError('INVALID_TIME', `t1 = ${t1}, t2 = ${t2} break 0 < t2 ≤ 2·t1`);
  }
  if (!(time >= 0 && time < Infinity)) {
    throw new SimulatorError('INVALID_TIME', `time ${time} is not finite and at least 0`);
  }
  return decay(0 - expm1(-time / t1), exp(-time / t2));
}

/** |1⟩ falls with probability `fall`, and coherences shrink by `coherence` ≤ √(1 − fall). */
function decay(fall: number, coherence: number): Channel {
  // Where the coherence is as large as it can be, rounding may make this negative.
  const dephased = Math.max(0, 1 - fall - coherence * coherence);
  return krausChannel([
    [1, 0, 0, 0, 0, 0, coherence, 0],
    [0, 0, 0, 0, 0, 0, Math.sqrt(dephased), 0],
    [0, 0, Math.sqrt(fall), 0, 0, 0, 0, 0],
  ]);
}

/** @throws {SimulatorError} `INVALID_PROBABILITY` */
export function checkProbability(probability: number): void {
  if (!(probability >= 0 && probability <= 1)) {
    throw new SimulatorError('INVALID_PROBABILITY', `${probability} is not in [0, 1]`);
  }
}
