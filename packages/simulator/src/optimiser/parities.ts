import type { Step } from './step.ts';

/** More variables than this are not told apart from each other's sums: masks stay short. */
const MAX_VARIABLES = 4096;

/**
 * What each qubit holds: a sum modulo 2 of variables, perhaps complemented. Its value at the start
 * is a variable, and so is its value after an H. When there are too many, all qubits begin anew.
 */
export class Parities {
  readonly #masks: bigint[] = [];
  readonly #flipped: boolean[] = [];
  readonly #keys: (string | undefined)[] = [];
  #variables = 0;
  #generation = 0;

  constructor(qubits: number) {
    for (let qubit = 0; qubit < qubits; qubit++) this.#renew(qubit);
  }

  /** Takes account of a step that is no rotation. */
  follow(step: Step): void {
    if (step.kind === 'h') {
      if (this.#variables === MAX_VARIABLES) this.#begin();
      this.#renew(step.qubit);
    } else if (step.kind === 'x') {
      this.#flipped[step.qubit] = !this.#flipped[step.qubit];
    } else if (step.kind === 'cx') {
      const { control, target } = step;
      this.#masks[target] ^= this.#masks[control];
      this.#flipped[target] = this.#flipped[target] !== this.#flipped[control];
      this.#keys[target] = undefined;
    }
  }

  /** The sum a qubit holds, by a name, and whether it is complemented. */
  of(qubit: number): { key: string; flipped: boolean } {
    const key = (this.#keys[qubit] ??= `${this.#generation}:${this.#masks[qubit].toString(32)}`);
    return { key, flipped: this.#flipped[qubit] };
  }

  #begin(): void {
    this.#generation++;
    this.#variables = 0;
    for (let qubit = 0; qubit < this.#masks.length; qubit++) this.#renew(qubit);
  }

  #renew(qubit: number): void {
    this.#masks[qubit] = 1n << BigInt(this.#variables);
    this.#flipped[qubit] = false;
    this.#keys[qubit] = undefined;
    this.#variables++;
  }
}
