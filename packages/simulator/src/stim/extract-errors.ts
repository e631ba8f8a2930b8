import { SimulatorError } from '../errors.ts';
import type { DetectorErrorModel } from './detector-error-model.ts';
import { independentProbabilities } from './independent-errors.ts';
import { noisePaulis } from './noise-codes.ts';
import type { Basis, PauliFactor, StimCircuit, StimInstruction } from './stim-circuit.ts';

/**
 * What an error flips: rising numbers, detector d as d and observable l as −1 − l, so that
 * observables come first.
 */
type Symptoms = readonly number[];

const NONE: Symptoms = Object.freeze([]);

/**
 * The detector error model of a circuit: every independent error mechanism, those that flip the
 * same detectors and observables joined into one. Works backwards, keeping for each qubit what an X
 * and what a Z there would flip. O(targets of the circuit · symptoms), repeated blocks unrolled.
 * Errors are not split into simpler parts, and coordinates are left out.
 *
 * @throws {SimulatorError} `NOT_DETERMINISTIC` when a detector or observable is not determined
 *   without noise; `NOT_EXPRESSIBLE` for ELSE_CORRELATED_ERROR and for Pauli channels that are no
 *   product of independent errors
 * @see Gidney (2021), arXiv:2103.02202, §4.2
 */
export function extractErrors(circuit: StimCircuit): DetectorErrorModel {
  const analysis = new Analysis(circuit);
  for (const instruction of backwards(circuit.instructions)) analysis.undo(instruction);
  for (let qubit = 0; qubit < circuit.qubits; qubit++) analysis.mustNotMatter('Z', qubit);
  const instructions = [...analysis.found.values()]
    .sort((a, b) => compare(a.symptoms, b.symptoms))
    .map(({ symptoms, probability }) => ({
      kind: 'error' as const,
      probability,
      components: [
        {
          detectors: symptoms.filter((symptom) => symptom >= 0),
          observables: symptoms
            .filter((symptom) => symptom < 0)
            .map((symptom) => -1 - symptom)
            .reverse(),
        },
      ],
    }));
  const { detectors, observables } = circuit;
  return { instructions, detectors, observables, errors: instructions.length };
}

type Flat = Exclude<StimInstruction, { readonly kind: 'repeat' }>;
type Of<Kind extends Flat['kind']> = Extract<Flat, { readonly kind: Kind }>;

function* backwards(instructions: readonly StimInstruction[]): Generator<Flat> {
  for (let i = instructions.length - 1; i >= 0; i--) {
    const instruction = instructions[i];
    if (instruction.kind === 'repeat') {
      for (let turn = 0; turn < instruction.count; turn++) yield* backwards(instruction.body);
    } else {
      yield instruction;
    }
  }
}

/** What Paulis at one point of the circuit flip after it. */
class Analysis {
  readonly found = new Map<string, { readonly symptoms: Symptoms; probability: number }>();
  readonly #ofX: Symptoms[];
  readonly #ofZ: Symptoms[];
  /** What a flip of each recorded bit flips. */
  readonly #ofRecord = new Map<number, Symptoms>();
  #measured: number;
  #detected: number;

  constructor(circuit: StimCircuit) {
    this.#ofX = Array.from({ length: circuit.qubits }, () => NONE);
    this.#ofZ = Array.from({ length: circuit.qubits }, () => NONE);
    this.#measured = circuit.measurements;
    this.#detected = circuit.detectors;
  }

  /** Steps back over an instruction. */
  undo(instruction: Flat): void {
    switch (instruction.kind) {
      case 'gate':
        this.#undoGate(instruction);
        break;
      case 'feedback': {
        const { pauli, qubit, lookback } = instruction;
        this.#addToRecord(lookback, this.#of([{ pauli, qubit }]));
        break;
      }
      case 'measure':
        this.#undoMeasure(instruction);
        break;
      case 'measureProducts':
        for (const { factors } of [...instruction.products].reverse()) {
          this.#undoProduct(factors, instruction.flipProbability);
        }
        break;
      case 'reset':
        for (const qubit of [...instruction.qubits].reverse()) {
          this.#undoReset(instruction.basis, qubit);
        }
        break;
      case 'noise':
        this.#addNoise(instruction);
        break;
      case 'correlatedError':
        if (instruction.chained) {
          const message = 'ELSE_CORRELATED_ERROR is no independent error';
          throw new SimulatorError('NOT_EXPRESSIBLE', message);
        }
        this.#add(this.#of(instruction.factors), instruction.probability);
        break;
      case 'detector': {
        const detector = [--this.#detected];
        for (const lookback of instruction.lookbacks) this.#addToRecord(lookback, detector);
        break;
      }
      case 'observable': {
        const observable = [-1 - instruction.index];
        for (const lookback of instruction.lookbacks) this.#addToRecord(lookback, observable);
        break;
      }
      default:
        break;
    }
  }

  /** Refuses detectors that a Pauli would flip which the state here does not feel. */
  mustNotMatter(pauli: Basis, qubit: number): void {
    this.#mustBeNone(this.#of([{ pauli, qubit }]));
  }

  #mustBeNone(symptoms: Symptoms): void {
    if (symptoms.length === 0) return;
    const [first] = symptoms;
    const name = first < 0 ? `observable L${-1 - first}` : `detector D${first}`;
    throw new SimulatorError('NOT_DETERMINISTIC', `${name} is not determined without noise`);
  }

