import { type CliffordMap, cliffordFromPaulis } from '../stabilizer/clifford-map.ts';
import type { Basis } from './stim-circuit.ts';

/** What a name in a circuit stands for. */
export type StimGate =
  | { readonly kind: 'gate'; readonly map: CliffordMap; readonly feedback: Basis | undefined }
  | { readonly kind: 'measure'; readonly basis: Basis; readonly resets: boolean }
  | { readonly kind: 'measurePairs'; readonly pauli: Basis }
  | { readonly kind: 'reset'; readonly basis: Basis }
  | { readonly kind: 'noise'; readonly noise: NoiseShape }
  | { readonly kind: 'correlatedError'; readonly chained: boolean }
  | { readonly kind: 'measureProducts' }
  | { readonly kind: 'pads' }
  | { readonly kind: Annotation };

export type Annotation =
  'detector' | 'observable' | 'qubitCoordinates' | 'shiftCoordinates' | 'tick';

export interface NoiseShape {
  readonly arity: 1 | 2;
  /** How many numbers stand in the parentheses. */
  readonly arguments: number;
  /** The probabilities of the 3 or 15 errors from those numbers. */
  readonly probabilities: (given: readonly number[]) => readonly number[];
}

/** Every Clifford gate by name: what it maps X and Z, or XI ZI IX IZ, to. */
const CLIFFORD: Readonly<Record<string, string>> = {
  I: '+X +Z',
  X: '+X -Z',
  Y: '-X -Z',
  Z: '-X +Z',
  H: '+Z +X',
  H_XY: '+Y -Z',
  H_YZ: '-X +Y',
  H_NXY: '-Y -Z',
  H_NXZ: '-Z -X',
  H_NYZ: '-X -Y',
  S: '+Y +Z',
  S_DAG: '-Y +Z',
  SQRT_X: '+X -Y',
  SQRT_X_DAG: '+X +Y',
  SQRT_Y: '-Z +X',
  SQRT_Y_DAG: '+Z -X',
  C_XYZ: '+Y +X',
  C_ZYX: '+Z +Y',
  C_NXYZ: '-Y -X',
  C_XNYZ: '-Y +X',
  C_XYNZ: '+Y -X',
  C_NZYX: '-Z -Y',
  C_ZNYX: '+Z -Y',
  C_ZYNX: '-Z +Y',
  II: '+XI +ZI +IX +IZ',
  SWAP: '+IX +IZ +XI +ZI',
  ISWAP: '+ZY +IZ +YZ +ZI',
  ISWAP_DAG: '-ZY +IZ -YZ +ZI',
  CXSWAP: '+XX +IZ +XI +ZZ',
  SWAPCX: '+IX +ZZ +XX +ZI',
  CZSWAP: '+ZX +IZ +XZ +ZI',
  CX: '+XX +ZI +IX +ZZ',
  CY: '+XY +ZI +ZX +ZZ',
  CZ: '+XZ +ZI +ZX +IZ',
  XCX: '+XI +ZX +IX +XZ',
  XCY: '+XI +ZY +XX +XZ',
  XCZ: '+XI +ZZ +XX +IZ',
  YCX: '+XX +ZX +IX +YZ',
  YCY: '+XY +ZY +YX +YZ',
  YCZ: '+XZ +ZZ +YX +IZ',
  SQRT_XX: '+XI -YX +IX -XY',
  SQRT_XX_DAG: '+XI +YX +IX +XY',
  SQRT_YY: '-ZY +XY -YZ +YX',
  SQRT_YY_DAG: '+ZY -XY +YZ -YX',
  SQRT_ZZ: '+YZ +ZI +ZY +IZ',
  SQRT_ZZ_DAG: '-YZ +ZI -ZY +IZ',
};

const FEEDBACK: Readonly<Record<string, Basis>> = { CX: 'X', CY: 'Y', CZ: 'Z' };

