import { Block } from './block.ts';
import type { Region } from './memory.ts';
import type { LoadedPlan } from './plan-cache.ts';
import { addressesOffset } from './coefficients.ts';
import { PARAMETERS_OFFSET } from './emit-bind.ts';
import type { CompiledState } from './state.ts';
import type { Step } from './step.ts';
import { StepAngles, store, type Workshop } from './unit.ts';

/**
 * Up to so many qubits states side by side are faster than one after another. From four on one
 * state fills vectors by itself, and code for as many states as have lanes outgrows the caches of
 * instructions.
 */
export const SIDE_BY_SIDE_QUBITS = 3;

/** Runs a small program on as many states at once as a vector has lanes. */
export class Batch implements Disposable {
  /** How many states that is. */
  readonly lanes: number;
  readonly #loaded: LoadedPlan;
  readonly #workshop: Workshop;
  readonly #block: Region;
  /**
   * The amplitudes of all states, those of equal index side by side: real, then imaginary parts.
   */
  readonly #packed: Region;
  readonly #parameters: number;
  #values = new Float64Array(0);
  /** Of real and imaginary parts, state by state. */
  #addresses = new Int32Array(0);

  /** Takes over the plan, which is one for states side by side. */
  constructor(
    steps: readonly Step[],
    loaded: LoadedPlan,
    qubits: number,
    parameters: number,
    workshop: Workshop,
  ) {
    const { memory, numbers } = workshop;
    this.lanes = 1 << numbers.laneBits;
    this.#loaded = loaded;
    this.#workshop = workshop;
    this.#parameters = parameters;
    this.#block = memory.take(loaded.plan.blockBytes);
    this.#packed = memory.take(2 * 16 * (1 << qubits));
    const angles = new StepAngles(steps.length);
    angles.bind(steps, false, []);
    const block = new Block(memory.buffer, this.#block.address, numbers);
    for (const binding of loaded.plan.bindings) {
      if (!binding.isVariable) binding.write(block, angles);
    }
  }

  /**
   * Runs on states first, first + 1, …, each with its own parameters. False, and nothing done, when
   * parameters are missing, not finite or too large for generated code.
   */
  run(
    states: readonly CompiledState[],
    parameterSets: readonly ArrayLike<number>[],
    first: number,
  ): boolean {
    this.#refresh();
    for (let lane = 0; lane < this.lanes; lane++) {
      const parameters = parameterSets[first + lane];
      if (parameters.length !== this.#parameters) return false;
      store(this.#values, lane * this.#parameters, parameters);
    }
    for (let lane = 0; lane < this.lanes; lane++) {
      const state = states[first + lane];
      this.#addresses[2 * lane] = state.realAddress;
      this.#addresses[2 * lane + 1] = state.imaginaryAddress;
    }
    return this.#loaded.batch?.(this.#packed.address, this.#block.address) === 1;
  }

  [Symbol.dispose](): void {
    const { memory } = this.#workshop;
    memory.giveBack(this.#block);
    memory.giveBack(this.#packed);
    this.#loaded.release();
  }

  /** Views of a memory that has grown have no elements. */
  #refresh(): void {
    if (this.#addresses.length > 0) return;
    const address = this.#block.address + PARAMETERS_OFFSET;
    const { buffer } = this.#workshop.memory;
    this.#values = new Float64Array(buffer, address, this.lanes * this.#parameters);
    const addresses = this.#block.address + addressesOffset(this.#parameters, this.lanes);
    this.#addresses = new Int32Array(buffer, addresses, 2 * this.lanes);
  }
}
