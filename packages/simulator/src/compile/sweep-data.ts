import type { Angles, Binding, Block } from './block.ts';
import { COMPLEX_BYTES, FACTOR_BYTES } from './emit-tables.ts';
import type { SweepShape } from './emit-sweep.ts';
import type { Layout } from './block.ts';
import type { Numbers } from './precision.ts';
import { referenceKernels } from '../kernels/reference.ts';
import { localMask, type OutsideTerm, type Sweep } from './sweep.ts';

/** Where the tables of a sweep lie in the block of a plan, and how they are filled. */
export interface SweepData {
  readonly low: Table | undefined;
  readonly high: Table | undefined;
  /** The factors of qubits outside the tile, as the list that `emitFactors` reads. */
  readonly factors: { readonly offset: number; readonly end: number } | undefined;
  readonly bindings: readonly Binding[];
}

interface Table {
  readonly offset: number;
  readonly entries: number;
  /** Whether it lacks the factors of the qubits outside and so is not yet as sweeps read it. */
  readonly isPartial: boolean;
}

export function sweepData(
  sweep: Sweep,
  shape: SweepShape,
  layout: Layout,
  numbers: Numbers,
  isVariable: (step: number) => boolean,
): SweepData {
  const { rowQubits, selectors, low, high, outside } = sweep;
  const bindings: Binding[] = [];
  const isLow = ({ local }: OutsideTerm) => local >= 0 && local < rowQubits;
  const tableOf = (entries: number, isPartial: boolean): Table => {
    const bytes = entries * (isPartial ? COMPLEX_BYTES : 2 * numbers.bytes);
    return { offset: layout.reserve(bytes), entries, isPartial };
  };
  const lowTable = shape.hasLow
    ? tableOf(1 << (rowQubits + selectors.length), outside.some(isLow))
    : undefined;
  const highTable = shape.hasHigh
    ? tableOf(1 << (shape.tile - rowQubits), !outside.every(isLow))
    : undefined;
  if (lowTable !== undefined) {
    const chosen = selectors.reduce((mask, bit) => mask | (1 << bit), 0);
    const terms = low.map(({ mask, step }) => {
      const within = mask & ((1 << rowQubits) - 1);
      return { mask: within | (localMask(mask >> rowQubits, chosen) << rowQubits), step };
    });
    const rows = lowTable.isPartial ? 0 : 1 << rowQubits;
    bindings.push(tableBinding(lowTable, terms, rows, isVariable));
  }
  if (highTable !== undefined) bindings.push(tableBinding(highTable, high, 0, isVariable));
  if (outside.length === 0) {
    return { low: lowTable, high: highTable, factors: undefined, bindings };
  }
  const offset = layout.reserve(outside.length * FACTOR_BYTES);
  bindings.push(factorBinding(offset, outside, shape.tile, isVariable));
  const factors = { offset, end: offset + outside.length * FACTOR_BYTES };
  return { low: lowTable, high: highTable, factors, bindings };
}

/** `rows`: the length of rows that are split into real and imaginary parts, 0 to interleave. */
function tableBinding(
  { offset, entries, isPartial }: Table,
  terms: readonly { readonly mask: number; readonly step: number }[],
  rows: number,
  isVariable: (step: number) => boolean,
): Binding {
  const write = (block: Block, angles: Angles) => {
    const real = new Float64Array(entries).fill(1);
    const imaginary = new Float64Array(entries);
    for (const { mask, step } of terms) {
      referenceKernels.phase(real, imaginary, mask, mask, angles.cosine(step), angles.sine(step));
    }
    for (let i = 0; i < entries; i++) {
      if (isPartial) {
        block.double(offset, 2 * i, real[i]);
        block.double(offset, 2 * i + 1, imaginary[i]);
      } else if (rows === 0) {
        block.number(offset, 2 * i, real[i]);
        block.number(offset, 2 * i + 1, imaginary[i]);
      } else {
        const at = 2 * (i & -rows) + (i & (rows - 1));
        block.number(offset, at, real[i]);
        block.number(offset, at + rows, imaginary[i]);
      }
    }
  };
  return { isVariable: terms.some(({ step }) => isVariable(step)), write };
}

function factorBinding(
  offset: number,
  outside: readonly OutsideTerm[],
  tile: number,
  isVariable: (step: number) => boolean,
): Binding {
  const write = (block: Block, angles: Angles) => {
    outside.forEach((term, i) => {
      const slot = term.local < 0 ? tile : term.local;
      const at = offset + i * FACTOR_BYTES;
      block.word(at, 0, term.outside);
      block.word(at, 1, slot * COMPLEX_BYTES);
      block.double(at, 1, angles.cosine(term.step));
      block.double(at, 2, angles.sine(term.step));
    });
  };
  return { isVariable: outside.some(({ step }) => isVariable(step)), write };
}
