import { Circuit, postSelect, reducedDensityMatrix, run, StateVector } from '@sema/simulator';
import { mutualInformation } from '@sema/simulator/entanglement';
import {
  ACTION_QUBITS,
  amplitudeCircuit,
  ANCILLA,
  answerFilters,
  filterAngles,
  uniformActions,
  type Verdict,
} from './decision-circuit.ts';

/** One qubit of the map. */
export interface MapNode {
  readonly register: 'market' | 'hedge' | 'fusion';
  readonly label: string;
}

/** Two qubits, by their places in the list of nodes, and what each tells of the other. */
export interface MapLink {
  readonly a: number;
  readonly b: number;
  /** Mutual information, in [0, 2]: above 0 in a pure register means entangled. */
  readonly bits: number;
}

export interface EntanglementMap {
  readonly nodes: readonly MapNode[];
  readonly links: readonly MapLink[];
}

/** Below this a pair's information is rounding. */
const NOTHING = 1e-9;

/**
 * What the qubits of each register tell of each other: the market's prices as amplitudes, the
 * experts' weights as the Hedge mixture holds them, and the fusion before its last read.
 *
 * @param weights - of the experts that voted; any positive scale.
 * @param hedgeQubits - of the register that holds them; the heaviest have a place there.
 */
export function entanglementMap(
  verdict: Verdict,
  weights: readonly number[],
  hedgeQubits: number,
  choiceSensitivity: number,
): EntanglementMap {
  const hedge = hedgeAmplitudes(weights, hedgeQubits);
  const registers = [
    registerOf('market', 'm', amplitudeCircuit(verdict.prices)),
    ...(hedge === undefined ? [] : [registerOf('hedge', 'h', amplitudeCircuit(hedge))]),
    fusionRegister(verdict, choiceSensitivity),
  ];
  const nodes: MapNode[] = [];
  const links: MapLink[] = [];
  for (const register of registers) {
    const first = nodes.length;
    nodes.push(...register.nodes);
    links.push(...register.links.map(({ a, b, bits }) => ({ a: a + first, b: b + first, bits })));
  }
  return { nodes, links };
}

/** Weights by rank in a register of a power of two of states, as the circuit holds them. */
function hedgeAmplitudes(weights: readonly number[], qubits: number): number[] | undefined {
  const states = Array.from({ length: 1 << qubits }, (_, rank) => rank);
  const ranked = [...weights].sort((a, b) => b - a).slice(0, states.length);
  const total = ranked.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  return states.map((rank) => (ranked[rank] ?? 0) / total);
}

function registerOf(
  register: MapNode['register'],
  prefix: string,
  circuit: Circuit,
): EntanglementMap {
  using state = new StateVector(circuit.qubits);
  run(circuit, state);
  const nodes = Array.from({ length: circuit.qubits }, (_, k) => ({
    register,
    label: `${prefix}${k}`,
  }));
  return { nodes, links: linksOf(state) };
}

function fusionRegister(verdict: Verdict, choiceSensitivity: number): EntanglementMap {
  const filters = answerFilters(verdict, choiceSensitivity);
  const isTied = verdict.entanglement !== 'none';
  const ancillas = isTied ? filters.length : 1;
  using state = new StateVector(ANCILLA + ancillas);
  run(uniformActions(0, ancillas), state);
  filters.forEach((filter, k) => {
    const ancilla = isTied ? ANCILLA + k : ANCILLA;
    const turn = new Circuit(state.qubits);
    run(turn.multiplexedRy(filterAngles(filter), ACTION_QUBITS, ancilla), state);
    if (!isTied && k < filters.length - 1) postSelect(state, ancilla, 0);
  });
  const marks = Array.from({ length: ancillas }, (_, k) => (isTied ? `x${k}` : 'x'));
  const labels = [...ACTION_QUBITS.map((qubit) => `a${qubit}`), ...marks];
  return { nodes: labels.map((label) => ({ register: 'fusion', label })), links: linksOf(state) };
}

function linksOf(state: StateVector): MapLink[] {
  const links: MapLink[] = [];
  for (let a = 0; a < state.qubits; a++) {
    for (let b = a + 1; b < state.qubits; b++) {
      const bits = mutualInformation(reducedDensityMatrix(state, [a, b]), [0], [1]);
      if (bits > NOTHING) links.push({ a, b, bits });
    }
  }
  return links;
}
