import { type Channel, krausChannel } from './channels.ts';

/** How far K†K may be from a multiple of the identity for K to count as one of a unitary. */
const TOLERANCE = 1e-12;

/** A channel, checked, in the forms in which the back ends apply it. */
export interface PreparedChannel {
  readonly qubits: number;
  readonly kraus: readonly Float64Array[];
  /**
   * Σ K ⊗ K*, row-major interleaved, of dimension 4^qubits: its low index bits are those of the
   * column of ρ, its high ones those of the row.
   */
  readonly superoperator: Float64Array;
  /** The probability of each Kraus operator when no state changes it: a mixture of unitaries. */
  readonly weights: Float64Array | undefined;
  /** Which Kraus operators are multiples of the identity, so that nothing is to be done. */
  readonly idle: readonly boolean[];
}

/** @throws {SimulatorError} as `krausChannel` */
export function prepared(channel: Channel): PreparedChannel {
  const { qubits, kraus } = krausChannel(channel.kraus);
  const dimension = 1 << qubits;
  const weights = Float64Array.from(kraus, (operator) => unitaryWeight(operator, dimension));
  return {
    qubits,
    kraus,
    superoperator: superoperatorOf(kraus, dimension),
    weights: weights.every((weight) => weight >= 0) ? weights : undefined,
    idle: kraus.map((operator) => isScalar(operator, dimension)),
  };
}

function superoperatorOf(kraus: readonly Float64Array[], dimension: number): Float64Array {
  const size = dimension * dimension;
  const sum = new Float64Array(2 * size * size);
  for (const operator of kraus) {
    for (let to = 0; to < size; to++) {
      const [row, column] = [Math.floor(to / dimension), to % dimension];
      for (let from = 0; from < size; from++) {
        const a = 2 * (row * dimension + Math.floor(from / dimension));
        const b = 2 * (column * dimension + (from % dimension));
        const at = 2 * (to * size + from);
        sum[at] += operator[a] * operator[b] + operator[a + 1] * operator[b + 1];
        sum[at + 1] += operator[a + 1] * operator[b] - operator[a] * operator[b + 1];
      }
    }
  }
  return sum;
}

/** w where K†K = w, −1 where it is no multiple of the identity. */
function unitaryWeight(operator: Float64Array, dimension: number): number {
  let weight = 0;
  for (let a = 0; a < dimension; a++) {
    for (let b = 0; b < dimension; b++) {
      let re = 0;
      let im = 0;
      for (let row = 0; row < dimension; row++) {
        const i = 2 * (row * dimension + a);
        const j = 2 * (row * dimension + b);
        re += operator[i] * operator[j] + operator[i + 1] * operator[j + 1];
        im += operator[i] * operator[j + 1] - operator[i + 1] * operator[j];
      }
      if (a === 0 && b === 0) weight = re;
      const due = a === b ? weight : 0;
      if (!(Math.abs(re - due) <= TOLERANCE && Math.abs(im) <= TOLERANCE)) return -1;
    }
  }
  return weight;
}

function isScalar(operator: Float64Array, dimension: number): boolean {
  return operator.every((x, index) => {
    const entry = index >> 1;
    return x === (entry % (dimension + 1) === 0 ? operator[index & 1] : 0);
  });
}
