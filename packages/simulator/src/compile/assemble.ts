import type { Angles, Binding, Block } from './block.ts';
import { Layout } from './block.ts';
import { coefficientCount, emitGroup, type GroupStep, isComplex } from './emit-group.ts';
import { emitLookup } from './emit-lookup.ts';
import { matrixCoefficients } from './emit-matrix.ts';
import { emitMasked, emitSweep, shapeOf } from './emit-sweep.ts';
import {
  COMPLEX_BYTES,
  emitFactors,
  emitGather,
  emitProducts,
  emitScaledTable,
  emitScatter,
  ROW_BYTES,
} from './emit-tables.ts';
import type { Item } from './group.ts';
import { groupShape } from './group-shape.ts';
import { lookup } from './lookup.ts';
import type { Numbers } from './precision.ts';
import { coefficientsOf, factorOf, formOf } from './rotation.ts';
import { type ScaledGroup, scaleGroups } from './scale-groups.ts';
import { isVariable, type Step } from './step.ts';
import { countBits, type MaskedPhase, planSweeps, type Sweep } from './sweep.ts';
import { sweepData } from './sweep-data.ts';
import type { Pass } from './tile.ts';
import { at, guarded, type Workspace, workspaceOf } from './workspace.ts';
import { Code, type Local } from './wasm/code.ts';
import { ModuleBuilder } from './wasm/module.ts';
import { OP, TYPE } from './wasm/opcodes.ts';

const { i32 } = TYPE;

/** A pass as it is run: an exported function over tiles, or an operation done by other means. */
export type PlannedPass =
  | { readonly kind: 'tiles'; readonly name: string; readonly tiles: number }
  | { readonly kind: 'opaque'; readonly step: number };

/** All that depends on the structure of a circuit and not on its numbers. */
export interface Plan {
  readonly code: ModuleBuilder;
  readonly passes: readonly PlannedPass[];
  readonly bindings: readonly Binding[];
  /** Bytes of the block that bindings fill, and of the workspace that each thread needs. */
  readonly blockBytes: number;
  readonly workBytes: number;
}

/** Turns passes into WebAssembly functions and the tables that they read. */
export function assemble(
  steps: readonly Step[],
  passes: readonly Pass[],
  qubits: number,
  numbers: Numbers,
): Plan {
  const assembler = new Assembler(steps, qubits, numbers);
  const planned = passes.map((pass, index): PlannedPass => {
    if (pass.kind === 'opaque') return { kind: 'opaque', step: pass.step };
    const name = `p${index}`;
    const tiles = assembler.tiles(pass.active, pass.items, name);
    return { kind: 'tiles', name, tiles };
  });
  const { code, bindings, layout, workBytes } = assembler;
  return { code, passes: planned, bindings, blockBytes: layout.bytes, workBytes };
}

/** The parameters of a pass function. */
const [FIRST, END, RE, IM, BLOCK, WORK] = [0, 1, 2, 3, 4, 5];

class Assembler {
  readonly code = new ModuleBuilder();
  readonly bindings: Binding[] = [];
  readonly layout = new Layout();
  workBytes = 0;
  readonly #steps: readonly Step[];
  readonly #qubits: number;
  readonly #numbers: Numbers;
  readonly #functions = new Map<string, number>();
  readonly #tables = new Map<string, number>();

  constructor(steps: readonly Step[], qubits: number, numbers: Numbers) {
    this.#steps = steps;
    this.#qubits = qubits;
    this.#numbers = numbers;
  }

