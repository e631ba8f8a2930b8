import type { Annotation, NamedGate } from './gate-table.ts';
import { StimError } from './refusal.ts';
import type { Statement } from './statements.ts';
import type { PauliFactor, StimInstruction } from './stim-circuit.ts';
import { TargetReader } from './target-reader.ts';

/** What a circuit has had so far, earlier blocks multiplied out. */
export interface Counts {
  qubits: number;
  measurements: number;
  detectors: number;
  observables: number;
  steps: number;
}

/**
 * The instructions of one line, usually one, and their share of the counts.
 *
 * @throws {StimError} `STIM_SYNTAX`, `STIM_MEANING`, `STIM_UNSUPPORTED`, `STIM_LIMIT`
 */
export function buildInstructions(
  statement: Statement,
  gate: NamedGate,
  counts: Counts,
): StimInstruction[] {
  const targets = new TargetReader(statement, counts);
  counts.steps += 1 + statement.targets.length;
  switch (gate.kind) {
    case 'gate':
      takeArguments(statement, 0, 0);
      return gateInstructions(gate, targets);
    case 'measure':
    case 'measurePairs':
    case 'measureProducts':
    case 'pads':
      return [measurement(statement, gate, targets, counts)];
    case 'reset':
      takeArguments(statement, 0, 0);
      return [{ kind: 'reset', basis: gate.basis, qubits: targets.qubits() }];
    case 'noise':
      return [noise(statement, gate, targets)];
    case 'correlatedError': {
      const [probability] = probabilities(statement, 1, 1);
      const { chained } = gate;
      return [{ kind: 'correlatedError', probability, chained, factors: targets.factors() }];
    }
    default:
      return [annotation(statement, gate.kind, targets, counts)];
  }
}

type Of<Kind extends NamedGate['kind']> = Extract<NamedGate, { readonly kind: Kind }>;

/** Runs of gates, in the order of the targets, with the feedback between them apart. */
function gateInstructions(gate: Of<'gate'>, targets: TargetReader): StimInstruction[] {
  const { name, map, feedback } = gate;
  if (map.qubits === 1) return [{ kind: 'gate', name, map, qubits: targets.qubits() }];
  const instructions: StimInstruction[] = [];
  let run: number[] = [];
  for (const pair of targets.pairs(feedback, name === 'CZ')) {
    if (pair.lookback === undefined) {
      run.push(...pair.qubits);
      continue;
    }
    if (run.length > 0) instructions.push({ kind: 'gate', name, map, qubits: run });
    run = [];
    const { pauli, lookback, qubits } = pair;
    instructions.push({ kind: 'feedback', pauli, lookback, qubit: qubits[0] });
  }
  if (run.length > 0) instructions.push({ kind: 'gate', name, map, qubits: run });
  return instructions;
}

function measurement(
  statement: Statement,
  gate: Of<'measure' | 'measurePairs' | 'measureProducts' | 'pads'>,
  targets: TargetReader,
  counts: Counts,
): StimInstruction {
  const [flipProbability = 0] = probabilities(statement, 0, 1);
  if (gate.kind === 'measure') {
    const { basis, resets } = gate;
    const { qubits, inverted } = targets.invertibleQubits();
    counts.measurements += qubits.length;
    return { kind: 'measure', basis, resets, flipProbability, qubits, inverted };
  }
  const products = productsOf(gate, targets);
  counts.measurements += products.length;
  return { kind: 'measureProducts', flipProbability, products };
}

function productsOf(gate: Of<'measurePairs' | 'measureProducts' | 'pads'>, targets: TargetReader) {
  if (gate.kind === 'pads') return targets.pads();
  if (gate.kind === 'measureProducts') return targets.products();
  const { pauli } = gate;
  const { qubits, inverted } = targets.invertibleQubits();
  targets.checkPairs(qubits);
  return Array.from({ length: qubits.length / 2 }, (_, k) => ({
    factors: [
      { qubit: qubits[2 * k], pauli },
      { qubit: qubits[2 * k + 1], pauli },
    ] satisfies readonly PauliFactor[],
    inverted: inverted[2 * k] !== inverted[2 * k + 1],
  }));
}

function noise(statement: Statement, gate: Of<'noise'>, targets: TargetReader): StimInstruction {
  const { arity, arguments: count, probabilities: spread } = gate.noise;
  const given = probabilities(statement, count, count);
  const sum = given.reduce((total, p) => total + p, 0);
  // Sums of decimal numbers miss 1 by their rounding.
  if (sum > 1 + 1e-9) {
    const expected = 'probabilities that sum to at most 1';
    throw new StimError('STIM_MEANING', statement.place, expected, String(sum));
  }
  const qubits = targets.qubits();
  if (arity === 2) targets.checkPairs(qubits);
  return { kind: 'noise', arity, probabilities: spread(given), qubits };
}

function annotation(
  statement: Statement,
  kind: Annotation,
  targets: TargetReader,
  counts: Counts,
): StimInstruction {
  const coordinates = statement.arguments;
  switch (kind) {
    case 'detector':
      takeArguments(statement, 0, 255);
      counts.detectors++;
      return { kind, coordinates, lookbacks: targets.lookbacks() };
    case 'observable': {
      takeArguments(statement, 1, 1);
      const [index] = statement.arguments;
      if (!Number.isInteger(index) || index < 0) {
        const expected = 'an observable 0, 1, 2, …';
        throw new StimError('STIM_MEANING', statement.place, expected, String(index));
      }
      counts.observables = Math.max(counts.observables, index + 1);
      return { kind, index, lookbacks: targets.lookbacks() };
    }
    case 'qubitCoordinates':
      takeArguments(statement, 0, 255);
      return { kind, coordinates, qubits: targets.qubits() };
    case 'shiftCoordinates':
      takeArguments(statement, 0, 255);
      targets.none();
      return { kind, coordinates };
    case 'tick':
      takeArguments(statement, 0, 0);
      targets.none();
      return { kind };
  }
}

function takeArguments(statement: Statement, least: number, most: number): readonly number[] {
  const { name, place, arguments: given } = statement;
  if (given.length < least || given.length > most) {
    const range = least === most ? String(least) : `${least} to ${most}`;
    const found = String(given.length);
    throw new StimError('STIM_SYNTAX', place, `${range} arguments of ${name}`, found);
  }
  return given;
}

function probabilities(statement: Statement, least: number, most: number): readonly number[] {
  const given = takeArguments(statement, least, most);
  for (const p of given) {
    if (!(p >= 0 && p <= 1)) {
      throw new StimError('STIM_MEANING', statement.place, 'a probability in [0, 1]', String(p));
    }
  }
  return given;
}
