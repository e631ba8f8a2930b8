import type { QubitRegister } from '@sema/algorithms';
import type { FeedbackOperator } from '@sema/learning';
import { Circuit, referenceKernels } from '@sema/simulator';
import type { CompiledState, Compiler, Program } from '@sema/simulator';
import { acos } from '@sema/simulator/elementary';
import { ACTION_QUBITS, ACTIONS } from '../actions.ts';
import { QarError } from '../errors.ts';
import type { FusionResult } from '../fusion-circuit.ts';
import { passAmplitudes } from './entanglement-pattern.ts';
import type { EntanglementPattern } from './entanglement-pattern.ts';
import { ALGORITHMS } from './qubit-shares.ts';

const REGISTER = Array.from({ length: ACTION_QUBITS }, (_, qubit) => qubit);
const STATES = 1 << ACTION_QUBITS;
/** Basis states of the register with all marks at 0, as a kernel takes them. */
const OFFSETS = Int32Array.from({ length: STATES }, (_, state) => state);
/** The marks of LMSR, prospect theory and Hedge. */
const MARKS = ALGORITHMS.map((_, index) => ACTION_QUBITS + index);
const QUBITS = ACTION_QUBITS + ALGORITHMS.length;

interface CompiledPattern {
  readonly program: Program<'f64'>;
  readonly state: CompiledState<'f64'>;
}

/**
 * Fusion on an action register of two qubits and a mark for each algorithm.
 *
 * The register starts in the uniform superposition of the three actions. Each filter f turns its
 * mark by 2·arccos √(f/max f), controlled on the action. The inverse of the pattern's entangling
 * circuit follows, and all marks are selected in 0: they are found in the pattern's state. The
 * regime's feedback then rotates the register.
 *
 * The classical twin is `fuseEntangled`.
 */
export class EntangledFusion implements Disposable {
  readonly requiredQubits = QUBITS;
  readonly #patterns: Readonly<Record<EntanglementPattern, CompiledPattern>>;
  readonly #angles = new Float64Array(ALGORITHMS.length * STATES);
  readonly #scratch = new Float64Array(2 * STATES);

  /** @param angle - θ of `patternState`, radians. */
  constructor(angle: number, compiler: Compiler) {
    const compiled = (pattern: EntanglementPattern): CompiledPattern => {
      const program = compiler.compile(fusionCircuit(pattern, angle), 'f64');
      return { program, state: program.state() };
    };
    this.#patterns = {
      none: compiled('none'),
      bell: compiled('bell'),
      cluster: compiled('cluster'),
      ghz: compiled('ghz'),
    };
  }

  /**
   * @param filters - of the three algorithms, positive numbers per action; only ratios matter.
   * @throws {QarError} `REGISTER_TOO_SMALL`
   */
  fuse(
    filters: readonly Float64Array[],
    pattern: EntanglementPattern,
    feedback: FeedbackOperator,
    { qubits }: QubitRegister,
  ): FusionResult {
    if (qubits.length < QUBITS) {
      const message = `fusion needs ${QUBITS} qubits, the register has ${qubits.length}`;
      throw new QarError('REGISTER_TOO_SMALL', message);
    }
    const { program, state } = this.#patterns[pattern];
    this.#bind(filters);
    const { real, imaginary } = state;
    real.fill(0);
    imaginary.fill(0);
    real[0] = 1;
    program.run(state, this.#angles);
    const successProbability = selectZeroMarks(real, imaginary);
    const rotation = feedback.operator(real.slice(0, STATES));
    referenceKernels.matrix(real, imaginary, OFFSETS, STATES, 0, rotation, this.#scratch);
    const measurements = new Float64Array(STATES);
    for (let k = 0; k < STATES; k++) {
      measurements[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
    }
    return {
      preferences: measurements.slice(0, ACTIONS.length),
      // The marks were projected, so the register is pure.
      trace: { measurements, coherence: 1, successProbability },
    };
  }

  #bind(filters: readonly Float64Array[]): void {
    for (const [j, filter] of filters.entries()) {
      const passes = passAmplitudes(filter);
      for (let action = 0; action < ACTIONS.length; action++) {
        this.#angles[j * STATES + action] = 2 * acos(passes[action]);
      }
    }
  }

  [Symbol.dispose](): void {
    for (const { state, program } of Object.values(this.#patterns)) {
      state[Symbol.dispose]();
      program[Symbol.dispose]();
    }
  }
}

/**
 * Normalises the states with all marks at 0, which come first; what is left of the others is not
 * read again.
 *
 * @returns the chance of finding the marks so.
 */
function selectZeroMarks(real: Float64Array, imaginary: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < STATES; k++) squares += real[k] * real[k] + imaginary[k] * imaginary[k];
  const scale = 1 / Math.sqrt(squares);
  for (let k = 0; k < STATES; k++) {
    real[k] *= scale;
    imaginary[k] *= scale;
  }
  return squares;
}

/** The actions, filtered by a mark for each algorithm, and the pattern of the marks undone. */
export function fusionCircuit(pattern: EntanglementPattern, angle: number): Circuit {
  // |00⟩ → (|00⟩ + |01⟩ + |10⟩)/√3, in the order of `ACTIONS`.
  const circuit = new Circuit(QUBITS)
    .ry(2 * acos(Math.sqrt(2 / 3)), 1)
    .multiplexedRy([Math.PI / 2, 0], [1], 0);
  for (const [j, mark] of MARKS.entries()) {
    const name = (k: number): string => `filter${j}.${k}`;
    const angles = Array.from({ length: STATES }, (_, k) => circuit.parameter(name(k)));
    circuit.multiplexedRy(angles, REGISTER, mark);
  }
  return circuit.append(entanglingCircuit(pattern, angle).inverse(), MARKS);
}

/** The circuit on three marks that makes `patternState` of |000⟩. */
export function entanglingCircuit(pattern: EntanglementPattern, angle: number): Circuit {
  const circuit = new Circuit(ALGORITHMS.length);
  // −2θ, so that cos θ|0⟩ − sin θ|1⟩.
  if (pattern === 'bell' || pattern === 'ghz') circuit.ry(-2 * angle, 0).cx(0, 2);
  if (pattern === 'ghz') circuit.cx(0, 1);
  if (pattern === 'cluster') link(link(circuit, angle, 0, 1), angle, 1, 2);
  return circuit;
}

/** With b ⊕ a in place of b, a link is a rotation of a. */
function link(circuit: Circuit, angle: number, a: number, b: number): Circuit {
  return circuit
    .cx(a, b)
    .ry(-2 * angle, a)
    .cx(a, b);
}
