import { qubitsOf, type Step } from './step.ts';

/**
 * Steps as a list linked along every qubit, so that neighbours on a wire are found, removed and
 * replaced in constant time. A step is named by its position in the original list.
 */
export class Wires {
  readonly #steps: (Step | undefined)[];
  /** Two slots a step: a CX uses the second for its target. −1 is an end. */
  readonly #before: Int32Array;
  readonly #after: Int32Array;

  constructor(steps: readonly Step[], qubits: number) {
    this.#steps = steps.slice();
    const before = (this.#before = new Int32Array(2 * steps.length).fill(-1));
    const after = (this.#after = new Int32Array(2 * steps.length).fill(-1));
    const last = new Int32Array(qubits).fill(-1);
    for (const [at, step] of steps.entries()) {
      for (const qubit of qubitsOf(step)) {
        const previous = last[qubit];
        before[this.#slot(at, qubit)] = previous;
        if (previous !== -1) after[this.#slot(previous, qubit)] = at;
        last[qubit] = at;
      }
    }
  }

  /** The steps that are left, in order. */
  all(): number[] {
    return [...this.#steps.keys()].filter((at) => this.has(at));
  }

  has(at: number): boolean {
    return this.#steps[at] !== undefined;
  }

  step(at: number): Step {
    const step = this.#steps[at];
    if (step === undefined) throw new RangeError(`step ${at} was removed`);
    return step;
  }

  next(at: number, qubit: number): number | undefined {
    return this.#neighbour(this.#after[this.#slot(at, qubit)]);
  }

  previous(at: number, qubit: number): number | undefined {
    return this.#neighbour(this.#before[this.#slot(at, qubit)]);
  }

  remove(at: number): void {
    for (const qubit of qubitsOf(this.step(at))) {
      const slot = this.#slot(at, qubit);
      const [previous, next] = [this.#before[slot], this.#after[slot]];
      if (previous !== -1) this.#after[this.#slot(previous, qubit)] = next;
      if (next !== -1) this.#before[this.#slot(next, qubit)] = previous;
    }
    this.#steps[at] = undefined;
  }

  /** @param step - on the same qubits as the one it replaces. */
  replace(at: number, step: Step): void {
    const old = this.step(at);
    this.#steps[at] = step;
    if (old.kind === 'cx' && step.kind === 'cx' && old.control !== step.control) {
      for (const links of [this.#before, this.#after]) {
        [links[2 * at], links[2 * at + 1]] = [links[2 * at + 1], links[2 * at]];
      }
    }
  }

  toSteps(): Step[] {
    return this.#steps.filter((step) => step !== undefined);
  }

  #slot(at: number, qubit: number): number {
    const step = this.#steps[at];
    return 2 * at + (step?.kind === 'cx' && step.target === qubit ? 1 : 0);
  }

  #neighbour(at: number): number | undefined {
    return at === -1 ? undefined : at;
  }
}
