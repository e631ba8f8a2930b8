import { LRUCache } from 'lru-cache';
import type { Circuit } from '../circuit.ts';
import type { Plan } from './assemble.ts';
import type { Memory, Region } from './memory.ts';
import type { Linear } from './linear.ts';
import { planSteps, structureOf } from './plan.ts';
import { type Numbers, sideBySide } from './precision.ts';
import { planSelections, type Selection, selectionText } from './selections.ts';
import { fillSincosTable, TABLE_BYTES } from './sincos-table.ts';
import { planSmall, SMALL_QUBITS } from './small.ts';
import { isVariable, type Step } from './step.ts';

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
  readonly bind: ((block: number) => number) | undefined;
  /** Binds and runs everything in one call; of small plans without opaque steps only. */
  readonly all: ((real: number, imaginary: number, block: number) => number) | undefined;
  /** Does the same to states side by side; of plans for such only. */
  readonly batch: ((packed: number, block: number) => number) | undefined;
  /** The module for other threads, when the memory is shared. */
  readonly code: Region;
  readonly #memory: Memory;
  #users = 1;

  constructor(id: number, plan: Plan, memory: Memory) {
    this.id = id;
    this.plan = plan;
    this.#memory = memory;
    const bytes = plan.code.toBytes(memory.isShared);
    const exports = memory.exportsOf(bytes);
    // The module exports functions of these types under these names.
    this.bind = exports.bind as typeof this.bind;
    this.all = exports.all as typeof this.all;
    this.batch = exports.batch as typeof this.batch;
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
  #table: Region | undefined;

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
    return qubits <= SMALL_QUBITS
      ? this.#load(`${parameters}${angleText(steps)}`, steps, qubits, numbers, () =>
          planSmall(steps, numbers, { qubits, parameters, copies: 1 }, this.#sincosTable()),
        )
      : this.#load('', steps, qubits, numbers, () =>
          planSteps(steps, qubits, numbers, this.#tileQubits),
        );
  }

  /** A plan for a vector of small states side by side, to be released after use. */
  sideBySide(steps: readonly Step[], circuit: Circuit, numbers: Numbers): LoadedPlan {
    const { qubits } = circuit;
    const parameters = circuit.parameters.length;
    const key = `beside${parameters}${angleText(steps)}`;
    const copies = 1 << numbers.laneBits;
    return this.#load(key, steps, qubits, numbers, () =>
      planSmall(steps, sideBySide(numbers), { qubits, parameters, copies }, this.#sincosTable()),
    );
  }

  /** A plan for multiplexed RYs alone, to be released after use. */
  selections(selections: readonly Selection[], circuit: Circuit, numbers: Numbers): LoadedPlan {
    const { qubits } = circuit;
    const parameters = circuit.parameters.length;
    const kind = `selections${parameters}${selectionText(selections)}`;
    return this.#load(kind, [], qubits, numbers, () =>
      planSelections(selections, qubits, numbers, parameters),
    );
  }

  clear(): void {
    this.#plans.clear();
  }

  /** The address of the table that small plans compute sines and cosines with. */
  #sincosTable(): number {
    if (this.#table === undefined) {
      this.#table = this.#memory.take(TABLE_BYTES);
      const { address } = this.#table;
      fillSincosTable(new Float64Array(this.#memory.buffer, address, TABLE_BYTES / 8));
    }
    return this.#table.address;
  }

  #load(
    kind: string,
    steps: readonly Step[],
    qubits: number,
    numbers: Numbers,
    make: () => Plan,
  ): LoadedPlan {
    const fused = numbers.madd === undefined ? '' : 'fused';
    const key = `${numbers.precision}${fused}${qubits}:${structureOf(steps)}:${kind}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known.use();
    const plan = new LoadedPlan(++this.#made, make(), this.#memory);
    this.#plans.set(key, plan);
    return plan.use();
  }
}

/** The angles that small plans have in their code, as text. */
function angleText(steps: readonly Step[]): string {
  const texts = steps.map((step) => {
    if (!isVariable(step)) return [];
    if ('angle' in step) return numbersIn(step.angle);
    if (step.kind !== 'table' || step.entries instanceof Float64Array) return [];
    return [step.qubits, step.entries.map(numbersIn)];
  });
  return JSON.stringify(texts.filter((text) => text.length > 0));
}

function numbersIn({ constant, factors }: Linear): readonly unknown[] {
  return [constant, ...factors];
}
