import type { RandomSource } from '../random.ts';
import type { CliffordMap } from '../stabilizer/clifford-map.ts';
import type { Basis, PauliFactor } from './stim-circuit.ts';

/**
 * The Pauli errors of many shots, 32 in a word: by how much each shot's state differs from a
 * reference run. Rows of `width` words: x and z one a qubit, the others one a bit.
 *
 * @see Gidney (2021), arXiv:2103.02202, §4.1
 */
export class FrameBatch {
  readonly width: number;
  readonly x: Uint32Array;
  readonly z: Uint32Array;
  readonly records: Uint32Array;
  readonly detectors: Uint32Array;
  readonly observables: Uint32Array;
  readonly #random: RandomSource;
  measured = 0;
  detected = 0;

  constructor(
    sizes: {
      readonly qubits: number;
      readonly measurements: number;
      readonly detectors: number;
      readonly observables: number;
    },
    width: number,
    random: RandomSource,
  ) {
    this.width = width;
    this.x = new Uint32Array(sizes.qubits * width);
    this.z = new Uint32Array(sizes.qubits * width);
    this.records = new Uint32Array(sizes.measurements * width);
    this.detectors = new Uint32Array(sizes.detectors * width);
    this.observables = new Uint32Array(sizes.observables * width);
    this.#random = random;
  }

  /** No differences but those that |0…0⟩ does not feel: Z on a random half of the shots. */
  restart(): void {
    this.x.fill(0);
    this.observables.fill(0);
    for (let k = 0; k < this.z.length; k++) this.z[k] = this.#word();
    this.measured = 0;
    this.detected = 0;
  }

  gate(map: CliffordMap, qubits: readonly number[]): void {
    if (map.qubits === 1) {
      for (const qubit of qubits) this.#gate1(map, qubit);
    } else {
      for (let k = 0; k < qubits.length; k += 2) this.#gate2(map, qubits[k], qubits[k + 1]);
    }
  }

  /** The sign of a Pauli is of no interest, so an image is two bits a qubit. */
  #gate1({ images: [ofX, ofZ] }: CliffordMap, qubit: number): void {
    const { x, z, width } = this;
    const [xx, xz, zx, zz] = [-ofX.x, -ofX.z, -ofZ.x, -ofZ.z];
    const start = qubit * width;
    if (xx === -1 && zz === -1 && xz === 0 && zx === 0) return;
    for (let k = start; k < start + width; k++) {
      const a = x[k];
      const b = z[k];
      x[k] = (a & xx) ^ (b & zx);
      z[k] = (a & xz) ^ (b & zz);
    }
  }

  #gate2(map: CliffordMap, first: number, second: number): void {
    const { x, z, width } = this;
    const p = first * width;
    const q = second * width;
    if (isCx(map)) {
      for (let k = 0; k < width; k++) {
        x[q + k] ^= x[p + k];
        z[p + k] ^= z[q + k];
      }
      return;
    }
    const [a, b, c, d] = map.images;
    const [ax, az, ap, aq] = [-(a.x & 1), -(a.z & 1), -(a.x >> 1), -(a.z >> 1)];
    const [bx, bz, bp, bq] = [-(b.x & 1), -(b.z & 1), -(b.x >> 1), -(b.z >> 1)];
    const [cx, cz, cp, cq] = [-(c.x & 1), -(c.z & 1), -(c.x >> 1), -(c.z >> 1)];
    const [dx, dz, dp, dq] = [-(d.x & 1), -(d.z & 1), -(d.x >> 1), -(d.z >> 1)];
    for (let k = 0; k < width; k++) {
      const x1 = x[p + k];
      const z1 = z[p + k];
      const x2 = x[q + k];
      const z2 = z[q + k];
      x[p + k] = (x1 & ax) ^ (z1 & bx) ^ (x2 & cx) ^ (z2 & dx);
      z[p + k] = (x1 & az) ^ (z1 & bz) ^ (x2 & cz) ^ (z2 & dz);
      x[q + k] = (x1 & ap) ^ (z1 & bp) ^ (x2 & cp) ^ (z2 & dp);
      z[q + k] = (x1 & aq) ^ (z1 & bq) ^ (x2 & cq) ^ (z2 & dq);
    }
  }

  /** Records in which shots the measured product differs. */
  record(factors: readonly PauliFactor[]): void {
    const { x, z, records, width } = this;
    const row = this.measured++ * width;
    records.fill(0, row, row + width);
    for (const { qubit, pauli } of factors) {
      const start = qubit * width;
      for (let k = 0; k < width; k++) {
        if (pauli !== 'X') records[row + k] ^= x[start + k];
        if (pauli !== 'Z') records[row + k] ^= z[start + k];
      }
    }
  }

  /**
   * Multiplies a random half of the shots by a product just measured: the collapsed state does not
   * feel it, but what anticommutes with it becomes open.
   */
  blur(factors: readonly PauliFactor[]): void {
    if (factors.length === 0) return;
    const { x, z, width } = this;
    for (let k = 0; k < width; k++) {
      const half = this.#word();
      for (const { qubit, pauli } of factors) {
        if (pauli !== 'Z') x[qubit * width + k] ^= half;
        if (pauli !== 'X') z[qubit * width + k] ^= half;
      }
    }
  }

  /** Leaves only what the +1 eigenstate does not feel: its own Pauli, on a random half. */
  reset(basis: Basis, qubit: number): void {
    const { x, z, width } = this;
    const start = qubit * width;
    for (let k = start; k < start + width; k++) {
      const half = this.#word();
      x[k] = basis === 'Z' ? 0 : half;
      z[k] = basis === 'X' ? 0 : half;
    }
  }

  /** Multiplies by a Pauli the shots whose recorded bit differs. */
  feedback(pauli: Basis, lookback: number, qubit: number): void {
    const row = (this.measured - lookback) * this.width;
    this.multiply(pauli, qubit, this.records.subarray(row, row + this.width));
  }

  /** Multiplies the shots of the mask by a Pauli. */
  multiply(pauli: Basis, qubit: number, mask: Uint32Array): void {
    const start = qubit * this.width;
    for (let k = 0; k < this.width; k++) {
      if (pauli !== 'Z') this.x[start + k] ^= mask[k];
      if (pauli !== 'X') this.z[start + k] ^= mask[k];
    }
  }

  detector(lookbacks: readonly number[]): void {
    const row = this.detected++ * this.width;
    this.detectors.fill(0, row, row + this.width);
    this.#addRecords(lookbacks, this.detectors, row);
  }

  observable(index: number, lookbacks: readonly number[]): void {
    this.#addRecords(lookbacks, this.observables, index * this.width);
  }

  #addRecords(lookbacks: readonly number[], rows: Uint32Array, to: number): void {
    const { records, width, measured } = this;
    for (const lookback of lookbacks) {
      const from = (measured - lookback) * width;
      for (let k = 0; k < width; k++) rows[to + k] ^= records[from + k];
    }
  }

  /** 32 fair bits. */
  #word(): number {
    return this.#random.next() * 4294967296;
  }
}

function isCx({ images: [a, b, c, d] }: CliffordMap): boolean {
  return (
    a.x === 3 &&
    a.z === 0 &&
    b.x === 0 &&
    b.z === 1 &&
    c.x === 2 &&
    c.z === 0 &&
    d.x === 0 &&
    d.z === 3
  );
}
