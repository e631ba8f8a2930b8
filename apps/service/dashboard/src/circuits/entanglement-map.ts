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
 * experts' weights as the Hedge mixture holds them, and the fusion before its last ancilla is read.
 *
 * @param weights - of the experts that voted; any positive scale.
 */
export function entanglementMap(
  verdict: Verdict,
  weights: readonly number[],
  choiceSensitivity: number,
): EntanglementMap {
  const hedge = hedgeAmplitudes(weights);
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
function hedgeAmplitudes(weights: readonly number[]): number[] | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  const states = Array.from({ length: 16 }, (_, rank) => rank);
  const ranked = [...weights].sort((a, b) => b - a);
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
  using state = new StateVector(ANCILLA + 1);
  run(uniformActions(0), state);
  const filters = answerFilters(verdict, choiceSensitivity);
  filters.forEach((filter, k) => {
    const angles = filterAngles(filter);
    run(new Circuit(ANCILLA + 1).multiplexedRy(angles, ACTION_QUBITS, ANCILLA), state);
    if (k < filters.length - 1) postSelect(state, ANCILLA, 0);
  });
  const labels = [...ACTION_QUBITS.map((qubit) => `a${qubit}`), 'anc'];
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
