import { SimulatorError } from '../errors.ts';
import { draw, type RandomSource } from '../random.ts';
import { canonicalStabilizers } from './canonical-stabilizers.ts';
import { bitCount, type CliffordMap, type LocalPauli } from './clifford-map.ts';
import { bitAt, clearRow, copyRow, multiplyInto, type PauliRows, pauliRows } from './pauli-rows.ts';

/** The most qubits of a stabilizer state: its tableau then takes 128 MiB. */
export const MAX_STABILIZER_QUBITS = 16_384;

/** The Paulis of a product by qubit; none is the identity. */
export type Paulis = Readonly<Record<number, 'X' | 'Y' | 'Z'>>;

const MAX_GATE_QUBITS = 8;

/**
 * The state of a register that only Clifford gates, measurements and resets have touched, as a
 * tableau of bits: n²/2 bytes for n qubits, at most 16 384 of them.
 *
 * With U the circuit so far, row q holds U† X_q U and row n + q holds U† Z_q U, so a gate combines
 * a few rows in O(n/32) words. A measurement whose outcome is certain costs O(n/32), one whose
 * outcome is open O(n²/16).
 *
 * @see Aaronson & Gottesman (2004), arXiv:quant-ph/0406196; the tableau of the inverse: Gidney
 *   (2021), arXiv:2103.02202
 */
export class StabilizerState {
  readonly qubits: number;
  /** Two rows a qubit, then one that a measured product is worked out in. */
  readonly #rows: PauliRows;
  readonly #scratch: PauliRows;

  /**
   * |0…0⟩.
   *
   * @param qubits - integer in [0, 16384].
   * @throws {SimulatorError} `INVALID_QUBIT_COUNT`, `TOO_MANY_QUBITS`
   */
  constructor(qubits: number) {
    if (!Number.isInteger(qubits) || qubits < 0) {
      throw new SimulatorError('INVALID_QUBIT_COUNT', `${qubits} is not a number of qubits`);
    }
    if (qubits > MAX_STABILIZER_QUBITS) {
      throw new SimulatorError(
        'TOO_MANY_QUBITS',
        `${qubits} qubits need ${(qubits * qubits) / 2} bytes; ` +
          `the limit is ${MAX_STABILIZER_QUBITS} qubits`,
      );
    }
    this.qubits = qubits;
    this.#rows = pauliRows(2 * qubits + 1, qubits);
    this.#scratch = pauliRows(2 * MAX_GATE_QUBITS, qubits);
    const { x, z, width } = this.#rows;
    for (let q = 0; q < qubits; q++) {
      x[q * width + (q >>> 5)] = 1 << (q & 31);
      z[(qubits + q) * width + (q >>> 5)] = 1 << (q & 31);
    }
  }

  copy(): StabilizerState {
    const other = new StabilizerState(this.qubits);
    other.#rows.x.set(this.#rows.x);
    other.#rows.z.set(this.#rows.z);
    other.#rows.signs.set(this.#rows.signs);
    return other;
  }

