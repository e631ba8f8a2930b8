import type { Operation } from '../operation.ts';
import { fillOffsets } from '../qubits.ts';
import type { Plan } from './assemble.ts';
import { type Angles, type Binding, type Block, Layout } from './block.ts';
import { PARAMETERS_OFFSET } from './emit-bind.ts';
import { emitSincos, LARGEST_ANGLE } from './emit-sincos.ts';
import { isFixed, type Linear, linear } from './linear.ts';
import type { Numbers } from './precision.ts';
import type { Step } from './step.ts';
import { Code, type Local } from './wasm/code.ts';
import { ModuleBuilder } from './wasm/module.ts';
import { OP, TYPE } from './wasm/opcodes.ts';

const { i32, f64 } = TYPE;

type Rotation = Extract<Step, { kind: 'rotation' }>;

/** A multiplexed RY whose angles are all multiples of one parameter each. */
export interface Selection {
  readonly target: number;
  readonly controls: readonly number[];
  readonly turns: readonly Rotation[];
}

/** States of at most this many qubits stay in the second-level cache while passes go over them. */
const MOST_QUBITS = 15;

/**
 * The circuit as multiplexed RYs with bound angles and nothing else, which is how distributions are
 * prepared and read; undefined when it is something else. Done whole rather than as phases they
 * keep small amplitudes to full relative precision, with the bits of the reference kernels.
 */
export function selectionsOf(
  operations: readonly Operation[],
  qubits: number,
  numbers: Numbers,
): readonly Selection[] | undefined {
  const isExact = numbers.precision === 'f64' && numbers.madd === undefined;
  if (!isExact || qubits > MOST_QUBITS || operations.length === 0) return undefined;
  const selections: Selection[] = [];
  for (const operation of operations) {
    if (operation.kind !== 'multiplexed' || operation.axis !== 'y') return undefined;
    const { target, controls } = operation;
    const turns = operation.angles.map((angle): Rotation => ({
      kind: 'rotation',
      target: 1 << target,
      angle: linear(angle),
    }));
    if (turns.some(({ angle }) => isFixed(angle))) return undefined;
    selections.push({ target, controls, turns });
  }
  return selections;
}

/** A text equal for selections that lead to the same plan, bindings included. */
export function selectionText(selections: readonly Selection[]): string {
  return JSON.stringify(
    selections.map(({ target, controls, turns }) => [
      target,
      controls,
      turns.map(({ angle }) => [...angle.factors]),
    ]),
  );
}

/**
 * A plan of one pass. Its module also exports `bind(block)` and `all(real parts, imaginary parts,
 * block)`, as plans for small states have them.
 */
export function planSelections(
  selections: readonly Selection[],
  qubits: number,
  numbers: Numbers,
  parameters: number,
): Plan {
  const turns = selections.flatMap((selection) => selection.turns);
  const layout = new Layout();
  layout.reserve(8 * parameters);
  // `emitSincos` takes four angles at a time.
  const room = 4 * Math.ceil(turns.length / 4);
  const sources = layout.reserve(16 * turns.length);
  const angles = layout.reserve(8 * room);
  const coefficients = layout.reserve(16 * room);
  const offsets = layout.reserve(4 * turns.length);

  const code = new ModuleBuilder();
  const sincos = code.add(emitSincos(numbers));
  const bind = new Code([i32], [i32]);
  const isReached = emitAngles(bind, sources, angles, turns.length);
  bind.get(0).i32(angles).op(OP.i32Add);
  bind
    .get(0)
    .i32(angles + 8 * room)
    .op(OP.i32Add);
  bind.get(0).i32(coefficients).op(OP.i32Add).call(sincos).get(isReached);
  const bindIndex = code.add(bind, 'bind');

  const turn = code.add(emitTurn());
  const wholeIndex = code.add(emitWhole(selections, qubits, { turn, offsets, coefficients }));
  const pass = new Code([i32, i32, i32, i32, i32, i32]);
  code.add(pass.get(2, 3, 4).call(wholeIndex), 'p0');
  const all = new Code([i32, i32, i32], [i32]);
  const isBound = all.local(i32);
  all.get(2).call(bindIndex).tee(isBound);
  all.when(() => all.get(0, 1, 2).call(wholeIndex));
  code.add(all.get(isBound), 'all');

  const bindings = [
    tableBinding(selections, sources, offsets),
    coefficientBinding(turns.length, coefficients),
  ];
  const passes = [{ kind: 'tiles', name: 'p0', tiles: 1 }] as const;
  return { code, passes, bindings, blockBytes: layout.bytes, workBytes: 0 };
}

