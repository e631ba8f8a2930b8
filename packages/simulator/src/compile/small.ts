import type { Plan, PlannedPass } from './assemble.ts';
import { type Angles, type Binding, type Block, Layout } from './block.ts';
import { emitWhole } from './emit-group.ts';
import { emitSincos } from './emit-sincos.ts';
import { groupShape } from './group-shape.ts';
import { isFixed, type Linear } from './linear.ts';
import type { Numbers } from './precision.ts';
import { coefficientsOf, factorOf, formOf } from './rotation.ts';
import type { Step } from './step.ts';
import { Code } from './wasm/code.ts';
import { ModuleBuilder } from './wasm/module.ts';
import { OP, TYPE } from './wasm/opcodes.ts';

const { i32 } = TYPE;

/** States of at most this many qubits are held in registers, or near them, as a whole. */
export const SMALL_QUBITS = 6;

/** Bytes of the block at which parameters are written, as doubles, before `bind` is called. */
export const PARAMETERS_OFFSET = 0;

/**
 * A plan for a state that a function holds as a whole, or for `copies` of them side by side. Its
 * module also exports `bind(block)`, which computes the coefficients of all parameters from their
 * values, and, when nothing stays whole, `all(real parts, imaginary parts, block)`, which does that
 * and then everything else.
 */
export function planSmall(
  steps: readonly Step[],
  qubits: number,
  numbers: Numbers,
  parameters: number,
  copies = 1,
): Plan {
  const code = new ModuleBuilder();
  const layout = new Layout();
  layout.reserve(8 * parameters * copies);
  const bindings: Binding[] = [];
  const coefficients = new Coefficients(steps, layout, numbers, copies);
  const bind = emitBind(code, coefficients, numbers, parameters);
  const passes: PlannedPass[] = [];
  let first = 0;
  const flush = (end: number) => {
    if (end === first) return;
    const name = `p${passes.length}`;
    const group = range(first, end);
    const all = (1 << qubits) - 1;
    const registers = all & -(1 << numbers.laneBits);
    const item = { kind: 'group', qubits: registers, steps: group } as const;
    const shape = groupShape(item, steps, all, numbers);
    const factor = coefficients.factor(group);
    const places = group.map((index) => coefficients.places[index]);
    const whole = code.add(emitWhole(shape, numbers, places, factor));
    code.add(passCode(whole, coefficients.offset), name);
    if (group.length === steps.length) code.add(allCode(bind, whole, coefficients.offset), 'all');
    passes.push({ kind: 'tiles', name, tiles: 1 });
  };
  steps.forEach((step, index) => {
    if (step.kind !== 'opaque') return;
    flush(index);
    passes.push({ kind: 'opaque', step: index });
    first = index + 1;
  });
  flush(steps.length);
  bindings.push(coefficients.binding());
  if (copies > 1) {
    code.add(copyCode(qubits, numbers, copies, true), 'pack');
    code.add(copyCode(qubits, numbers, copies, false), 'unpack');
  }
  return { code, passes, bindings, blockBytes: layout.bytes, workBytes: 0 };
}

function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, k) => first + k);
}

/** A pass function as `assemble` has them, but for one tile that is the state itself. */
function passCode(whole: number, coefficients: number): Code {
  const code = new Code([i32, i32, i32, i32, i32, i32]);
  return code.get(2, 3, 4).i32(coefficients).op(OP.i32Add).call(whole);
}

/**
 * A function (real parts, imaginary parts, lane's address) that copies a state into its lane of
 * states side by side, real parts before imaginary ones, or out of it.
 */
function copyCode(qubits: number, numbers: Numbers, copies: number, isIn: boolean): Code {
  const code = new Code([i32, i32, i32]);
  const isDouble = numbers.precision === 'f64';
  const [load, store] = isDouble ? [OP.f64Load, OP.f64Store] : [OP.f32Load, OP.f32Store];
  const bytes = numbers.bytes / copies;
  for (const part of [0, 1]) {
    for (let i = 0; i < 1 << qubits; i++) {
      const lane = numbers.bytes * ((part << qubits) + i);
      if (isIn) {
        code
          .get(2, part)
          .memory(load, bytes * i)
          .memory(store, lane);
      } else {
        code
          .get(part, 2)
          .memory(load, lane)
          .memory(store, bytes * i);
      }
    }
  }
  return code;
}

/** A function (real parts, imaginary parts, block) that binds and runs. */
function allCode(bind: number, whole: number, coefficients: number): Code {
  const code = new Code([i32, i32, i32]);
  return code.get(2).call(bind).get(0, 1, 2).i32(coefficients).op(OP.i32Add).call(whole);
}

