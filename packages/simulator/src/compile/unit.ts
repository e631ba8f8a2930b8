import { cos, sin } from '../elementary.ts';
import { type Angles, Block } from './block.ts';
import { PARAMETERS_OFFSET } from './emit-bind.ts';
import { entriesOf } from './entries.ts';
import { valueOf } from './linear.ts';
import type { Memory, Region } from './memory.ts';
import type { LoadedPlan } from './plan-cache.ts';
import type { Numbers } from './precision.ts';
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
  readonly #hasVariable: boolean;
  readonly #parameters: number;
  /** Where parameters are for the plan's code. */
  #values = new Float64Array(0);
  #isBound = false;

  /** Takes over the plan and releases it in the end. */
  constructor(steps: readonly Step[], loaded: LoadedPlan, parameters: number, workshop: Workshop) {
    this.#steps = steps;
    this.#loaded = loaded;
    this.#workshop = workshop;
    this.#block = workshop.memory.take(loaded.plan.blockBytes);
    this.#angles = new StepAngles(steps.length);
    this.#hasVariable = steps.some(isVariable);
    this.#parameters = parameters;
  }

  /** Writes what depends on parameters; the first time, everything. */
  bind(parameters: ArrayLike<number>): void {
    if (!this.#isBound) {
      this.#write(false, parameters);
      this.#isBound = true;
    }
    if (!this.#hasVariable) return;
    const { bind } = this.#loaded;
    const isDone = bind !== undefined && this.#store(parameters) && bind(this.#block.address) === 1;
    if (!isDone) this.#write(true, parameters);
  }

  /** Whether `tryAll` can do everything. */
  get isWhole(): boolean {
    return this.#loaded.all !== undefined;
  }

  /**
   * Binds and runs in one call, without allocating. False, and nothing done, when there are too few
   * or too many parameters, when one is not finite or too large for generated code, or when nothing
   * has been bound yet.
   */
  tryAll(real: number, imaginary: number, parameters: ArrayLike<number>): boolean {
    const { all } = this.#loaded;
    if (!this.#isBound || all === undefined || !this.#store(parameters)) return false;
    return all(real, imaginary, this.#block.address) === 1;
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

  /** Puts parameters where the plan's code finds them, unless they are too few or too many. */
  #store(parameters: ArrayLike<number>): boolean {
    const count = this.#parameters;
    if (parameters.length !== count) return false;
    // Views of a memory that has grown have no elements.
    if (this.#values.length !== count) {
      const address = this.#block.address + PARAMETERS_OFFSET;
      this.#values = new Float64Array(this.#workshop.memory.buffer, address, count);
    }
    store(this.#values, 0, parameters);
    return true;
  }

  /** Writes what has parameters, or what has none. */
  #write(variable: boolean, parameters: ArrayLike<number>): void {
    this.#angles.bind(this.#steps, variable, parameters);
    const { memory, numbers } = this.#workshop;
    const block = new Block(memory.buffer, this.#block.address, numbers);
    for (const binding of this.#loaded.plan.bindings) {
      if (binding.isVariable === variable) binding.write(block, this.#angles);
    }
    // They may take as much memory as a state, and are not needed once written.
    this.#steps.forEach((step, index) => {
      if (step.kind === 'table') this.#angles.dropEntries(index);
    });
  }
}

/** Copies numbers, of whatever kind of list, without allocating. */
export function store(target: Float64Array, offset: number, values: ArrayLike<number>): void {
  if (values instanceof Float64Array) {
    target.set(values, offset);
    return;
  }
  for (let i = 0; i < values.length; i++) target[offset + i] = values[i];
}

/** With fewer tiles, waking others takes longer than doing them. */
const MIN_SHARED_TILES = 4;

export class StepAngles implements Angles {
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #entries = new Map<number, Float64Array>();

  constructor(steps: number) {
    this.#cosines = new Float64Array(steps);
    this.#sines = new Float64Array(steps);
  }

  /** Sets what has parameters, or what has none. */
  bind(steps: readonly Step[], variable: boolean, parameters: ArrayLike<number>): void {
    steps.forEach((step, index) => {
      if (isVariable(step) !== variable) return;
      if ('angle' in step) {
        const angle = valueOf(step.angle, parameters);
        const used = step.kind === 'rotation' ? angle / 2 : angle;
        this.#cosines[index] = cos(used);
        this.#sines[index] = sin(used);
      } else if (step.kind === 'matrix' || step.kind === 'table') {
        this.#entries.set(index, entriesOf(step, parameters));
      }
    });
  }

  cosine(step: number): number {
    return this.#cosines[step];
  }

  sine(step: number): number {
    return this.#sines[step];
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
