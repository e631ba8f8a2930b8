import { type Angle, scaled } from '../angle.ts';
import { type GateName, GATES } from '../gates.ts';

/** One gate of ours on some qubits of a library gate, counted from 0. */
export interface Part {
  readonly gate: GateName;
  readonly angles: readonly Angle[];
  /** In addition to the gate's own. */
  readonly controls: readonly number[];
  /** The gate's own controls first. */
  readonly targets: readonly number[];
}

/** A gate that a standard file defines. */
export interface LibraryGate {
  readonly parameters: number;
  readonly qubits: number;
  readonly parts: (angles: readonly Angle[]) => readonly Part[];
  /** Its matrix is e^(i·phase) times that of the parts; matters only under controls. */
  readonly phase?: (angles: readonly Angle[]) => readonly Angle[];
  /** A program may define the gate itself: older versions of the file did not have it. */
  readonly replaceable?: boolean;
}

type Library = ReadonlyMap<string, LibraryGate>;

const HALF_TURN = Math.PI / 2;

function part(
  gate: GateName,
  targets: readonly number[],
  angles: readonly Angle[] = [],
  controls: readonly number[] = [],
): Part {
  return { gate, targets, angles, controls };
}

/** A gate that is one of ours under further controls, which come first. */
function same(gate: GateName, controls = 0): LibraryGate {
  const { qubits, parameters } = GATES[gate];
  const first = Array.from({ length: controls }, (_, k) => k);
  const targets = Array.from({ length: qubits }, (_, k) => controls + k);
  return {
    parameters,
    qubits: qubits + controls,
    parts: (angles) => [part(gate, targets, angles, first)],
  };
}

/** e^(i(γ)) U(θ, φ, λ) under one control. */
const CONTROLLED_U: LibraryGate = {
  parameters: 4,
  qubits: 2,
  parts: ([theta, phi, lambda, gamma]) => [
    part('p', [0], [gamma]),
    part('u', [1], [theta, phi, lambda], [0]),
  ],
};

const CONTROLLED_U3: LibraryGate = { ...same('u', 1), replaceable: false };

const U2: LibraryGate = {
  parameters: 2,
  qubits: 1,
  parts: ([phi, lambda]) => [part('u', [0], [HALF_TURN, phi, lambda])],
  phase: ([phi, lambda]) => [scaled(phi, -0.5), scaled(lambda, -0.5)],
};

const U3: LibraryGate = {
  ...same('u'),
  phase: ([, phi, lambda]) => [scaled(phi, -0.5), scaled(lambda, -0.5)],
};

/** The U of version 3, whose phase makes it e^(iθ/2) times ours. */
const U_OF_3: LibraryGate = { ...same('u'), phase: ([theta]) => [scaled(theta, 0.5)] };

const IDLE: LibraryGate = { parameters: 1, qubits: 1, parts: () => [part('id', [0])] };

/** Toffoli up to signs, by Margolus: four T and three CX. */
const RELATIVE_TOFFOLI: LibraryGate = {
  parameters: 0,
  qubits: 3,
  parts: () => [
    part('h', [2]),
    part('t', [2]),
    part('cx', [1, 2]),
    part('tdg', [2]),
    part('cx', [0, 2]),
    part('t', [2]),
    part('cx', [1, 2]),
    part('tdg', [2]),
    part('h', [2]),
  ],
};

/** X under three controls up to phases (Maslov 2016). */
const RELATIVE_THREE_CONTROLS: LibraryGate = {
  parameters: 0,
  qubits: 4,
  parts: () => [
    part('h', [3]),
    part('t', [3]),
    part('cx', [2, 3]),
    part('tdg', [3]),
    part('h', [3]),
    part('cx', [0, 3]),
    part('t', [3]),
    part('cx', [1, 3]),
    part('tdg', [3]),
    part('cx', [0, 3]),
    part('t', [3]),
    part('cx', [1, 3]),
    part('tdg', [3]),
    part('h', [3]),
    part('t', [3]),
    part('cx', [2, 3]),
    part('tdg', [3]),
    part('h', [3]),
  ],
};

const ORIGINAL_NAMES: readonly GateName[] = [
  ...(['id', 'x', 'y', 'z', 'h', 's', 'sdg', 't', 'tdg', 'rx', 'ry', 'rz'] as const),
  ...(['cx', 'cy', 'cz', 'ch', 'crz', 'ccx'] as const),
];
const LATER_NAMES: readonly GateName[] = [
  ...(['u', 'p', 'sx', 'sxdg', 'swap', 'cswap', 'crx', 'cry', 'cp', 'rxx', 'rzz'] as const),
];

function named(names: readonly GateName[]): [string, LibraryGate][] {
  return names.map((name) => [name, same(name)]);
}

const LATER: readonly [string, LibraryGate][] = [
  ...named(LATER_NAMES),
  ['u0', IDLE],
  ['cu', CONTROLLED_U],
  ['csx', same('sx', 1)],
  ['rccx', RELATIVE_TOFFOLI],
  ['rc3x', RELATIVE_THREE_CONTROLS],
  ['c3x', same('x', 3)],
  ['c3sqrtx', same('sx', 3)],
  ['c4x', same('x', 4)],
];

/**
 * qelib1.inc: the gates of Cross et al. (2017), and those that the file gained since, which a
 * program may still define itself. Gates without a control are right up to a phase, which version
 * 2 cannot observe.
 */
const QELIB1: Library = new Map<string, LibraryGate>([
  ...named(ORIGINAL_NAMES),
  ['u1', same('p')],
  ['u2', U2],
  ['u3', U3],
  ['cu1', same('cp')],
  ['cu3', CONTROLLED_U3],
  ...LATER.map(([name, gate]): [string, LibraryGate] => [name, { ...gate, replaceable: true }]),
]);

/** stdgates.inc of version 3 (Cross et al. 2022). */
const STDGATES: Library = new Map<string, LibraryGate>([
  ...named(['p', 'x', 'y', 'z', 'h', 's', 'sdg', 't', 'tdg', 'sx', 'rx', 'ry', 'rz', 'id']),
  ...named(['cx', 'cy', 'cz', 'cp', 'crx', 'cry', 'crz', 'ch', 'swap', 'ccx', 'cswap']),
  ['cu', CONTROLLED_U],
  ['CX', same('cx')],
  ['phase', same('p')],
  ['cphase', same('cp')],
  ['u1', same('p')],
  ['u2', U2],
  ['u3', U3],
]);

/** What the standard files define, by file name. */
export const LIBRARIES: ReadonlyMap<string, Library> = new Map([
  ['qelib1.inc', QELIB1],
  ['stdgates.inc', STDGATES],
]);

/** The gates of the language itself. */
export const BUILT_IN: Readonly<Record<2 | 3, Library>> = {
  2: new Map([
    ['U', U3],
    ['CX', same('cx')],
  ]),
  3: new Map([['U', U_OF_3]]),
};
