import { Circuit, Compiler, probabilityOfOne } from '@sema/simulator';
import type { CompiledState, Program } from '@sema/simulator';
import { checkInteger } from '../argument-checks.ts';
import type { AmplitudeOracle } from './amplitude-oracle.ts';

/** A preparation A whose last qubit marks what is sought, and Q = −A S₀ A† S_χ, compiled. */
export class GroverCircuit implements AmplitudeOracle, Disposable {
  readonly #marked: number;
  readonly #compiler = new Compiler();
  readonly #preparation: Program<'f64'>;
  readonly #round: readonly Program<'f64'>[];
  readonly #state: CompiledState<'f64'>;

  constructor(preparation: Circuit) {
    this.#marked = preparation.qubits - 1;
    const compiled = (circuit: Circuit) => this.#compiler.compile(circuit, 'f64');
    this.#preparation = compiled(preparation);
    this.#round = roundOf(preparation).map(compiled);
    this.#state = this.#compiler.state(preparation.qubits, 'f64');
  }

  /**
   * Real parts of QᵏA|0⟩ after {@link run}; it is real as A is. The marked qubit is the highest.
   */
  get real(): Float64Array {
    return this.#state.real;
  }

  /**
   * Runs A and then Q so many times. O(power · n · 2^n).
   *
   * @throws {AlgorithmError} `OUT_OF_RANGE` unless power is a whole number in [0, 1e6].
   */
  run(power: number): void {
    checkInteger('power', power, { from: 0, to: 1_000_000 });
    this.#state.reset();
    this.#preparation.run(this.#state);
    for (let round = 0; round < power; round += 1) {
      for (const program of this.#round) program.run(this.#state);
    }
  }

  /** As {@link AmplitudeOracle}; errors of {@link run}. */
  hitProbability(power: number): number {
    this.run(power);
    return Math.min(1, probabilityOfOne(this.#state, this.#marked));
  }

  [Symbol.dispose](): void {
    this.#state[Symbol.dispose]();
    for (const program of [this.#preparation, ...this.#round]) program[Symbol.dispose]();
    this.#compiler[Symbol.dispose]();
  }
}

/** Q without its sign, in the order in which its parts act: S_χ, A†, S₀, A. */
function roundOf(preparation: Circuit): readonly Circuit[] {
  const { qubits } = preparation;
  const reflection = new Circuit(qubits);
  const all = Array.from({ length: qubits }, (_, qubit) => qubit);
  for (const qubit of all) reflection.x(qubit);
  reflection.controlled('z', all.slice(0, -1), [qubits - 1]);
  for (const qubit of all) reflection.x(qubit);
  return [new Circuit(qubits).z(qubits - 1), preparation.inverse(), reflection, preparation];
}
