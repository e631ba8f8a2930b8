import { StateVector } from '@sema/simulator';

const INDEX_BYTES = 4;
const AMPLITUDE_BYTES = 16;

/**
 * A state put away: its occupied amplitudes with their indices where that takes less than all of
 * them, and every bit as it was. An amplitude is unoccupied only when it is +0 + 0i, without sign.
 */
export interface ParkedState {
  readonly qubits: number;
  /** Of the occupied amplitudes, ascending; undefined when all are kept. */
  readonly indices: Uint32Array | undefined;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  readonly bytes: number;
}

/** Takes over the state's arrays where all amplitudes are kept. O(2^n). */
export function parked(state: StateVector): ParkedState {
  const { qubits, real, imaginary, dimension } = state;
  let occupied = 0;
  for (let i = 0; i < dimension; i++) if (isOccupied(real[i], imaginary[i])) occupied += 1;
  const sparseBytes = occupied * (AMPLITUDE_BYTES + INDEX_BYTES);
  const denseBytes = dimension * AMPLITUDE_BYTES;
  if (sparseBytes >= denseBytes) {
    return { qubits, indices: undefined, real, imaginary, bytes: denseBytes };
  }
  const indices = new Uint32Array(occupied);
  for (let i = 0, next = 0; i < dimension; i++) {
    if (isOccupied(real[i], imaginary[i])) indices[next++] = i;
  }
  const pick = (part: Float64Array) => Float64Array.from(indices, (index) => part[index]);
  return { qubits, indices, real: pick(real), imaginary: pick(imaginary), bytes: sparseBytes };
}

/** The state that was parked, bit for bit. O(2^n). */
export function unparked({ qubits, indices, real, imaginary }: ParkedState): StateVector {
  const state = new StateVector(qubits);
  if (indices === undefined) {
    state.real.set(real);
    state.imaginary.set(imaginary);
    return state;
  }
  state.real[0] = 0;
  indices.forEach((index, k) => {
    state.real[index] = real[k];
    state.imaginary[index] = imaginary[k];
  });
  return state;
}

/** Whether a state is |0⟩ to the last bit, as a fresh qubit is. */
export function isFresh({ qubits, indices, real, imaginary }: ParkedState): boolean {
  if (qubits !== 1 || indices?.length !== 1 || indices[0] !== 0) return false;
  return real[0] === 1 && Object.is(imaginary[0], 0);
}

function isOccupied(re: number, im: number): boolean {
  return !(Object.is(re, 0) && Object.is(im, 0));
}
