import type { Angle, BaseGateName, Operation } from '@sema/simulator';

/**
 * An independent simulator that is right by inspection: every operation becomes a full 2^n × 2^n
 * matrix, built from Pauli matrices and projectors by Kronecker products, and is multiplied out.
 */
export interface Dense {
  readonly size: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** A matrix from rows of [re, im] pairs. */
function dense(rows: readonly (readonly (readonly [number, number])[])[]): Dense {
  const entries = rows.flat();
  return {
    size: rows.length,
    re: Float64Array.from(entries, ([re]) => re),
    im: Float64Array.from(entries, ([, im]) => im),
  };
}

const O = [0, 0] as const;
const ONE = [1, 0] as const;
export const PAULIS = {
  I: dense([
    [ONE, O],
    [O, ONE],
  ]),
  X: dense([
    [O, ONE],
    [ONE, O],
  ]),
  Y: dense([
    [O, [0, -1]],
    [[0, 1], O],
  ]),
  Z: dense([
    [ONE, O],
    [O, [-1, 0]],
  ]),
};

export function kronecker(a: Dense, b: Dense): Dense {
  const size = a.size * b.size;
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const p = Math.floor(i / b.size) * a.size + Math.floor(j / b.size);
      const q = (i % b.size) * b.size + (j % b.size);
      re[i * size + j] = a.re[p] * b.re[q] - a.im[p] * b.im[q];
      im[i * size + j] = a.re[p] * b.im[q] + a.im[p] * b.re[q];
    }
  }
  return { size, re, im };
}

export function multiply(a: Dense, b: Dense): Dense {
  const { size } = a;
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const x = a.re[i * size + k];
      const y = a.im[i * size + k];
      if (x === 0 && y === 0) continue;
      for (let j = 0; j < size; j++) {
        re[i * size + j] += x * b.re[k * size + j] - y * b.im[k * size + j];
        im[i * size + j] += x * b.im[k * size + j] + y * b.re[k * size + j];
      }
    }
  }
  return { size, re, im };
}

/** Σ factor · matrix */
export function combine(...terms: readonly (readonly [Complex, Dense])[]): Dense {
  const { size } = terms[0][1];
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (const [factor, matrix] of terms) {
    for (let i = 0; i < re.length; i++) {
      re[i] += factor.re * matrix.re[i] - factor.im * matrix.im[i];
      im[i] += factor.re * matrix.im[i] + factor.im * matrix.re[i];
    }
  }
  return { size, re, im };
}

export function adjoint({ size, re, im }: Dense): Dense {
  const at = (k: number) => (k % size) * size + Math.floor(k / size);
  return { size, re: re.map((_, k) => re[at(k)]), im: im.map((_, k) => -im[at(k)]) };
}

export const real = (re: number): Complex => ({ re, im: 0 });
const phase = (angle: number): Complex => ({ re: Math.cos(angle), im: Math.sin(angle) });

export function identity(qubits: number): Dense {
  let matrix = dense([[ONE]]);
  for (let q = 0; q < qubits; q++) matrix = kronecker(matrix, PAULIS.I);
  return matrix;
}

/** A 2×2 matrix on one qubit of n: qubit 0 is the rightmost Kronecker factor. */
export function on(qubit: number, matrix: Dense, qubits: number): Dense {
  return kronecker(kronecker(identity(qubits - 1 - qubit), matrix), identity(qubit));
}

/** |row⟩⟨column| on one qubit. */
function unit(row: number, column: number): Dense {
  const entry = (i: number, j: number) => (i === row && j === column ? ONE : O);
  return dense([
    [entry(0, 0), entry(0, 1)],
    [entry(1, 0), entry(1, 1)],
  ]);
}

/** |row⟩⟨column| on the listed qubits, the first the low bit of both. */
function units(list: readonly number[], row: number, column: number, qubits: number): Dense {
  return list.reduce(
    (product, qubit, k) =>
      multiply(product, on(qubit, unit((row >> k) & 1, (column >> k) & 1), qubits)),
    identity(qubits),
  );
}

/** The projector on the listed qubits reading `value`. */
export function projector(list: readonly number[], value: number, qubits: number): Dense {
  return units(list, value, value, qubits);
}

/** exp(−i·angle/2·P) for a product of Paulis P given as a full matrix. */
function rotation(angle: number, pauli: Dense, qubits: number): Dense {
  const cosine = real(Math.cos(angle / 2));
  return combine([cosine, identity(qubits)], [{ re: 0, im: -Math.sin(angle / 2) }, pauli]);
}