  #of(factors: readonly PauliFactor[]): Symptoms {
    let all = NONE;
    for (const { qubit, pauli } of factors) {
      if (pauli !== 'Z') all = joined(all, this.#ofX[qubit]);
      if (pauli !== 'X') all = joined(all, this.#ofZ[qubit]);
    }
    return all;
  }

  #addToRecord(lookback: number, symptoms: Symptoms): void {
    const index = this.#measured - lookback;
    this.#ofRecord.set(index, joined(this.#ofRecord.get(index) ?? NONE, symptoms));
  }

  /** P before a gate G is G P G† after it. */
  #undoGate({ map, qubits }: Of<'gate'>): void {
    for (let start = qubits.length - map.qubits; start >= 0; start -= map.qubits) {
      const group = qubits.slice(start, start + map.qubits);
      const before = map.images.map(({ x, z }) => {
        let all = NONE;
        group.forEach((qubit, j) => {
          if ((x >> j) & 1) all = joined(all, this.#ofX[qubit]);
          if ((z >> j) & 1) all = joined(all, this.#ofZ[qubit]);
        });
        return all;
      });
      group.forEach((qubit, j) => {
        this.#ofX[qubit] = before[2 * j];
        this.#ofZ[qubit] = before[2 * j + 1];
      });
    }
  }

  #undoMeasure({ basis: pauli, qubits, resets, flipProbability }: Of<'measure'>): void {
    for (let k = qubits.length - 1; k >= 0; k--) {
      if (resets) this.#undoReset(pauli, qubits[k]);
      this.#undoProduct([{ qubit: qubits[k], pauli }], flipProbability);
    }
  }

  #undoReset(basis: Basis, qubit: number): void {
    this.mustNotMatter(basis, qubit);
    this.#ofX[qubit] = NONE;
    this.#ofZ[qubit] = NONE;
  }

  #undoProduct(factors: readonly PauliFactor[], flipProbability: number): void {
    const index = --this.#measured;
    const symptoms = this.#ofRecord.get(index) ?? NONE;
    this.#ofRecord.delete(index);
    this.#add(symptoms, flipProbability);
    this.#mustBeNone(this.#of(factors));
    for (const { qubit, pauli } of factors) {
      if (pauli !== 'X') this.#ofX[qubit] = joined(this.#ofX[qubit], symptoms);
      if (pauli !== 'Z') this.#ofZ[qubit] = joined(this.#ofZ[qubit], symptoms);
    }
  }

  #addNoise({ arity, probabilities, qubits }: Of<'noise'>): void {
    const independent = independentProbabilities(probabilities, arity);
    for (let start = 0; start < qubits.length; start += arity) {
      independent.forEach((probability, index) => {
        if (probability === 0) return;
        this.#add(this.#of(noisePaulis(index + 1, arity, qubits, start)), probability);
      });
    }
  }

  /** Two errors with the same symptoms flip them when exactly one happens. */
  #add(symptoms: Symptoms, probability: number): void {
    if (symptoms.length === 0 || probability === 0) return;
    const key = symptoms.join(' ');
    const known = this.found.get(key);
    if (known === undefined) {
      this.found.set(key, { symptoms, probability });
    } else {
      const { probability: other } = known;
      known.probability = probability * (1 - other) + other * (1 - probability);
    }
  }
}

/** The numbers in exactly one of two rising lists, rising. */
function joined(a: Symptoms, b: Symptoms): Symptoms {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const result: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j === b.length || (i < a.length && a[i] < b[j])) result.push(a[i++]);
    else if (i === a.length || b[j] < a[i]) result.push(b[j++]);
    else {
      i++;
      j++;
    }
  }
  return result;
}

function compare(a: Symptoms, b: Symptoms): number {
  for (let k = 0; k < Math.min(a.length, b.length); k++) {
    if (a[k] !== b[k]) return a[k] - b[k];
  }
  return a.length - b.length;
}
