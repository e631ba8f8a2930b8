import { LRUCache } from 'lru-cache';
import type { Circuit } from '../circuit.ts';
import type { Plan } from './assemble.ts';
import type { Memory, Region } from './memory.ts';
import { isFixed } from './linear.ts';
import { planSteps, structureOf } from './plan.ts';
import type { Numbers } from './precision.ts';
import { planSmall, SMALL_QUBITS } from './small.ts';
import type { Step } from './step.ts';

type PassFunction = (
  first: number,
  end: number,
  real: number,
  imaginary: number,
  block: number,
  work: number,
) => void;

/** A plan ready to run: its module instantiated on a memory. */
export class LoadedPlan {
  readonly id: number;
  readonly plan: Plan;
  readonly functions: readonly (PassFunction | undefined)[];
  /** Computes coefficients from parameters; of small plans only. */
  readonly bind: ((block: number) => void) | undefined;
  /** Binds and runs everything in one call; of small plans without opaque steps only. */
  readonly all: ((real: number, imaginary: number, block: number) => void) | undefined;
  /** The module for other threads, when the memory is shared. */
  readonly code: Region;
  readonly #memory: Memory;
  #users = 1;

  constructor(id: number, plan: Plan, memory: Memory) {
    this.id = id;
    this.plan = plan;
    this.#memory = memory;
    const bytes = plan.code.toBytes(memory.isShared);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), memory.imports);
    // The module exports functions of these types under these names.
    this.bind = exports.bind as typeof this.bind;
    this.all = exports.all as typeof this.all;
    this.functions = plan.passes.map((pass) =>
      pass.kind === 'tiles' ? (exports[pass.name] as PassFunction) : undefined,
    );
    if (memory.isShared) {
      const { address } = memory.take(bytes.length);
      new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
      this.code = { address, bytes: bytes.length };
    } else this.code = { address: 0, bytes: 0 };
  }

  use(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users > 0 || this.code.bytes === 0) return;
    this.#memory.giveBack(this.code);
  }
}

/** The plans of the structures met last, at most `entries` of them. */
export class PlanCache {
  readonly #memory: Memory;
  readonly #tileQubits: number | undefined;
  readonly #plans: LRUCache<string, LoadedPlan>;
  #made = 0;

  constructor(entries: number, memory: Memory, tileQubits?: number) {
    this.#memory = memory;
    this.#tileQubits = tileQubits;
    this.#plans = new LRUCache<string, LoadedPlan>({
      max: entries,
      dispose: (plan) => {
        plan.release();
      },
    });
  }

  get size(): number {
    return this.#plans.size;
  }

  /** How many plans were made because no cached one had the structure. */
  get made(): number {
    return this.#made;
  }

  /** A plan for these steps, to be released after use. */
  get(steps: readonly Step[], circuit: Circuit, numbers: Numbers): LoadedPlan {
    const { qubits } = circuit;
    const parameters = circuit.parameters.length;
    const isSmall = qubits <= SMALL_QUBITS;
    const fused = numbers.madd === undefined ? '' : 'fused';
    const bound = isSmall ? `${parameters}${JSON.stringify(boundAngles(steps))}` : '';
    const key = `${numbers.precision}${fused}${qubits}:${structureOf(steps)}${bound}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known.use();
    const made = isSmall
      ? planSmall(steps, qubits, numbers, parameters)
      : planSteps(steps, qubits, numbers, this.#tileQubits);
    const plan = new LoadedPlan(++this.#made, made, this.#memory);
    this.#plans.set(key, plan);
    return plan.use();
  }

  clear(): void {
    this.#plans.clear();
  }
}

/** The angles that small plans have in their code. */
function boundAngles(steps: readonly Step[]): unknown[] {
  return steps.flatMap((step) =>
    'angle' in step && !isFixed(step.angle) ? [step.angle.constant, ...step.angle.factors] : [],
  );
}