  /**
   * Exports a function (first tile, end of tiles, real parts, imaginary parts, block, workspace)
   * and returns how many tiles there are.
   */
  tiles(active: number, items: readonly Item[], name: string): number {
    const { bytes } = this.#numbers;
    const tile = countBits(active);
    const work = workspaceOf(tile, bytes);
    this.workBytes = Math.max(this.workBytes, work.bytes);
    const outside = ((1 << this.#qubits) - 1) & ~active;
    const tiles = 1 << (this.#qubits - tile);
    const bases = this.#offsets(outside, 0, tiles, 1);
    const lowBits = 31 - Math.clz32(ROW_BYTES / bytes);
    const rowCount = 1 << (tile - lowBits);
    const rows = this.#offsets(active, lowBits, rowCount, bytes);
    const code = new Code([i32, i32, i32, i32, i32, i32]);
    const base = code.local(i32);
    const parts = [
      [RE, work.re],
      [IM, work.im],
    ] as const;
    const moveRows = (part: number, scratch: number) => {
      code.get(part, base).i32(bytes).op(OP.i32Mul, OP.i32Add);
      at(code, BLOCK, rows);
      at(code, BLOCK, rows + 4 * rowCount);
      at(code, WORK, scratch);
    };
    const scaled = scaleGroups(items, this.#steps, this.#numbers.precision);
    const factor = this.#factor(scaled.left);
    code.doWhile(() => {
      at(code, BLOCK, bases);
      code.get(FIRST).i32(4).op(OP.i32Mul, OP.i32Add).memory(OP.i32Load).set(base);
      for (const [part, scratch] of parts) {
        moveRows(part, scratch);
        code.call(this.#shared('gather', emitGather));
      }
      for (const item of scaled.items) {
        if (item.kind === 'group') this.#group(code, item, active, work);
        else this.#sweeps(code, item.steps, active, base, work);
      }
      for (const [part, scratch] of parts) {
        moveRows(part, scratch);
        at(code, BLOCK, factor);
        code.call(this.#shared('scatter', () => emitScatter(this.#numbers)));
      }
      code.get(FIRST).i32(1).op(OP.i32Add).tee(FIRST).get(END).op(OP.i32Ne);
    });
    this.code.add(code, name);
    return tiles;
  }

  /** The table of the indices that have bits in a mask only, its `skipped` lowest bits left out. */
  #offsets(mask: number, skipped: number, count: number, bytes: number): number {
    const key = `${mask} ${skipped}`;
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const offset = this.layout.reserve(4 * count);
    let step = mask;
    for (let k = 0; k < skipped; k++) step &= step - 1;
    this.bindings.push({
      isVariable: false,
      write(block) {
        let index = 0;
        for (let i = 0; i < count; i++) {
          block.word(offset, i, index * bytes);
          index = (index - step) & step;
        }
      },
    });
    this.#tables.set(key, offset);
    return offset;
  }

  /** Where the product of the factors lies that these rotations leave out. */
  #factor(rotations: readonly number[]): number {
    const offset = this.layout.reserve(this.#numbers.bytes);
    const write = (block: Block, angles: Angles) => {
      block.number(offset, 0, this.#product(rotations, angles));
    };
    this.bindings.push({ isVariable: false, write });
    return offset;
  }

  #product(rotations: readonly number[], angles: Angles): number {
    return rotations.reduce((product, index) => {
      const step = this.#steps[index];
      if (step.kind !== 'rotation') return product;
      return product * factorOf(formOf(step.angle), angles.cosine(index), angles.sine(index));
    }, 1);
  }

  #group(code: Code, item: ScaledGroup, active: number, work: Workspace): void {
    const shape = groupShape(item, this.#steps, active, this.#numbers);
    const offset = this.layout.reserve(
      coefficientCount(shape, this.#numbers) * this.#numbers.bytes,
    );
    this.bindings.push(this.#coefficients(item.steps, offset, shape.steps, item.scales));
    const index = this.#shared(`group ${JSON.stringify(shape)}`, () =>
      emitGroup(shape, this.#numbers),
    );
    if (isComplex(shape)) {
      at(code, WORK, work.re);
      at(code, WORK, work.im);
      at(code, BLOCK, offset);
      code.call(index);
      return;
    }
    for (const part of [work.re, work.im]) {
      at(code, WORK, part);
      at(code, BLOCK, offset);
      code.call(index);
    }
  }

  #coefficients(
    steps: readonly number[],
    offset: number,
    parts: readonly GroupStep[] = [],
    scales: readonly number[] = [],
  ): Binding {
    const list = steps.map((index) => ({ index, step: this.#steps[index] }));
    const { laneBits } = this.#numbers;
    const write = (block: Block, angles: Angles) => {
      let at = 0;
      for (const [k, { index, step }] of list.entries()) {
        const part = parts.at(k);
        if (step.kind === 'rotation') {
          const form = formOf(step.angle);
          const [c, s] = [angles.cosine(index), angles.sine(index)];
          for (const value of coefficientsOf(form, c, s)) block.number(offset, at++, value);
        } else if (step.kind === 'phase') {
          block.number(offset, at++, angles.cosine(index));
          block.number(offset, at++, angles.sine(index));
        } else if (part?.kind === 'matrix') {
          const values = matrixCoefficients(part, laneBits, angles.entries(index));
          for (const value of values) block.number(offset, at++, value);
        }
      }
      if (scales.length > 0) block.number(offset, at, this.#product(scales, angles));
    };
    return { isVariable: steps.some((index) => this.#isVariable(index)), write };
  }

  #isVariable(index: number): boolean {
    return isVariable(this.#steps[index]);
  }

  #sweeps(
    code: Code,
    steps: readonly number[],
    active: number,
    base: Local,
    work: Workspace,
  ): void {
    const terms = steps.flatMap((index) => {
      const step = this.#steps[index];
      return step.kind === 'phase' ? [{ mask: step.mask, step: index }] : [];
    });
    const { sweeps, masked } = planSweeps(terms, active);
    for (const sweep of sweeps) {
      guarded(code, base, sweep.requiredOutside, () => {
        this.#sweep(code, sweep, base, work);
      });
    }
    for (const phase of masked) {
      guarded(code, base, phase.outside, () => {
        this.#masked(code, phase, work);
      });
    }
    for (const index of steps) {
      const step = this.#steps[index];
      if (step.kind === 'table') this.#lookup(code, index, step.mask, active, work);
    }
  }

  #lookup(code: Code, step: number, mask: number, active: number, work: Workspace): void {
    const of = { mask, step, isVariable: this.#isVariable(step) };
    const found = lookup(of, active, this.#qubits, this.layout, this.#numbers);
    this.bindings.push(...found.bindings);
    at(code, WORK, work.re);
    at(code, WORK, work.im);
    at(code, BLOCK, found.table);
    if (found.tiles !== undefined) {
      at(code, BLOCK, found.tiles);
      code.get(FIRST).i32(4).op(OP.i32Mul, OP.i32Add).memory(OP.i32Load).op(OP.i32Add);
    }
    at(code, BLOCK, found.rows);
    at(code, BLOCK, found.rows + 4 * found.rowCount);
    code.call(this.#shared(`lookup ${found.low}`, () => emitLookup(found.low, this.#numbers)));
  }

  #masked(code: Code, { local, step }: MaskedPhase, work: Workspace): void {
    const offset = this.layout.reserve(2 * this.#numbers.bytes);
    this.bindings.push(this.#coefficients([step], offset));
    at(code, WORK, work.re);
    at(code, WORK, work.im);
    at(code, BLOCK, offset);
    code.call(
      this.#shared(`masked ${work.tile} ${local}`, () =>
        emitMasked(local, work.tile, this.#numbers),
      ),
    );
  }

  #sweep(code: Code, sweep: Sweep, base: Local, work: Workspace): void {
    const shape = shapeOf(sweep, work.tile);
    const isVariable = (step: number) => this.#isVariable(step);
    const tables = sweepData(sweep, shape, this.layout, this.#numbers, isVariable);
    this.bindings.push(...tables.bindings);
    const { rowQubits } = sweep;
    if (tables.factors !== undefined) {
      at(code, BLOCK, tables.factors.offset);
      at(code, BLOCK, tables.factors.end);
      code.get(base);
      at(code, WORK, work.slots);
      at(code, WORK, work.slots + (work.tile + 2) * COMPLEX_BYTES);
      code.call(this.#shared('factors', emitFactors));
    }
    if (tables.low?.isPartial === true) {
      this.#products(code, work, 0, rowQubits, work.tile + 1);
      this.#scaleRows(code, tables.low.offset, sweep, work);
    }
    if (tables.high?.isPartial === true) {
      this.#products(code, work, rowQubits, work.tile, work.tile);
      const { bytes } = this.#numbers;
      this.#scaled(code, tables.high.offset, work, work.high, [
        tables.high.entries,
        bytes,
        2 * bytes,
      ]);
    }
    at(code, WORK, work.re);
    at(code, WORK, work.im);
    for (const [table, completed] of [
      [tables.low, work.low],
      [tables.high, work.high],
    ] as const) {
      // Where the plan put it, or where the workspace has it with all factors.
      if (table?.isPartial === false) at(code, BLOCK, table.offset);
      else at(code, WORK, completed);
    }
    code.call(
      this.#shared(`sweep ${JSON.stringify(shape)}`, () => emitSweep(shape, this.#numbers)),
    );
  }

  #scaleRows(code: Code, table: number, { rowQubits, selectors }: Sweep, work: Workspace): void {
    const { bytes } = this.#numbers;
    const entries = 1 << rowQubits;
    for (let row = 0; row < 1 << selectors.length; row++) {
      const target = work.low + row * entries * 2 * bytes;
      const source = table + row * entries * COMPLEX_BYTES;
      this.#scaled(code, source, work, target, [entries, entries * bytes, bytes]);
    }
  }

  #products(code: Code, work: Workspace, first: number, end: number, seed: number): void {
    for (const slot of [first, end, seed]) at(code, WORK, work.slots + slot * COMPLEX_BYTES);
    at(code, WORK, work.products);
    code.call(this.#shared('products', emitProducts));
  }

  #scaled(
    code: Code,
    table: number,
    work: Workspace,
    target: number,
    [entries, apart, stride]: readonly [number, number, number],
  ): void {
    at(code, BLOCK, table);
    at(code, WORK, work.products);
    at(code, WORK, work.products + entries * COMPLEX_BYTES);
    at(code, WORK, target);
    code.call(
      this.#shared(`scaled ${apart} ${stride}`, () =>
        emitScaledTable(this.#numbers, apart, stride),
      ),
    );
  }

  #shared(key: string, emit: () => Code): number {
    const index = this.#functions.get(key) ?? this.code.add(emit());
    this.#functions.set(key, index);
    return index;
  }
}