/** A function (real parts, imaginary parts, block) that does all selections in order. */
function emitWhole(
  selections: readonly Selection[],
  qubits: number,
  { turn, offsets, coefficients }: Readonly<Record<'turn' | 'offsets' | 'coefficients', number>>,
): Code {
  const code = new Code([i32, i32, i32]);
  let first = 0;
  for (const { target, controls, turns } of selections) {
    const fixed = controls.reduce((mask, qubit) => mask | (1 << qubit), 1 << target);
    const free = ((1 << qubits) - 1) & ~fixed;
    const end = first + turns.length;
    for (const part of [0, 1]) {
      code.get(part);
      for (const place of [offsets + 4 * first, offsets + 4 * end, coefficients + 16 * first]) {
        code.get(2).i32(place).op(OP.i32Add);
      }
      code
        .i32(8 << target)
        .i32(8 * free)
        .call(turn);
    }
    first = end;
  }
  return code;
}

/**
 * Where each angle's parameter lies and half its factor (16 bytes an angle); where controls lie.
 */
function tableBinding(selections: readonly Selection[], sources: number, offsets: number): Binding {
  const write = (block: Block) => {
    let next = 0;
    for (const { controls, turns } of selections) {
      const places = new Int32Array(turns.length);
      fillOffsets(controls, places);
      turns.forEach(({ angle }, m) => {
        const [parameter, factor] = onlyFactor(angle);
        block.word(sources + 16 * next, 0, PARAMETERS_OFFSET + 8 * parameter);
        block.double(sources + 16 * next, 1, 0.5 * factor);
        block.word(offsets, next, 8 * places[m]);
        next += 1;
      });
    }
  };
  return { isVariable: false, write };
}

/** What `bind` writes, for angles that are too large for it. */
function coefficientBinding(turns: number, coefficients: number): Binding {
  const write = (block: Block, angles: Angles) => {
    for (let k = 0; k < turns; k++) {
      block.number(coefficients, 2 * k, angles.cosine(k));
      block.number(coefficients, 2 * k + 1, angles.sine(k));
    }
  };
  return { isVariable: true, write };
}

function onlyFactor(angle: Linear): readonly [number, number] {
  for (const entry of angle.factors) return entry;
  throw new Error('a selection has no fixed angle');
}

/**
 * angles[k] = half the factor · the parameter, for every angle. Returns the local that
 * tells whether all are numbers and within reach.
 */
function emitAngles(code: Code, sources: number, angles: number, count: number): Local {
  const [from, end, to, isReached] = [0, 1, 2, 3].map(() => code.local(i32));
  const angle = code.local(f64);
  code.get(0).i32(sources).op(OP.i32Add).set(from);
  code
    .get(0)
    .i32(sources + 16 * count)
    .op(OP.i32Add)
    .set(end);
  code.get(0).i32(angles).op(OP.i32Add).set(to);
  code.i32(1).set(isReached);
  code.doWhile(() => {
    code.get(from).memory(OP.f64Load, 8);
    code.get(from).memory(OP.i32Load, 0).get(0).op(OP.i32Add).memory(OP.f64Load);
    code.op(OP.f64Mul).set(angle);
    code.get(to, angle).memory(OP.f64Store);
    code.get(angle).op(OP.f64Abs).f64(LARGEST_ANGLE).op(OP.f64Le);
    code.get(isReached).op(OP.i32And).set(isReached);
    code.get(to).i32(8).op(OP.i32Add).set(to);
    code.get(from).i32(16).op(OP.i32Add).tee(from).get(end).op(OP.i32Ne);
  });
  return isReached;
}

/**
 * A function (part, offsets, their end, coefficients, target's bytes, free index bits in bytes):
 * rotates every pair of one part by the cosine and sine that its controls select.
 */
function emitTurn(): Code {
  const code = new Code([i32, i32, i32, i32, i32, i32]);
  const [part, offsets, end, coefficients, target, free] = [0, 1, 2, 3, 4, 5];
  const [i, at, pair, zero, one] = [0, 1, 2, 3, 4].map(() => code.local(i32));
  const [c, s, a, b] = [0, 1, 2, 3].map(() => code.local(f64));
  code.doWhile(() => {
    code.get(offsets).set(at).get(coefficients).set(pair);
    code.doWhile(() => {
      code.get(part, i).op(OP.i32Add).get(at).memory(OP.i32Load).op(OP.i32Add).tee(zero);
      code.memory(OP.f64Load).set(a);
      code.get(zero, target).op(OP.i32Add).tee(one).memory(OP.f64Load).set(b);
      code.get(pair).memory(OP.f64Load, 0).set(c).get(pair).memory(OP.f64Load, 8).set(s);
      code.get(zero, c, a).op(OP.f64Mul).get(s, b).op(OP.f64Mul, OP.f64Sub).memory(OP.f64Store);
      code.get(one, s, a).op(OP.f64Mul).get(c, b).op(OP.f64Mul, OP.f64Add).memory(OP.f64Store);
      code.get(pair).i32(16).op(OP.i32Add).set(pair);
      code.get(at).i32(4).op(OP.i32Add).tee(at).get(end).op(OP.i32Ne);
    });
    code.get(i, free).op(OP.i32Sub).get(free).op(OP.i32And).tee(i);
  });
  return code;
}
