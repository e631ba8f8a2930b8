import { cos, sin } from '@sema/simulator/elementary';

/**
 * Below this, a two-qubit minor counts as 0 against the products it is the difference of.
 * Rounding leaves about 1e-12 of them at 25 qubits. A wrong guess costs nothing: the caller tests
 * each block.
 */
const RELATIVE_MINOR = 1e-9;

interface Vector {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** A product bra's factor on one qubit, and the vector orthogonal to it. */
interface LocalBasis {
  readonly c: number;
  readonly sRe: number;
  readonly sIm: number;
}

/**
 * Guesses which qubits of a pure state stand in a product with which: lists of bit positions, each
 * ascending, ordered by their first. O(2^n), with a work space as large as the state.
 *
 * A pure state is entangled between two sets of qubits exactly when a generic product measurement
 * of all others leaves some pair across them entangled (Popescu & Rohrlich 1992). For fixed
 * generic product bras the pair's concurrence is a 2 × 2 minor; pairs with a minor other than 0
 * are linked, and the connected components are the blocks. An accidental 0 can only make the
 * guess too fine.
 */
export function productBlocks(state: Vector, qubits: number): number[][] {
  const { none, single, pair } = contract(state, qubits);
  const block = Array.from({ length: qubits }, (_, qubit) => qubit);
  for (let low = 0; low < qubits; low++) {
    for (let high = low + 1; high < qubits; high++) {
      if (block[low] === block[high]) continue;
      if (!isLinked(none, single[low], single[high], pair[low][high])) continue;
      const [kept, merged] = [block[low], block[high]];
      for (let qubit = 0; qubit < qubits; qubit++) if (block[qubit] === merged) block[qubit] = kept;
    }
  }
  const byName = new Map<number, number[]>();
  for (let qubit = 0; qubit < qubits; qubit++) {
    const members = byName.get(block[qubit]);
    if (members === undefined) byName.set(block[qubit], [qubit]);
    else members.push(qubit);
  }
  return [...byName.values()];
}

type Complex = readonly [re: number, im: number];

function isLinked(none: Complex, low: Complex, high: Complex, both: Complex): boolean {
  const re = none[0] * both[0] - none[1] * both[1] - (low[0] * high[0] - low[1] * high[1]);
  const im = none[0] * both[1] + none[1] * both[0] - (low[0] * high[1] + low[1] * high[0]);
  const scale = Math.sqrt(square(none) * square(both)) + Math.sqrt(square(low) * square(high));
  return Math.sqrt(re * re + im * im) > RELATIVE_MINOR * scale;
}

function square([re, im]: Complex): number {
  return re * re + im * im;
}

/**
 * A partly contracted state, and the qubits on which the orthogonal vector was taken: at most 2.
 */
interface Partial {
  readonly vector: Vector;
  readonly turned: readonly number[];
}

/** The amplitudes of the product bra with none, one and two of its factors turned. */
function contract(
  state: Vector,
  qubits: number,
): { none: Complex; single: Complex[]; pair: Complex[][] } {
  let partials: Partial[] = [{ vector: state, turned: [] }];
  for (let qubit = qubits - 1; qubit >= 0; qubit--) {
    const basis = localBasis(qubit);
    const next: Partial[] = [];
    for (const { vector, turned } of partials) {
      next.push({ vector: contractTop(vector, basis, false), turned });
      if (turned.length < 2) {
        next.push({ vector: contractTop(vector, basis, true), turned: [qubit, ...turned] });
      }
    }
    partials = next;
  }
  let none: Complex = [0, 0];
  const single: Complex[] = [];
  const pair: Complex[][] = Array.from({ length: qubits }, () => []);
  for (const { vector, turned } of partials) {
    const value: Complex = [vector.real[0], vector.imaginary[0]];
    if (turned.length === 0) none = value;
    else if (turned.length === 1) single[turned[0]] = value;
    else pair[turned[0]][turned[1]] = value;
  }
  return { none, single, pair };
}

/** Angles near π/4, so that no basis state is nearly missed, and no two alike. */
function localBasis(qubit: number): LocalBasis {
  const theta = 0.7 + 0.11 * sin(1 + 2.3 * qubit);
  const phi = 1 + 2.399963 * qubit;
  return { c: cos(theta), sRe: sin(theta) * cos(phi), sIm: sin(theta) * sin(phi) };
}

/** ⟨b| or the bra orthogonal to it on the highest qubit: half as many amplitudes. */
function contractTop({ real, imaginary }: Vector, basis: LocalBasis, turned: boolean): Vector {
  const half = real.length / 2;
  const { c, sRe, sIm } = basis;
  // ⟨b| = (c, s̄) and the turned bra is (−s, c).
  const [loRe, loIm, hiRe, hiIm] = turned ? [-sRe, -sIm, c, 0] : [c, 0, sRe, -sIm];
  const outRe = new Float64Array(half);
  const outIm = new Float64Array(half);
  for (let i = 0; i < half; i++) {
    const re0 = real[i];
    const im0 = imaginary[i];
    const re1 = real[half + i];
    const im1 = imaginary[half + i];
    outRe[i] = loRe * re0 - loIm * im0 + hiRe * re1 - hiIm * im1;
    outIm[i] = loRe * im0 + loIm * re0 + hiRe * im1 + hiIm * re1;
  }
  return { real: outRe, imaginary: outIm };
}
