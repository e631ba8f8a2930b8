import { cos, sin } from './elementary.ts';
import { SimulatorError } from './errors.ts';

export type BaseGateName =
  | ('id' | 'x' | 'y' | 'z' | 'h' | 's' | 'sdg' | 't' | 'tdg' | 'sx' | 'sxdg')
  | ('rx' | 'ry' | 'rz' | 'p' | 'u')
  | ('swap' | 'iswap' | 'iswapdg' | 'rxx' | 'ryy' | 'rzz');

export type GateName =
  | BaseGateName
  | ('cx' | 'cy' | 'cz' | 'ch' | 'cp' | 'crx' | 'cry' | 'crz' | 'ccx' | 'ccz' | 'cswap');

/**
 * A gate is a base gate under some controls; everything that depends on the kind of gate stands
 * here.
 */
export interface Gate {
  readonly name: GateName;
  /** The gate applied when all controls are 1. Qubits are listed controls first. */
  readonly base: BaseGateName;
  readonly controls: number;
  readonly qubits: number;
  readonly parameters: number;
  /** Its name in OpenQASM 3 or in that language's stdgates.inc; undefined where that has none. */
  readonly openqasm: string | undefined;
  /** The base gate of the inverse; its angle i is minus angle `inverseAngles[i]` of this gate. */
  readonly inverse: BaseGateName;
  readonly inverseAngles: readonly number[];
  /** For every angle, the matrix is diagonal; has one 1 a row and zeros; maps Paulis to Paulis. */
  readonly diagonal: boolean;
  readonly permutation: boolean;
  readonly clifford: boolean;
  /**
   * Writes the base gate's matrix, row-major interleaved re/im; the first target is the low index
   * bit.
   */
  readonly write: (matrix: Float64Array, a: number, b: number, c: number) => void;
}

const R = Math.SQRT1_2;

function fixed(...entries: readonly number[]): Gate['write'] {
  const source = Float64Array.from(entries);
  return (matrix) => {
    for (let i = 0; i < source.length; i++) matrix[i] = source[i];
  };
}

function phaseBy(dr: number, di: number): Gate['write'] {
  return fixed(1, 0, 0, 0, 0, 0, dr, di);
}

/** Zeros but for entries given as index of the complex entry, re, im. */
function sparse(...entries: readonly (readonly [number, number, number])[]): Gate['write'] {
  const matrix = new Float64Array(32);
  for (const [at, re, im] of entries) {
    matrix[2 * at] = re;
    matrix[2 * at + 1] = im;
  }
  return fixed(...matrix);
}

function writeRx(m: Float64Array, angle: number): void {
  const s = sin(angle / 2);
  m.fill(0, 0, 8);
  m[0] = m[6] = cos(angle / 2);
  m[3] = m[5] = -s;
}

function writeRy(m: Float64Array, angle: number): void {
  const s = sin(angle / 2);
  m.fill(0, 0, 8);
  m[0] = m[6] = cos(angle / 2);
  m[2] = -s;
  m[4] = s;
}

function writeRz(m: Float64Array, angle: number): void {
  const s = sin(angle / 2);
  m.fill(0, 0, 8);
  m[0] = m[6] = cos(angle / 2);
  m[1] = -s;
  m[7] = s;
}

function writeP(m: Float64Array, angle: number): void {
  m.fill(0, 0, 8);
  m[0] = 1;
  m[6] = cos(angle);
  m[7] = sin(angle);
}

function writeU(m: Float64Array, theta: number, phi: number, lambda: number): void {
  const c = cos(theta / 2);
  const s = sin(theta / 2);
  m[0] = c;
  m[1] = 0;
  m[2] = -s * cos(lambda);
  m[3] = -s * sin(lambda);
  m[4] = s * cos(phi);
  m[5] = s * sin(phi);
  m[6] = c * cos(phi + lambda);
  m[7] = c * sin(phi + lambda);
}

function writeRxx(m: Float64Array, angle: number): void {
  writeAntidiagonal(m, angle, 1);
}

function writeRyy(m: Float64Array, angle: number): void {
  writeAntidiagonal(m, angle, -1);
}

/**
 * cos(angle/2) − i·sin(angle/2)·P, where P is antidiagonal with `sign` in the corners, 1 between.
 */
function writeAntidiagonal(m: Float64Array, angle: number, sign: number): void {
  const s = sin(angle / 2);
  m.fill(0, 0, 32);
  m[0] = m[10] = m[20] = m[30] = cos(angle / 2);
  m[7] = m[25] = -sign * s;
  m[13] = m[19] = -s;
}

function writeRzz(m: Float64Array, angle: number): void {
  const s = sin(angle / 2);
  m.fill(0, 0, 32);
  m[0] = m[10] = m[20] = m[30] = cos(angle / 2);
  m[1] = m[31] = -s;
  m[11] = m[21] = s;
}
type Details = Partial<Omit<Gate, 'name' | 'base' | 'controls' | 'write'>>;

function base(name: BaseGateName, write: Gate['write'], details: Details): Gate {
  return {
    name,
    base: name,
    controls: 0,
    qubits: 1,
    parameters: 0,
    openqasm: name,
    inverse: name,
    inverseAngles: details.parameters === 1 ? [0] : [],
    diagonal: false,
    permutation: false,
    clifford: false,
    ...details,
    write,
  };
}

function controlled(name: GateName, gate: Gate, controls: number, details: Details = {}): Gate {
  const qubits = gate.qubits + controls;
  return { ...gate, name, controls, qubits, openqasm: name, clifford: false, ...details };
}

