import { cos, sin } from '../elementary.ts';
import { type Angles, Block } from './block.ts';
import { LARGEST_ANGLE } from './emit-sincos.ts';
import { entriesOf } from './entries.ts';
import { valueOf } from './linear.ts';
import type { Memory, Region } from './memory.ts';
import type { LoadedPlan } from './plan-cache.ts';
import type { Numbers } from './precision.ts';
import { PARAMETERS_OFFSET } from './small.ts';
import { isVariable, type OpaqueOperation, type Step } from './step.ts';
import type { Team } from './team.ts';

/** What a unit works with and does not own. */
export interface Workshop {
  readonly memory: Memory;
  readonly numbers: Numbers;
  /** undefined: this thread alone. */
  readonly team: Team | undefined;
  /** Workspaces for all threads, each at least so large, side by side. */
  workspace(bytes: number): { readonly address: number; readonly stride: number };
}

/** Steps without measurement, planned and with their numbers in memory. */
export class Unit implements Disposable {
  readonly #steps: readonly Step[];
  readonly #loaded: LoadedPlan;
  readonly #workshop: Workshop;
  readonly #block: Region;
  readonly #angles: StepAngles;
  readonly #variable: readonly number[];
  /** Parameters up to this, in magnitude, are bound by the plan's own code. */
  readonly #limit: number;
  readonly #parameters: number;
  #values: Float64Array | undefined;
  #valuesBuffer: ArrayBuffer | undefined;
  #isBound = false;

  /** Takes over the plan and releases it in the end. */
  constructor(steps: readonly Step[], loaded: LoadedPlan, parameters: number, workshop: Workshop) {
    this.#steps = steps;
    this.#loaded = loaded;
    this.#workshop = workshop;
    this.#block = workshop.memory.take(loaded.plan.blockBytes);
    this.#angles = new StepAngles(steps.length);
    this.#variable = steps.flatMap((step, index) => (isVariable(step) ? [index] : []));
    this.#parameters = parameters;
    this.#limit = largestParameter(steps);
  }

