import { Circuit } from '@sema/simulator';
import { type PauliBits, pauliBits, type StabilizerCode } from './stabilizer-code.ts';

/**
 * The Clifford circuit that takes the generators of a code to Z of qubits 0, 1, …, n − 2, and its
 * logical operators to X and Z of the last qubit. Backwards it encodes the last qubit, the others
 * being |0⟩. O(n²) gates.
 *
 * @see Gottesman (1997), arXiv:quant-ph/9705052, §4.2
 */
export function disentanglingCircuit(code: StabilizerCode): Circuit {
  const sweep = new Sweep(code.qubits);
  const images = [...code.generators, code.logicalZ, code.logicalX].map(
    (text) => new SignedPauli(pauliBits(text)),
  );
  const last = code.qubits - 1;
  for (let i = 0; i < last; i++) sweep.toZ(images[i], i, images);
  // What is left of the logical operators on earlier qubits is generators, which change nothing.
  sweep.toZ(images[last], last, images);
  const logicalX = images[last + 1];
  if (logicalX.hasZ(last)) sweep.apply('s', [last], images);
  if (logicalX.negative) sweep.apply('z', [last], images);
  return sweep.circuit;
}

/** A product of Paulis with a sign; X and Z at one place stand for Y. */
class SignedPauli {
  negative = false;
  x: number;
  z: number;

  constructor({ x, z }: PauliBits) {
    this.x = x;
    this.z = z;
  }

  hasX(qubit: number): boolean {
    return ((this.x >> qubit) & 1) === 1;
  }

  hasZ(qubit: number): boolean {
    return ((this.z >> qubit) & 1) === 1;
  }

  /** Becomes G P G†. */
  conjugate(gate: 'h' | 's' | 'x' | 'z' | 'cx', [a, b]: readonly number[]): void {
    const [x, z] = [this.hasX(a), this.hasZ(a)];
    switch (gate) {
      case 'h':
        if (x && z) this.negative = !this.negative;
        if (x !== z) {
          this.x ^= 1 << a;
          this.z ^= 1 << a;
        }
        break;
      case 's':
        if (x && z) this.negative = !this.negative;
        if (x) this.z ^= 1 << a;
        break;
      case 'x':
        if (z) this.negative = !this.negative;
        break;
      case 'z':
        if (x) this.negative = !this.negative;
        break;
      case 'cx':
        if (x && this.hasZ(b) && this.hasX(b) === z) this.negative = !this.negative;
        if (x) this.x ^= 1 << b;
        if (this.hasZ(b)) this.z ^= 1 << a;
    }
  }
}

class Sweep {
  readonly circuit: Circuit;

  constructor(qubits: number) {
    this.circuit = new Circuit(qubits);
  }

  /** Gates that take an operator to +Z of one qubit, but for Z on earlier qubits. */
  toZ(pauli: SignedPauli, qubit: number, images: readonly SignedPauli[]): void {
    for (let q = qubit; q < this.circuit.qubits; q++) {
      if (!pauli.hasX(q)) continue;
      if (pauli.hasZ(q)) this.apply('s', [q], images);
      this.apply('h', [q], images);
    }
    const places = Array.from({ length: this.circuit.qubits - qubit }, (_, k) => qubit + k);
    if (!pauli.hasZ(qubit)) {
      const other = places.find((q) => pauli.hasZ(q));
      // Z of the target becomes Z of both.
      if (other !== undefined) this.apply('cx', [qubit, other], images);
    }
    for (const q of places.slice(1)) if (pauli.hasZ(q)) this.apply('cx', [q, qubit], images);
    if (pauli.negative) this.apply('x', [qubit], images);
  }

  apply(
    gate: 'h' | 's' | 'x' | 'z' | 'cx',
    qubits: readonly number[],
    images: readonly SignedPauli[],
  ): void {
    if (gate === 'cx') this.circuit.cx(qubits[0], qubits[1]);
    else this.circuit[gate](qubits[0]);
    for (const image of images) image.conjugate(gate, qubits);
  }
}
