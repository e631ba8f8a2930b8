import { Block } from './block.ts';
import { valueOf } from './linear.ts';
import type { Region } from './memory.ts';
import type { LoadedPlan } from './plan-cache.ts';
import { PARAMETERS_OFFSET } from './small.ts';
import type { CompiledState } from './state.ts';
import type { Step } from './step.ts';
import { largestParameter, StepAngles, type Workshop } from './unit.ts';

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
  readonly #dimension: number;
  readonly #parameters: number;
  readonly #limit: number;
  #buffer: ArrayBuffer | undefined;
  #values = new Float64Array(0);

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
    this.#dimension = 1 << qubits;
    this.#parameters = parameters;
    this.#limit = largestParameter(steps);
    this.#block = memory.take(loaded.plan.blockBytes);
    this.#packed = memory.take(2 * 16 * this.#dimension);
    const angles = new StepAngles(steps.length);
    const zeros = new Float64Array(parameters);
    steps.forEach((step, index) => {
      if (!('angle' in step)) return;
      angles.set(index, valueOf(step.angle, zeros), step.kind === 'rotation');
    });
    const block = new Block(memory.buffer, this.#block.address, numbers);
    for (const binding of loaded.plan.bindings) binding.write(block, angles);
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
      if (!this.#store(parameterSets[first + lane], lane)) return false;
    }
    const { pack, all, unpack } = this.#loaded;
    const { address } = this.#packed;
    const { bytes } = this.#workshop.numbers;
    for (let lane = 0; lane < this.lanes; lane++) {
      const state = states[first + lane];
      pack?.(state.realAddress, state.imaginaryAddress, address + lane * bytes);
    }
    all?.(address, address + 16 * this.#dimension, this.#block.address);
    for (let lane = 0; lane < this.lanes; lane++) {
      const state = states[first + lane];
      unpack?.(state.realAddress, state.imaginaryAddress, address + lane * bytes);
    }
    return true;
  }

  [Symbol.dispose](): void {
    const { memory } = this.#workshop;
    memory.giveBack(this.#block);
    memory.giveBack(this.#packed);
    this.#loaded.release();
  }

  #store(parameters: ArrayLike<number>, lane: number): boolean {
    const count = this.#parameters;
    if (parameters.length !== count) return false;
    for (let i = 0; i < count; i++) {
      const value = parameters[i];
      if (!(value <= this.#limit && value >= -this.#limit)) return false;
      this.#values[lane * count + i] = value;
    }
    return true;
  }

  #refresh(): void {
    const { buffer } = this.#workshop.memory;
    if (this.#buffer === buffer) return;
    this.#buffer = buffer;
    const values = this.#block.address + PARAMETERS_OFFSET;
    this.#values = new Float64Array(buffer, values, this.lanes * this.#parameters);
  }
}