/** Other spellings. */
const ALIASES: Readonly<Record<string, string>> = {
  CNOT: 'CX',
  ZCX: 'CX',
  ZCY: 'CY',
  ZCZ: 'CZ',
  H_XZ: 'H',
  SQRT_Z: 'S',
  SQRT_Z_DAG: 'S_DAG',
  SWAPCZ: 'CZSWAP',
  MZ: 'M',
  MRZ: 'MR',
  RZ: 'R',
  CORRELATED_ERROR: 'E',
};

function even(count: 3 | 15) {
  return ([p]: readonly number[]) => Array.from({ length: count }, () => p / count);
}

function only(index: number) {
  return ([p]: readonly number[]) => [0, 1, 2].map((i) => (i === index ? p : 0));
}

const NOISE: Readonly<Record<string, NoiseShape>> = {
  X_ERROR: { arity: 1, arguments: 1, probabilities: only(0) },
  Y_ERROR: { arity: 1, arguments: 1, probabilities: only(1) },
  Z_ERROR: { arity: 1, arguments: 1, probabilities: only(2) },
  DEPOLARIZE1: { arity: 1, arguments: 1, probabilities: even(3) },
  DEPOLARIZE2: { arity: 2, arguments: 1, probabilities: even(15) },
  PAULI_CHANNEL_1: { arity: 1, arguments: 3, probabilities: (given) => [...given] },
  PAULI_CHANNEL_2: { arity: 2, arguments: 15, probabilities: (given) => [...given] },
};

const OTHERS: Readonly<Record<string, StimGate>> = {
  M: { kind: 'measure', basis: 'Z', resets: false },
  MX: { kind: 'measure', basis: 'X', resets: false },
  MY: { kind: 'measure', basis: 'Y', resets: false },
  MR: { kind: 'measure', basis: 'Z', resets: true },
  MRX: { kind: 'measure', basis: 'X', resets: true },
  MRY: { kind: 'measure', basis: 'Y', resets: true },
  MXX: { kind: 'measurePairs', pauli: 'X' },
  MYY: { kind: 'measurePairs', pauli: 'Y' },
  MZZ: { kind: 'measurePairs', pauli: 'Z' },
  MPP: { kind: 'measureProducts' },
  MPAD: { kind: 'pads' },
  R: { kind: 'reset', basis: 'Z' },
  RX: { kind: 'reset', basis: 'X' },
  RY: { kind: 'reset', basis: 'Y' },
  E: { kind: 'correlatedError', chained: false },
  ELSE_CORRELATED_ERROR: { kind: 'correlatedError', chained: true },
  DETECTOR: { kind: 'detector' },
  OBSERVABLE_INCLUDE: { kind: 'observable' },
  QUBIT_COORDS: { kind: 'qubitCoordinates' },
  SHIFT_COORDS: { kind: 'shiftCoordinates' },
  TICK: { kind: 'tick' },
};

/** The gate of a name in upper case, and its canonical name. */
export type NamedGate = StimGate & { readonly name: string };

/** Every instruction but REPEAT, by each of its names. */
export const STIM_GATES: ReadonlyMap<string, NamedGate> = new Map(namedGates());

function* namedGates(): Generator<readonly [string, NamedGate]> {
  const byName = new Map<string, NamedGate>();
  for (const [name, images] of Object.entries(CLIFFORD)) {
    const map = cliffordFromPaulis(images.split(' '));
    byName.set(name, { name, kind: 'gate', map, feedback: FEEDBACK[name] });
  }
  for (const [name, noise] of Object.entries(NOISE)) {
    byName.set(name, { name, kind: 'noise', noise });
  }
  for (const [name, gate] of Object.entries(OTHERS)) byName.set(name, { ...gate, name });
  yield* byName;
  for (const [alias, name] of Object.entries(ALIASES)) {
    const gate = byName.get(name);
    if (gate !== undefined) yield [alias, gate];
  }
}