/**
 * Where each step's coefficients lie: first cosine and sine of all angles with parameters, in the
 * order in which `bind` computes them, then everything fixed.
 */
class Coefficients {
  /** Angles with parameters, halved for rotations; there is room for a multiple of four. */
  readonly angles: readonly { readonly angle: Linear; readonly scale: number }[];
  readonly anglesOffset: number;
  /** How many states there are side by side. */
  readonly copies: number;
  readonly offset: number;
  /** The number of each step's first coefficient. */
  readonly places: readonly number[];
  readonly #steps: readonly Step[];
  readonly #factors: { readonly place: number; readonly steps: readonly number[] }[] = [];
  #next: number;

  constructor(steps: readonly Step[], layout: Layout, numbers: Numbers, copies: number) {
    this.#steps = steps;
    this.copies = copies;
    const variable = steps.filter((step) => 'angle' in step && !isFixed(step.angle));
    this.angles = variable.flatMap((step) =>
      'angle' in step ? [{ angle: step.angle, scale: step.kind === 'rotation' ? 0.5 : 1 }] : [],
    );
    const room = roomFor(this.angles.length * copies);
    let nextVariable = 0;
    this.#next = (2 * room) / copies;
    this.places = steps.map((step) => {
      if (!('angle' in step)) return 0;
      if (!isFixed(step.angle)) return 2 * nextVariable++;
      this.#next += 2;
      return this.#next - 2;
    });
    this.anglesOffset = layout.reserve(8 * room);
    // One factor for each group at most, and groups lie between opaque steps.
    const groups = steps.filter(({ kind }) => kind === 'opaque').length + 1;
    this.offset = layout.reserve((this.#next + groups) * numbers.bytes);
  }

  /** The place of the factor that these steps leave out; undefined when they leave out none. */
  factor(steps: readonly number[]): number | undefined {
    const leaves = steps.filter((index) => {
      const step = this.#steps[index];
      return step.kind === 'rotation' && isFixed(step.angle);
    });
    if (leaves.length === 0) return undefined;
    this.#factors.push({ place: this.#next, steps: leaves });
    return this.#next++;
  }

  /**
   * Writes everything; what has parameters as `bind` would, for angles that are too large for it.
   */
  binding(): Binding {
    const write = (block: Block, angles: Angles) => {
      this.#steps.forEach((step, index) => {
        if (!('angle' in step)) return;
        const [c, s] = [angles.cosine(index), angles.sine(index)];
        const values = step.kind === 'rotation' ? coefficientsOf(formOf(step.angle), c, s) : [c, s];
        values.forEach((value, k) => {
          this.#write(block, this.places[index] + k, value);
        });
      });
      for (const { place, steps } of this.#factors) {
        const product = steps.reduce((factor, index) => {
          const step = this.#steps[index];
          const form = step.kind === 'rotation' ? formOf(step.angle) : 'full';
          return factor * factorOf(form, angles.cosine(index), angles.sine(index));
        }, 1);
        this.#write(block, place, product);
      }
    };
    return { isVariable: this.angles.length > 0, write };
  }

  #write(block: Block, place: number, value: number): void {
    for (let copy = 0; copy < this.copies; copy++) {
      block.number(this.offset, place * this.copies + copy, value);
    }
  }
}

/** `emitSincos` takes four angles at a time. */
function roomFor(angles: number): number {
  return 4 * Math.ceil(angles / 4);
}

function emitBind(
  module: ModuleBuilder,
  coefficients: Coefficients,
  numbers: Numbers,
  parameters: number,
): number {
  const { angles, anglesOffset, offset, copies } = coefficients;
  const code = new Code([i32]);
  if (angles.length > 0) {
    for (let i = 0; i < angles.length * copies; i++) {
      const { angle, scale } = angles[Math.floor(i / copies)];
      const first = PARAMETERS_OFFSET + 8 * parameters * (i % copies);
      code.get(0).f64(scale * angle.constant);
      for (const [parameter, factor] of angle.factors) {
        code.get(0).memory(OP.f64Load, first + 8 * parameter);
        if (scale * factor !== 1) code.f64(scale * factor).op(OP.f64Mul);
        code.op(OP.f64Add);
      }
      code.memory(OP.f64Store, anglesOffset + 8 * i);
    }
    const room = roomFor(angles.length * copies);
    code.get(0).i32(anglesOffset).op(OP.i32Add);
    code
      .get(0)
      .i32(anglesOffset + 8 * room)
      .op(OP.i32Add);
    code.get(0).i32(offset).op(OP.i32Add);
    code.call(module.add(emitSincos(numbers)));
  }
  return module.add(code, 'bind');
}
