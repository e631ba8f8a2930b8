import { type CliffordMap, cliffordFromImages, type LocalPauli } from './clifford-map.ts';

/** Entries of a unitary this close count as equal: rounding of a few gates' angles is far below. */
const TOLERANCE = 1e-9;

/**
 * What a unitary does to Paulis, or undefined when it is not Clifford within 1e-9 an entry.
 * O(k·4^k) for k qubits.
 *
 * @param matrix - row-major interleaved re/im, 2·4^k numbers, qubit 0 the low bit of the index.
 * @param qubits - k, 1 to 8.
 */
export function cliffordOfMatrix(matrix: Float64Array, qubits: number): CliffordMap | undefined {
  const images: LocalPauli[] = [];
  for (let qubit = 0; qubit < qubits; qubit++) {
    const x = conjugated(matrix, qubits, { flips: 1 << qubit, signs: 0 });
    const z = conjugated(matrix, qubits, { flips: 0, signs: 1 << qubit });
    if (x === undefined || z === undefined) return undefined;
    images.push(x, z);
  }
  return cliffordFromImages(images);
}

/** One X (on `flips`) or Z (on `signs`). */
interface Generator {
  readonly flips: number;
  readonly signs: number;
}

/**
 * The Pauli Q with G·P = Q·G, if there is one. Row r of Q·G is q(r) times row r ⊕ x of G, where
 * q(r) = i^y · (−1)^(r·z) up to the sign of Q.
 */
function conjugated(
  matrix: Float64Array,
  qubits: number,
  generator: Generator,
): LocalPauli | undefined {
  const dimension = 1 << qubits;
  const x = matchingRow(matrix, dimension, generator);
  const first = rowFactor(matrix, dimension, generator, 0, x);
  let z = 0;
  for (let qubit = 0; qubit < qubits; qubit++) {
    const factor = rowFactor(matrix, dimension, generator, 1 << qubit, x);
    if (factor.re * first.re + factor.im * first.im < 0) z |= 1 << qubit;
  }
  for (const negative of [false, true]) {
    const candidate = { x, z, negative };
    if (isImage(matrix, dimension, generator, candidate)) return candidate;
  }
  return undefined;
}

/** The entry of G·P at a row and column, as the index of an entry of G and a sign. */
function source(dimension: number, { flips, signs }: Generator, row: number, column: number) {
  return { at: 2 * (row * dimension + (column ^ flips)), sign: isOdd(column & signs) ? -1 : 1 };
}

/** ⟨row `to` of G | row `from` of G·P⟩: the factor between them when they are parallel. */
function overlap(
  matrix: Float64Array,
  dimension: number,
  generator: Generator,
  from: number,
  to: number,
): { readonly re: number; readonly im: number } {
  let re = 0;
  let im = 0;
  for (let column = 0; column < dimension; column++) {
    const { at, sign } = source(dimension, generator, from, column);
    const b = 2 * (to * dimension + column);
    re += sign * (matrix[at] * matrix[b] + matrix[at + 1] * matrix[b + 1]);
    im += sign * (matrix[at + 1] * matrix[b] - matrix[at] * matrix[b + 1]);
  }
  return { re, im };
}

/** The row of G most parallel to row 0 of G·P. */
function matchingRow(matrix: Float64Array, dimension: number, generator: Generator): number {
  let best = 0;
  let bestWeight = -1;
  for (let row = 0; row < dimension; row++) {
    const { re, im } = overlap(matrix, dimension, generator, 0, row);
    const weight = re * re + im * im;
    if (weight > bestWeight) {
      best = row;
      bestWeight = weight;
    }
  }
  return best;
}

function rowFactor(
  matrix: Float64Array,
  dimension: number,
  generator: Generator,
  row: number,
  x: number,
): { readonly re: number; readonly im: number } {
  return overlap(matrix, dimension, generator, row, row ^ x);
}

/** Whether G·P = Q·G within the tolerance. */
function isImage(
  matrix: Float64Array,
  dimension: number,
  generator: Generator,
  { x, z, negative }: LocalPauli,
): boolean {
  // Row r of Q has its entry i^y · (−1)^((r ⊕ x)·z) in column r ⊕ x, y counting the Ys.
  let ys = 0;
  for (let both = x & z; both !== 0; both &= both - 1) ys++;
  for (let row = 0; row < dimension; row++) {
    const quarterTurns = (ys + (negative ? 2 : 0) + (isOdd((row ^ x) & z) ? 2 : 0)) & 3;
    for (let column = 0; column < dimension; column++) {
      const { at, sign } = source(dimension, generator, row, column);
      const b = 2 * ((row ^ x) * dimension + column);
      const [re, im] = turned(matrix[b], matrix[b + 1], quarterTurns);
      // Written so that NaN is no image.
      if (!(Math.abs(re - sign * matrix[at]) <= TOLERANCE)) return false;
      if (!(Math.abs(im - sign * matrix[at + 1]) <= TOLERANCE)) return false;
    }
  }
  return true;
}

/** A complex number times i^turns. */
function turned(re: number, im: number, turns: number): readonly [number, number] {
  switch (turns) {
    case 0:
      return [re, im];
    case 1:
      return [-im, re];
    case 2:
      return [-re, -im];
    default:
      return [im, -re];
  }
}

/** Whether a number below 2^8 has an odd number of set bits. */
function isOdd(bits: number): boolean {
  const folded = bits ^ (bits >>> 4);
  return ((0x6996 >>> (folded & 15)) & 1) === 1;
}
