import { bitAt, clearRow, copyRow, multiplyInto, type PauliRows, pauliRows } from './pauli-rows.ts';

/**
 * The stabilizers U Z_k U† of U|0…0⟩ in reduced echelon form, from the tableau whose row q is
 * U† X_q U and whose row n + q is U† Z_q U.
 */
export function canonicalStabilizers(tableau: PauliRows, qubits: number): string[] {
  const generators = pauliRows(qubits + 1, qubits);
  for (let k = 0; k < qubits; k++) writeStabilizer(tableau, qubits, generators, k);
  let done = eliminate(generators, qubits, 0, generators.x);
  done = eliminate(generators, qubits, done, generators.z);
  return Array.from({ length: done }, (_, row) => textOf(generators, row));
}

/** U Z_k U† has X at q where U† Z_q U anticommutes with Z_k, and Z where U† X_q U does. */
function writeStabilizer(tableau: PauliRows, qubits: number, out: PauliRows, k: number): void {
  const { width } = tableau;
  const start = k * width;
  const product = pauliRows(1, qubits);
  let quarterTurns = 0;
  for (let q = 0; q < qubits; q++) {
    const hasX = bitAt(tableau.x, (qubits + q) * width, k);
    const hasZ = bitAt(tableau.x, q * width, k);
    if (hasX === 1) {
      out.x[start + (q >>> 5)] |= 1 << (q & 31);
      quarterTurns += multiplyInto(product, 0, tableau, q);
    }
    if (hasZ === 1) {
      out.z[start + (q >>> 5)] |= 1 << (q & 31);
      quarterTurns += multiplyInto(product, 0, tableau, qubits + q);
    }
    quarterTurns += hasX & hasZ;
  }
  // U† of the unsigned product is ±Z_k; its sign is that of the stabilizer.
  out.signs[k] = (quarterTurns >> 1) & 1;
}

/** Reduces the rows from `first` on by their bits in `bits`; gives the first row without any. */
function eliminate(rows: PauliRows, qubits: number, first: number, bits: Uint32Array): number {
  const { width } = rows;
  let next = first;
  for (let column = 0; column < qubits && next < qubits; column++) {
    let pivot = next;
    while (pivot < qubits && bitAt(bits, pivot * width, column) === 0) pivot++;
    if (pivot === qubits) continue;
    swapRows(rows, qubits, pivot, next);
    for (let row = 0; row < qubits; row++) {
      if (row === next || bitAt(bits, row * width, column) === 0) continue;
      rows.signs[row] = multiplyInto(rows, row, rows, next) >> 1;
    }
    next++;
  }
  return next;
}

/** The row after the last serves as the place in between. */
function swapRows(rows: PauliRows, spare: number, a: number, b: number): void {
  if (a === b) return;
  copyRow(rows, a, rows, spare);
  copyRow(rows, b, rows, a);
  copyRow(rows, spare, rows, b);
  clearRow(rows, spare);
}

function textOf(rows: PauliRows, row: number): string {
  let text = rows.signs[row] === 1 ? '-' : '+';
  for (let q = 0; q < rows.columns; q++) {
    const start = row * rows.width;
    text += 'IXZY'[bitAt(rows.x, start, q) + 2 * bitAt(rows.z, start, q)];
  }
  return text;
}