  /** Writes what depends on parameters; the first time, everything. */
  bind(parameters: ArrayLike<number>): void {
    if (this.#isBound && this.#variable.length === 0) return;
    if (this.#isBound && this.#loaded.bind !== undefined && this.#store(parameters)) {
      this.#loaded.bind(this.#block.address);
      return;
    }
    if (this.#isBound) {
      for (const index of this.#variable) this.#setAngle(index, parameters);
    } else this.#steps.forEach((_, index) => this.#setAngle(index, parameters));
    const { memory, numbers } = this.#workshop;
    const block = new Block(memory.buffer, this.#block.address, numbers);
    for (const binding of this.#loaded.plan.bindings) {
      if (!this.#isBound || binding.isVariable) binding.write(block, this.#angles);
    }
    // They may take as much memory as a state, and are not needed once written.
    this.#steps.forEach((step, index) => {
      if (step.kind === 'table') this.#angles.dropEntries(index);
    });
    this.#isBound = true;
  }

  /** Whether `tryAll` can do everything. */
  get isWhole(): boolean {
    return this.#loaded.all !== undefined;
  }

  /**
   * Binds and runs in one call, without allocating. False, and nothing done, when parameters are
   * missing, not finite or too large for generated code, or nothing has been bound yet.
   */
  tryAll(real: number, imaginary: number, parameters: ArrayLike<number>): boolean {
    const { all } = this.#loaded;
    if (!this.#isBound || all === undefined || !this.#store(parameters)) return false;
    all(real, imaginary, this.#block.address);
    return true;
  }

  /** Runs on the parts at these addresses; `opaque` does what no pass can. */
  run(real: number, imaginary: number, opaque: (operation: OpaqueOperation) => void): void {
    const { plan, functions } = this.#loaded;
    const { address: work } =
      plan.workBytes === 0 ? { address: 0 } : this.#workshop.workspace(plan.workBytes);
    plan.passes.forEach((pass, index) => {
      const call = functions[index];
      if (pass.kind === 'opaque' || call === undefined) {
        const step = pass.kind === 'opaque' ? this.#steps[pass.step] : undefined;
        if (step?.kind === 'opaque') opaque(step.operation);
        return;
      }
      const { address: block } = this.#block;
      const run = (first: number, end: number) => {
        call(first, end, real, imaginary, block, work);
      };
      this.#share(index, pass.tiles, real, imaginary, run);
    });
  }

  [Symbol.dispose](): void {
    this.#workshop.memory.giveBack(this.#block);
    this.#loaded.release();
  }

  #share(
    pass: number,
    tiles: number,
    real: number,
    imaginary: number,
    run: (first: number, end: number) => void,
  ): void {
    const { team } = this.#workshop;
    if (team === undefined || tiles < MIN_SHARED_TILES) {
      run(0, tiles);
      return;
    }
    const {
      id: plan,
      code,
      plan: { workBytes },
    } = this.#loaded;
    const { address: work, stride } = this.#workshop.workspace(workBytes);
    const block = this.#block.address;
    team.do({ plan, code, pass, tiles, real, imaginary, block, work, workBytes: stride }, run);
  }

  /** Puts parameters where the plan's code finds them, unless one is nothing for it. */
  #store(parameters: ArrayLike<number>): boolean {
    const { buffer } = this.#workshop.memory;
    let values = this.#values;
    if (values === undefined || this.#valuesBuffer !== buffer) {
      const address = this.#block.address + PARAMETERS_OFFSET;
      values = new Float64Array(buffer, address, this.#parameters);
      this.#values = values;
      this.#valuesBuffer = buffer;
    }
    if (parameters.length !== values.length) return false;
    const limit = this.#limit;
    for (let i = 0; i < values.length; i++) {
      const value = parameters[i];
      if (!(value <= limit && value >= -limit)) return false;
      values[i] = value;
    }
    return true;
  }

  #setAngle(index: number, parameters: ArrayLike<number>): void {
    const step = this.#steps[index];
    if ('angle' in step) {
      this.#angles.set(index, valueOf(step.angle, parameters), step.kind === 'rotation');
    } else if (step.kind === 'matrix' || step.kind === 'table') {
      this.#angles.setEntries(index, entriesOf(step, parameters));
    }
  }
}

/** With fewer tiles, waking others takes longer than doing them. */
const MIN_SHARED_TILES = 4;

/** The magnitude up to which parameters lead to no angle beyond the reach of `emitSincos`. */
export function largestParameter(steps: readonly Step[]): number {
  let limit = LARGEST_ANGLE;
  for (const step of steps) {
    if (!('angle' in step)) continue;
    let factors = 0;
    for (const factor of step.angle.factors.values()) factors += Math.abs(factor);
    const room = LARGEST_ANGLE / 2 - Math.abs(step.angle.constant);
    if (factors > 0) limit = Math.min(limit, room / factors);
  }
  return limit;
}

export class StepAngles implements Angles {
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #entries = new Map<number, Float64Array>();

  constructor(steps: number) {
    this.#cosines = new Float64Array(steps);
    this.#sines = new Float64Array(steps);
  }

  set(step: number, angle: number, isHalved: boolean): void {
    this.#cosines[step] = cos(isHalved ? angle / 2 : angle);
    this.#sines[step] = sin(isHalved ? angle / 2 : angle);
  }

  cosine(step: number): number {
    return this.#cosines[step];
  }

  sine(step: number): number {
    return this.#sines[step];
  }

  setEntries(step: number, entries: Float64Array): void {
    this.#entries.set(step, entries);
  }

  entries(step: number): Float64Array {
    const entries = this.#entries.get(step);
    if (entries === undefined) throw new Error(`step ${step} has no entries`);
    return entries;
  }

  dropEntries(step: number): void {
    this.#entries.delete(step);
  }
}
