import { cos, sin } from '../elementary.ts';
import { fillOffsets } from '../qubits.ts';
import { type Linear, valueOf } from './linear.ts';
import type { Step } from './step.ts';

/**
 * The numbers of a matrix or a table, interleaved, as if its qubits had been listed in ascending
 * order: steps on the same qubits then need the same code.
 */
export function entriesOf(
  step: Extract<Step, { kind: 'matrix' | 'table' }>,
  parameters: ArrayLike<number>,
): Float64Array {
  const places = sortedPlaces(step.qubits);
  const size = places.length;
  if (step.kind === 'matrix') {
    const sorted = new Float64Array(2 * size * size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const from = 2 * (row * size + column);
        const to = 2 * (places[row] * size + places[column]);
        sorted[to] = step.matrix[from];
        sorted[to + 1] = step.matrix[from + 1];
      }
    }
    return sorted;
  }
  const { entries } = step;
  const sorted = new Float64Array(2 * size);
  for (let m = 0; m < size; m++) {
    const to = 2 * places[m];
    if (entries instanceof Float64Array) {
      sorted[to] = entries[2 * m];
      sorted[to + 1] = entries[2 * m + 1];
    } else {
      const angle = valueOf(entries[m], parameters);
      sorted[to] = cos(angle);
      sorted[to + 1] = sin(angle);
    }
  }
  return sorted;
}

/** The same of angles: one for each reading of the qubits, as if in ascending order. */
export function sortedAngles(qubits: readonly number[], angles: readonly Linear[]): Linear[] {
  const sorted = [...angles];
  sortedPlaces(qubits).forEach((place, m) => {
    sorted[place] = angles[m];
  });
  return sorted;
}

/** For each reading of qubits as they are listed the reading of them in ascending order. */
function sortedPlaces(qubits: readonly number[]): Int32Array {
  const places = new Int32Array(1 << qubits.length);
  fillOffsets(
    qubits.map((qubit) => qubits.filter((other) => other < qubit).length),
    places,
  );
  return places;
}

/** Whether a matrix has no imaginary parts, so that it works on each part by itself. */
export function isReal(matrix: Float64Array): boolean {
  return matrix.every((value, i) => i % 2 === 0 || value === 0);
}