  /**
   * Applies a Clifford gate, its qubit j on qubits[j].
   *
   * @throws {SimulatorError} `WRONG_LENGTH`, `QUBIT_OUT_OF_RANGE`, `DUPLICATE_QUBIT`
   */
  apply(gate: CliffordMap, qubits: readonly number[]): void {
    if (qubits.length !== gate.qubits) {
      throw new SimulatorError(
        'WRONG_LENGTH',
        `the gate acts on ${gate.qubits} qubits, not ${qubits.length}`,
      );
    }
    qubits.forEach((qubit, index) => {
      this.#check(qubit);
      if (qubits.indexOf(qubit) !== index) {
        throw new SimulatorError('DUPLICATE_QUBIT', `qubit ${qubit} is listed twice`);
      }
    });
    gate.preimages.forEach((pauli, generator) => {
      this.#multiplyOut(pauli, qubits, generator);
    });
    gate.preimages.forEach((_, generator) => {
      const row = (generator % 2) * this.qubits + qubits[generator >> 1];
      copyRow(this.#scratch, generator, this.#rows, row);
    });
  }

  /**
   * ⟨P⟩ of a product of Paulis, which is −1, 0 or 1. O(weight · n/32).
   *
   * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `INVALID_PAULI`
   */
  expectation(paulis: Paulis): -1 | 0 | 1 {
    this.#load(paulis);
    if (this.#firstX() !== -1) return 0;
    return this.#rows.signs[2 * this.qubits] === 1 ? -1 : 1;
  }

  /**
   * Measures a qubit in the computational basis. Draws one number, as the state vector does, and
   * gives the same outcome for it.
   *
   * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `RANDOM_OUT_OF_RANGE`
   */
  measure(qubit: number, random: RandomSource): 0 | 1 {
    return this.measureProduct({ [qubit]: 'Z' }, random);
  }

  /**
   * Measures a product of Paulis; 1 stands for the eigenvalue −1. Draws one number.
   *
   * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `INVALID_PAULI`, `RANDOM_OUT_OF_RANGE`
   */
  measureProduct(paulis: Paulis, random: RandomSource): 0 | 1 {
    this.#load(paulis);
    const drawn = draw(random) < 0.5 ? 1 : 0;
    const pivot = this.#firstX();
    if (pivot === -1) return this.#rows.signs[2 * this.qubits] === 1 ? 1 : 0;
    this.#collapse(pivot, drawn);
    return drawn;
  }

  /**
   * Measures a qubit, forgets the outcome and leaves it |0⟩.
   *
   * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `RANDOM_OUT_OF_RANGE`
   */
  reset(qubit: number, random: RandomSource): void {
    if (this.measure(qubit, random) === 1) this.#rows.signs[this.qubits + qubit] ^= 1;
  }

  /**
   * Applies Paulis. O(weight).
   *
   * @throws {SimulatorError} `QUBIT_OUT_OF_RANGE`, `INVALID_PAULI`
   */
  applyPaulis(paulis: Paulis): void {
    for (const [qubit, { x, z }] of this.#checked(paulis)) {
      this.#rows.signs[qubit] ^= z;
      this.#rows.signs[this.qubits + qubit] ^= x;
    }
  }

  /**
   * The n independent Pauli products of which the state is the +1 eigenstate, in reduced echelon
   * form (first by X, then by Z, qubit 0 first), so that equal states give equal texts: `+XX`,
   * `+ZZ`; qubit 0 stands first. O(n³/16).
   */
  stabilizers(): string[] {
    return canonicalStabilizers(this.#rows, this.qubits);
  }

  #check(qubit: number): void {
    if (!Number.isInteger(qubit) || qubit < 0 || qubit >= this.qubits) {
      throw new SimulatorError(
        'QUBIT_OUT_OF_RANGE',
        `qubit ${qubit} is not in [0, ${this.qubits})`,
      );
    }
  }

  #checked(paulis: Paulis): (readonly [number, LocalPauli])[] {
    return Object.entries(paulis).map(([key, pauli]) => {
      const qubit = Number(key);
      // Texts such as '01' or '' read as numbers too, and could name a qubit twice.
      if (String(qubit) !== key) {
        throw new SimulatorError('QUBIT_OUT_OF_RANGE', `'${key}' is not a qubit`);
      }
      this.#check(qubit);
      if (!Object.hasOwn(SINGLE, pauli)) {
        throw new SimulatorError('INVALID_PAULI', `'${pauli}' is not X, Y or Z`);
      }
      return [qubit, SINGLE[pauli]] as const;
    });
  }

  /** Writes U† P U into the last row. */
  #load(paulis: Paulis): void {
    const checked = this.#checked(paulis);
    const last = 2 * this.qubits;
    clearRow(this.#rows, last);
    for (const [qubit, pauli] of checked) {
      this.#multiplyOut(pauli, [qubit], 0);
      // Images of Paulis on different qubits commute, so their product has no factor i.
      const phase = multiplyInto(this.#rows, last, this.#scratch, 0);
      this.#rows.signs[last] = phase >> 1;
    }
  }

  /** Writes U† P U for a product on the listed qubits into a scratch row. */
  #multiplyOut(pauli: LocalPauli, qubits: readonly number[], row: number): void {
    const scratch = this.#scratch;
    clearRow(scratch, row);
    // Y = i·X·Z brings a factor i each; they cancel against the factors of the products.
    let quarterTurns = (pauli.negative ? 2 : 0) + bitCount(pauli.x & pauli.z);
    for (let j = 0; j < qubits.length; j++) {
      if ((pauli.x >> j) & 1) quarterTurns += multiplyInto(scratch, row, this.#rows, qubits[j]);
      if ((pauli.z >> j) & 1) {
        quarterTurns += multiplyInto(scratch, row, this.#rows, this.qubits + qubits[j]);
      }
    }
    scratch.signs[row] = (quarterTurns >> 1) & 1;
  }

  /** The first column where the last row has an X, or −1. */
  #firstX(): number {
    const { x, width } = this.#rows;
    const start = 2 * this.qubits * width;
    for (let k = 0; k < width; k++) {
      const word = x[start + k];
      if (word !== 0) return 32 * k + 31 - Math.clz32(word & -word);
    }
    return -1;
  }

  /**
   * Puts gates that keep |0…0⟩, CX from the pivot, before U until the measured product has its only
   * X at the pivot; then a gate there that turns it to ±Z, and X if the sign is not the outcome's.
   */
  #collapse(pivot: number, outcome: 0 | 1): void {
    const rows = this.#rows;
    const { x, z, signs, width } = rows;
    const last = 2 * this.qubits;
    const mask = x.slice(last * width, (last + 1) * width);
    const word = pivot >>> 5;
    const bit = 1 << (pivot & 31);
    mask[word] &= ~bit;
    for (let row = 0; row <= last; row++) fanOut(rows, row, pivot, mask);
    const turnsY = bitAt(z, last * width, pivot) === 1;
    for (let row = 0; row <= last; row++) {
      const at = row * width + word;
      const hasX = x[at] & bit;
      const hasZ = z[at] & bit;
      if (turnsY) {
        // X → −X, Y → Z, Z → Y.
        if (hasX !== 0 && hasZ === 0) signs[row] ^= 1;
        x[at] ^= hasZ;
      } else {
        // X → Z, Y → −Y, Z → X.
        if (hasX !== 0 && hasZ !== 0) signs[row] ^= 1;
        x[at] ^= hasX ^ hasZ;
        z[at] ^= hasX ^ hasZ;
      }
    }
    if (signs[last] === outcome) return;
    for (let row = 0; row <= last; row++) signs[row] ^= bitAt(z, row * width, pivot);
  }
}

const SINGLE: Readonly<Record<'X' | 'Y' | 'Z', LocalPauli>> = {
  X: { x: 1, z: 0, negative: false },
  Y: { x: 1, z: 1, negative: false },
  Z: { x: 0, z: 1, negative: false },
};

/**
 * Conjugates a row by CX from the pivot to every column of the mask. With an X at the pivot, the
 * k targets with a Z each flip the sign unless their X and the Z at the pivot so far differ.
 */
function fanOut(rows: PauliRows, row: number, pivot: number, mask: Uint32Array): void {
  const { x, z, signs, width } = rows;
  const start = row * width;
  const hasX = bitAt(x, start, pivot);
  let targetZs = 0;
  let bareZs = 0;
  for (let k = 0; k < width; k++) {
    const targets = z[start + k] & mask[k];
    targetZs += bitCount(targets);
    if (hasX === 0) continue;
    bareZs += bitCount(targets & ~x[start + k]);
    x[start + k] ^= mask[k];
  }
  if (hasX === 1) {
    const pivotZ = bitAt(z, start, pivot);
    const pairs = (targetZs * (targetZs - 1)) / 2;
    signs[row] ^= (bareZs + targetZs * pivotZ + pairs) & 1;
  }
  if ((targetZs & 1) === 1) z[start + (pivot >>> 5)] ^= 1 << (pivot & 31);
}
