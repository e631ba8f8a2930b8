import { OPENQASM_LIMITS } from './limits.ts';
import { OpenQasmError, type Place } from './refusal.ts';

/** The steps one reading may take: what a program expands to is bounded, not only its length. */
export class Budget {
  #left: number = OPENQASM_LIMITS.steps;

  /** @throws {OpenQasmError} `OPENQASM_LIMIT` */
  spend(at: Place): void {
    if (this.#left === 0) {
      throw new OpenQasmError('OPENQASM_LIMIT', at, {
        expected: `a program that takes at most ${OPENQASM_LIMITS.steps} steps to expand`,
        found: 'more',
      });
    }
    this.#left--;
  }
}