/** A base gate on its targets, by its textbook definition in Paulis. */
export function gateOn(
  gate: BaseGateName,
  [a, b]: readonly number[],
  [alpha, beta, gamma]: readonly number[],
  qubits: number,
): Dense {
  const pauli = (name: 'X' | 'Y' | 'Z', qubit: number) => on(qubit, PAULIS[name], qubits);
  const pair = (name: 'X' | 'Y' | 'Z') => multiply(pauli(name, a), pauli(name, b));
  const one = identity(qubits);
  const root = Math.SQRT1_2;
  const powerOf = (name: 'X' | 'Z', angle: number) =>
    combine([phase(angle / 2), rotation(angle, pauli(name, a), qubits)]);
  switch (gate) {
    case 'id':
      return one;
    case 'x':
      return pauli('X', a);
    case 'y':
      return pauli('Y', a);
    case 'z':
      return pauli('Z', a);
    case 'h':
      return combine([real(root), pauli('X', a)], [real(root), pauli('Z', a)]);
    case 's':
      return powerOf('Z', Math.PI / 2);
    case 'sdg':
      return powerOf('Z', -Math.PI / 2);
    case 't':
      return powerOf('Z', Math.PI / 4);
    case 'tdg':
      return powerOf('Z', -Math.PI / 4);
    case 'sx':
      return powerOf('X', Math.PI / 2);
    case 'sxdg':
      return powerOf('X', -Math.PI / 2);
    case 'rx':
      return rotation(alpha, pauli('X', a), qubits);
    case 'ry':
      return rotation(alpha, pauli('Y', a), qubits);
    case 'rz':
      return rotation(alpha, pauli('Z', a), qubits);
    case 'p':
      return powerOf('Z', alpha);
    case 'u': {
      const right = multiply(
        gateOn('ry', [a], [alpha], qubits),
        gateOn('rz', [a], [gamma], qubits),
      );
      const product = multiply(gateOn('rz', [a], [beta], qubits), right);
      return combine([phase((beta + gamma) / 2), product]);
    }
    case 'swap': {
      const half = real(0.5);
      return combine([half, one], [half, pair('X')], [half, pair('Y')], [half, pair('Z')]);
    }
    case 'iswap':
      return multiply(
        rotation(-Math.PI / 2, pair('X'), qubits),
        rotation(-Math.PI / 2, pair('Y'), qubits),
      );
    case 'iswapdg':
      return adjoint(gateOn('iswap', [a, b], [], qubits));
    case 'rxx':
      return rotation(alpha, pair('X'), qubits);
    case 'ryy':
      return rotation(alpha, pair('Y'), qubits);
    case 'rzz':
      return rotation(alpha, pair('Z'), qubits);
  }
}

/** `matrix` where the controls are all 1, the identity elsewhere. */
export function under(controls: readonly number[], matrix: Dense, qubits: number): Dense {
  const active = projector(controls, (1 << controls.length) - 1, qubits);
  return combine(
    [real(1), identity(qubits)],
    [real(-1), active],
    [real(1), multiply(active, matrix)],
  );
}

/** The full matrix of an operation that has one; angles must be numbers. */
export function operationMatrix(operation: Operation, qubits: number): Dense {
  switch (operation.kind) {
    case 'gate': {
      const { gate, controls, targets, angles } = operation;
      return under(controls, gateOn(gate, targets, angles.map(numeric), qubits), qubits);
    }
    case 'unitary': {
      const { matrix, qubits: list } = operation;
      const size = 1 << list.length;
      const terms = Array.from({ length: size * size }, (_, k): readonly [Complex, Dense] => [
        { re: matrix[2 * k], im: matrix[2 * k + 1] },
        units(list, Math.floor(k / size), k % size, qubits),
      ]);
      return combine(...terms);
    }
    case 'diagonal': {
      const { entries, qubits: list } = operation;
      const terms = Array.from({ length: 1 << list.length }, (_, m): readonly [Complex, Dense] => [
        { re: entries[2 * m], im: entries[2 * m + 1] },
        projector(list, m, qubits),
      ]);
      return combine(...terms);
    }
    case 'multiplexed': {
      const { axis, angles, controls, target } = operation;
      const terms = angles.map((angle, m): readonly [Complex, Dense] => [
        real(1),
        multiply(
          projector(controls, m, qubits),
          gateOn(`r${axis}`, [target], [numeric(angle)], qubits),
        ),
      ]);
      return combine(...terms);
    }
    case 'barrier':
      return identity(qubits);
    default:
      throw new TypeError(`a ${operation.kind} has no matrix`);
  }
}

function numeric(angle: Angle): number {
  if (typeof angle !== 'number') throw new TypeError(`${angle.name} is not bound`);
  return angle;
}

/** matrix · vector */
export function act(
  matrix: Dense,
  vector: { readonly real: Float64Array; readonly imaginary: Float64Array },
): { real: Float64Array; imaginary: Float64Array } {
  const { size, re, im } = matrix;
  const result = { real: new Float64Array(size), imaginary: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const k = i * size + j;
      result.real[i] += re[k] * vector.real[j] - im[k] * vector.imaginary[j];
      result.imaginary[i] += re[k] * vector.imaginary[j] + im[k] * vector.real[j];
    }
  }
  return result;
}

/** The largest difference between corresponding entries. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
