import type { QubitRegister } from '@sema/algorithms';
import { FeedbackOperator } from '@sema/learning';
import { Compiler } from '@sema/simulator';
import { ACTIONS } from './actions.ts';
import { FusionCircuit } from './fusion-circuit.ts';
import type { FusionResult } from './fusion-circuit.ts';
import { AlgorithmCircuits } from './resources/algorithm-circuits.ts';
import { EntangledFusion } from './resources/entangled-fusion.ts';
import type { EntanglementPattern } from './resources/entanglement-pattern.ts';
import { ALGORITHMS } from './resources/qubit-shares.ts';
import type { QubitSettings } from './resources/qubit-shares.ts';

/** What runs the circuits of a decision. */
export interface Machine extends Disposable {
  readonly algorithms: AlgorithmCircuits;
  /**
   * @param filters - of the three algorithms, positive numbers per action; only ratios matter.
   * @throws {QarError} `REGISTER_TOO_SMALL`
   */
  fuse(
    filters: readonly Float64Array[],
    pattern: EntanglementPattern,
    feedback: FeedbackOperator,
    register: QubitRegister,
  ): FusionResult;
}

/** Makes the machine of an engine, which disposes of it. */
export type MachineMaker = (settings: QubitSettings) => Machine;

/** The machine without errors, read exactly: what decides where nothing else is asked for. */
export class PerfectMachine implements Machine {
  readonly algorithms: AlgorithmCircuits;
  readonly #compiler = new Compiler();
  readonly #fusion = new FusionCircuit({ compiler: this.#compiler });
  /** Only where marks may be entangled. */
  readonly #entangled: EntangledFusion | undefined;

  constructor({ returnQubits, entanglement, entanglementAngle }: QubitSettings) {
    this.algorithms = new AlgorithmCircuits(returnQubits, this.#compiler);
    if (entanglement === 'none') return;
    this.#entangled = new EntangledFusion(entanglementAngle, this.#compiler);
  }

  fuse(
    filters: readonly Float64Array[],
    pattern: EntanglementPattern,
    feedback: FeedbackOperator,
    register: QubitRegister,
  ): FusionResult {
    return pattern === 'none' || this.#entangled === undefined
      ? this.#fusion.fuse(filters, feedback, register)
      : this.#entangled.fuse(filters, pattern, feedback, register);
  }

  [Symbol.dispose](): void {
    this.algorithms[Symbol.dispose]();
    this.#fusion[Symbol.dispose]();
    this.#entangled?.[Symbol.dispose]();
    this.#compiler[Symbol.dispose]();
  }
}

/** What of a decision may be left out of its fusion. */
export type FusionPart = (typeof ALGORITHMS)[number] | 'feedback';

/**
 * A machine without errors on which one part has no say: an algorithm's filter lets every action
 * through alike, or the feedback turns nothing. For studies of what the part is worth.
 */
export function machineWithout(part: FusionPart): MachineMaker {
  return (settings) => {
    const machine = new PerfectMachine(settings);
    const silent = ALGORITHMS.findIndex((algorithm) => algorithm === part);
    return {
      algorithms: machine.algorithms,
      fuse: (filters, pattern, feedback, register) => {
        const heard = filters.map((filter, index) => (index === silent ? EVEN : filter));
        const turn = part === 'feedback' ? withoutHistory(feedback) : feedback;
        return machine.fuse(heard, pattern, turn, register);
      },
      [Symbol.dispose]: () => machine[Symbol.dispose](),
    };
  };
}

const EVEN = new Float64Array(ACTIONS.length).fill(1);

function withoutHistory({ regime, actions }: FeedbackOperator): FeedbackOperator {
  return new FeedbackOperator({ regime, actions });
}