const PAULI = { clifford: true };
const PHASE = { clifford: true, diagonal: true };
const ROTATION = { parameters: 1 };
const PAIR = { parameters: 1, qubits: 2, openqasm: undefined };
const ISWAP = { clifford: true, qubits: 2, openqasm: undefined };

const BASES = {
  id: base('id', fixed(1, 0, 0, 0, 0, 0, 1, 0), { ...PHASE, permutation: true }),
  x: base('x', fixed(0, 0, 1, 0, 1, 0, 0, 0), { ...PAULI, permutation: true }),
  y: base('y', fixed(0, 0, 0, -1, 0, 1, 0, 0), PAULI),
  z: base('z', phaseBy(-1, 0), PHASE),
  h: base('h', fixed(R, 0, R, 0, R, 0, -R, 0), PAULI),
  s: base('s', phaseBy(0, 1), { ...PHASE, inverse: 'sdg' }),
  sdg: base('sdg', phaseBy(0, -1), { ...PHASE, inverse: 's' }),
  t: base('t', phaseBy(R, R), { diagonal: true, inverse: 'tdg' }),
  tdg: base('tdg', phaseBy(R, -R), { diagonal: true, inverse: 't' }),
  sx: base('sx', fixed(0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5), { ...PAULI, inverse: 'sxdg' }),
  sxdg: base('sxdg', fixed(0.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -0.5), {
    ...PAULI,
    inverse: 'sx',
    openqasm: undefined,
  }),
  rx: base('rx', writeRx, ROTATION),
  ry: base('ry', writeRy, ROTATION),
  rz: base('rz', writeRz, { ...ROTATION, diagonal: true }),
  p: base('p', writeP, { ...ROTATION, diagonal: true }),
  u: base('u', writeU, { parameters: 3, inverseAngles: [0, 2, 1], openqasm: 'U' }),
  swap: base('swap', sparse([0, 1, 0], [6, 1, 0], [9, 1, 0], [15, 1, 0]), {
    ...PAULI,
    qubits: 2,
    permutation: true,
  }),
  iswap: base('iswap', sparse([0, 1, 0], [6, 0, 1], [9, 0, 1], [15, 1, 0]), {
    ...ISWAP,
    inverse: 'iswapdg',
  }),
  iswapdg: base('iswapdg', sparse([0, 1, 0], [6, 0, -1], [9, 0, -1], [15, 1, 0]), {
    ...ISWAP,
    inverse: 'iswap',
  }),
  rxx: base('rxx', writeRxx, PAIR),
  ryy: base('ryy', writeRyy, PAIR),
  rzz: base('rzz', writeRzz, { ...PAIR, diagonal: true }),
} satisfies Readonly<Record<BaseGateName, Gate>>;

/** Every named gate. */
export const GATES: Readonly<Record<GateName, Gate>> = {
  ...BASES,
  cx: controlled('cx', BASES.x, 1, { clifford: true }),
  cy: controlled('cy', BASES.y, 1, { clifford: true }),
  cz: controlled('cz', BASES.z, 1, { clifford: true }),
  ch: controlled('ch', BASES.h, 1),
  cp: controlled('cp', BASES.p, 1),
  crx: controlled('crx', BASES.rx, 1),
  cry: controlled('cry', BASES.ry, 1),
  crz: controlled('crz', BASES.rz, 1),
  ccx: controlled('ccx', BASES.x, 2),
  ccz: controlled('ccz', BASES.z, 2, { openqasm: undefined }),
  cswap: controlled('cswap', BASES.swap, 1),
};

/**
 * The unitary of a gate on its own qubits, controls first, the first one the low bit of the index.
 *
 * @param angles - as many finite radians as the gate has parameters.
 * @returns row-major interleaved re/im, 2·4^qubits numbers.
 * @throws {SimulatorError} `UNKNOWN_GATE`, `WRONG_LENGTH`, `INVALID_ANGLE`
 */
export function gateMatrix(name: GateName, angles: readonly number[] = []): Float64Array {
  const gate = gateNamed(name);
  checkAngleCount(gate, angles.length);
  for (const angle of angles) {
    if (!Number.isFinite(angle)) {
      throw new SimulatorError('INVALID_ANGLE', `angle ${angle} of ${name} is not finite`);
    }
  }
  const small = new Float64Array(32);
  gate.write(small, angles[0] ?? 0, angles[1] ?? 0, angles[2] ?? 0);
  const dimension = 1 << gate.qubits;
  const baseDimension = 1 << (gate.qubits - gate.controls);
  const allControls = (1 << gate.controls) - 1;
  const matrix = new Float64Array(2 * dimension * dimension);
  for (let i = 0; i < dimension; i++) matrix[2 * (i * dimension + i)] = 1;
  for (let row = 0; row < baseDimension; row++) {
    for (let column = 0; column < baseDimension; column++) {
      const i = (row << gate.controls) | allControls;
      const j = (column << gate.controls) | allControls;
      const from = 2 * (row * baseDimension + column);
      matrix.set(small.subarray(from, from + 2), 2 * (i * dimension + j));
    }
  }
  return matrix;
}

/** @throws {SimulatorError} `UNKNOWN_GATE` */
export function gateNamed(name: GateName): Gate {
  if (!Object.hasOwn(GATES, name)) {
    throw new SimulatorError('UNKNOWN_GATE', `there is no gate named ${name}`);
  }
  return GATES[name];
}

/** @throws {SimulatorError} `WRONG_LENGTH` */
export function checkAngleCount(gate: Gate, count: number): void {
  if (count !== gate.parameters) {
    throw new SimulatorError(
      'WRONG_LENGTH',
      `${gate.name} takes ${gate.parameters} angles, not ${count}`,
    );
  }
}
