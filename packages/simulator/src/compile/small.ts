import type { Plan, PlannedPass } from './assemble.ts';
import { Coefficients } from './coefficients.ts';
import { emitAngles, emitSincos } from './emit-bind.ts';
import { emitBatch } from './emit-batch.ts';
import { emitGroup, isComplex } from './emit-group.ts';
import { emitWhole, type WholeSource } from './emit-whole.ts';
import { groupShape } from './group-shape.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { Numbers } from './precision.ts';
import type { Step } from './step.ts';
import { Code } from './wasm/code.ts';
import { ModuleBuilder } from './wasm/module.ts';
import { TYPE } from './wasm/opcodes.ts';

const { i32 } = TYPE;

/** States of at most this many qubits are held in registers, or near them, as a whole. */
export const SMALL_QUBITS = 6;

/** How many states there are side by side, and of what size and from how many parameters each. */
export interface SmallSize {
  readonly qubits: number;
  readonly parameters: number;
  readonly copies: number;
}

/**
 * A plan for a state that a function holds as a whole, or for some of them side by side. Its module
 * also exports `bind(block)`, which computes all coefficients from parameters, and, when nothing
 * stays whole, `all(real parts, imaginary parts, block)`, which does that and then everything else,
 * or `batch(states side by side, block)`, which does it to the states whose addresses the block
 * has. They return 1, or 0 when an angle is out of reach or no number; no state has changed then.
 *
 * @param table - the address of the table of `fillSincosTable`.
 */
export function planSmall(
  steps: readonly Step[],
  numbers: Numbers,
  { qubits, parameters, copies }: SmallSize,
  table: number,
): Plan {
  const code = new ModuleBuilder();
  const { passes, groups } = groupsOf(steps, numbers);
  const scaled = groups.flat().filter(({ scales }) => scales !== undefined);
  const coefficients = new Coefficients(steps, numbers, {
    parameters,
    copies,
    factors: scaled.map(({ scales = [] }) => scales),
  });
  const source: WholeSource = {
    steps,
    coefficients,
    factorPlace: (piece) => coefficients.factorPlace(scaled.indexOf(piece)),
    matrix: matrixFunctions(code, steps, qubits, numbers),
  };
  const angles = code.add(emitAngles(coefficients, parameters));
  const sincos = code.add(emitSincos(coefficients, numbers, table));
  const bind = new Code([i32], [i32]).get(0).call(angles).get(0).call(sincos);
  const bindIndex = code.add(bind, 'bind');
  groups.forEach((pieces, number) => {
    const whole = code.add(emitWhole(pieces, qubits, numbers, source));
    code.add(new Code([i32, i32, i32, i32, i32, i32]).get(2, 3, 4).call(whole), `p${number}`);
    if (passes.length > 1) return;
    if (copies === 1) code.add(allCode(bindIndex, whole), 'all');
    else {
      const size = { qubits, parameters, copies };
      code.add(emitBatch(bindIndex, whole, numbers, size), 'batch');
    }
  });
  const { blockBytes, bindings } = coefficients;
  return { code, passes, bindings, blockBytes, workBytes: 0 };
}

/** Matrices are groups of their own on a tile that is the whole state; alike ones share code. */
function matrixFunctions(
  code: ModuleBuilder,
  steps: readonly Step[],
  qubits: number,
  numbers: Numbers,
): WholeSource['matrix'] {
  const functions = new Map<string, number>();
  return (index) => {
    const step = steps[index];
    const outside = step.kind === 'matrix' ? step.mask & -(1 << numbers.laneBits) : 0;
    const group = { kind: 'group', qubits: outside, steps: [index], scales: [] } as const;
    const shape = groupShape(group, steps, (1 << qubits) - 1, numbers);
    const key = JSON.stringify(shape);
    const call = functions.get(key) ?? code.add(emitGroup(shape, numbers));
    functions.set(key, call);
    return { call, isBoth: isComplex(shape) };
  };
}

/** Everything between opaque steps is one pass. */
function groupsOf(
  steps: readonly Step[],
  numbers: Numbers,
): { passes: PlannedPass[]; groups: Piece[][] } {
  const passes: PlannedPass[] = [];
  const groups: Piece[][] = [];
  let group: number[] = [];
  const flush = () => {
    if (group.length === 0) return;
    passes.push({ kind: 'tiles', name: `p${groups.length}`, tiles: 1 });
    groups.push(piecesOf(steps, group, numbers));
    group = [];
  };
  steps.forEach((step, index) => {
    if (step.kind !== 'opaque') {
      group.push(index);
      return;
    }
    flush();
    passes.push({ kind: 'opaque', step: index });
  });
  flush();
  return { passes, groups };
}

/** A function (real parts, imaginary parts, block) that binds and runs. */
function allCode(bind: number, whole: number): Code {
  const code = new Code([i32, i32, i32], [i32]);
  const isBound = code.local(i32);
  code.get(2).call(bind).tee(isBound);
  code.when(() => code.get(0, 1, 2).call(whole));
  return code.get(isBound);
}
