import { type Angles, type Binding, type Block, Layout } from './block.ts';
import { ANGLES_AT_ONCE, PARAMETERS_OFFSET } from './emit-bind.ts';
import { matrixCoefficients, matrixVectors } from './emit-matrix.ts';
import { isReal, sortedAngles } from './entries.ts';
import { fixed, isFixed, type Linear, times } from './linear.ts';
import { smallFormOf } from './pieces.ts';
import type { Numbers } from './precision.ts';
import { coefficientsOf, factorOf, formOf } from './rotation.ts';
import { isVariable, type Step } from './step.ts';
import { countBits, localMask } from './sweep.ts';

/** Angles with parameters of which the same is needed, in slots one after another. */
export interface Run {
  readonly first: number;
  readonly slots: number;
  /** Whether cosines and tangents are needed, rather than cosines and sines. */
  readonly isTangent: boolean;
}

export interface CoefficientCounts {
  readonly parameters: number;
  readonly copies: number;
  /** Lists of rotations: the factors of the fixed ones among them are wanted as one number. */
  readonly factors: readonly (readonly number[])[];
}

/**
 * The layout of a small plan's block: parameters, the angles that depend on them, and coefficients.
 * Of these first come those that generated code computes, run by run, then everything fixed. For
 * states side by side there are `copies` of everything next to each other.
 */
export class Coefficients {
  /** By slot: of a phase the angle, of a rotation half of it. Slots that fill up a run are 0. */
  readonly angles: readonly Linear[];
  readonly runs: readonly Run[];
  readonly anglesOffset: number;
  readonly offset: number;
  readonly copies: number;
  readonly blockBytes: number;
  readonly #steps: readonly Step[];
  readonly #numbers: Numbers;
  readonly #places = new Map<number, readonly number[]>();
  readonly #factors: readonly (readonly number[])[];
  readonly #firstFactor: number;

  constructor(
    steps: readonly Step[],
    numbers: Numbers,
    { parameters, copies, factors }: CoefficientCounts,
  ) {
    this.#steps = steps;
    this.#numbers = numbers;
    this.copies = copies;
    this.#factors = factors;
    const layout = new Layout();
    layout.reserve(addressesOffset(parameters, copies));
    if (copies > 1) layout.reserve(8 * copies);
    const angles: Linear[] = [];
    const runs: Run[] = [];
    for (const isTangent of [true, false]) {
      const first = angles.length;
      const starts = new Map<number, number>();
      steps.forEach((step, index) => {
        if (!isVariable(step)) return;
        if ((smallFormOf(step, numbers) === 'tangent') !== isTangent) return;
        starts.set(index, angles.length - first);
        angles.push(...slotsOf(step, numbers));
      });
      const group = Math.max(1, ANGLES_AT_ONCE / copies);
      const slots = group * Math.ceil((angles.length - first) / group);
      for (const [index, k] of starts) {
        this.#places.set(index, [2 * first + k, 2 * first + slots + k]);
      }
      while (angles.length < first + slots) angles.push(fixed(0));
      if (slots > 0) runs.push({ first, slots, isTangent });
    }
    this.angles = angles;
    this.runs = runs;
    let next = 2 * angles.length;
    steps.forEach((step, index) => {
      if (this.#places.has(index)) return;
      const half = fixedCount(step, numbers) / 2;
      this.#places.set(index, [next, next + half]);
      next += 2 * half;
    });
    this.#firstFactor = next;
    this.anglesOffset = layout.reserve(8 * angles.length * copies);
    this.offset = layout.reserve((next + factors.length) * copies * numberBytes(numbers));
    this.blockBytes = layout.bytes;
  }

  /**
   * The places of a step's numbers: cosine and sine, or cosine and tangent, or what its fixed form
   * reads; of a table where its real and imaginary parts begin, of a matrix where its numbers do.
   */
  places(step: number): readonly number[] {
    return this.#places.get(step) ?? [];
  }

  /** The place of a list of factors, by its number. */
  factorPlace(number: number): number {
    return this.#firstFactor + number;
  }

  /** Everything fixed, and what generated code computes, for angles that are beyond its reach. */
  get bindings(): Binding[] {
    return [
      {
        isVariable: false,
        write: (block, angles) => {
          this.#writeFixed(block, angles);
        },
      },
      {
        isVariable: true,
        write: (block, angles) => {
          this.#writeVariable(block, angles);
        },
      },
    ];
  }

  #writeFixed(block: Block, angles: Angles): void {
    for (let i = 0; i < this.angles.length * this.copies; i++) {
      block.double(this.anglesOffset, i, 0);
    }
    this.#steps.forEach((step, index) => {
      if (isVariable(step)) return;
      if (step.kind === 'table') this.#writeTable(block, index, angles.entries(index), step.mask);
      if (step.kind === 'matrix') {
        const shape = { mask: step.mask, isReal: isReal(step.matrix) };
        const { laneBits } = this.#numbers;
        matrixCoefficients(shape, laneBits, angles.entries(index)).forEach((value, k) => {
          this.#write(block, this.places(index)[0] + k, value);
        });
      }
      if (!('angle' in step)) return;
      const [c, s] = [angles.cosine(index), angles.sine(index)];
      const values = step.kind === 'rotation' ? coefficientsOf(formOf(step.angle), c, s) : [c, s];
      values.forEach((value, k) => {
        this.#write(block, this.places(index)[k], value);
      });
    });
    this.#factors.forEach((list, number) => {
      const product = list.reduce((factor, index) => {
        const step = this.#steps[index];
        if (!('angle' in step) || !isFixed(step.angle)) return factor;
        const [c, s] = [angles.cosine(index), angles.sine(index)];
        return factor * factorOf(formOf(step.angle), c, s);
      }, 1);
      this.#write(block, this.factorPlace(number), product);
    });
  }

  #writeVariable(block: Block, angles: Angles): void {
    this.#steps.forEach((step, index) => {
      if (!isVariable(step)) return;
      if (step.kind === 'table') this.#writeTable(block, index, angles.entries(index), step.mask);
      if (!('angle' in step)) return;
      const [first, second] = this.places(index);
      const [c, s] = [angles.cosine(index), angles.sine(index)];
      this.#write(block, first, c);
      const isTangent = smallFormOf(step, this.#numbers) === 'tangent';
      this.#write(block, second, isTangent ? s / c : s);
    });
  }

  #writeTable(block: Block, index: number, entries: Float64Array, mask: number): void {
    const [real, imaginary] = this.places(index);
    tableSources(mask, this.#numbers).forEach((source, k) => {
      this.#write(block, real + k, entries[2 * source]);
      this.#write(block, imaginary + k, entries[2 * source + 1]);
    });
  }

  #write(block: Block, place: number, value: number): void {
    for (let copy = 0; copy < this.copies; copy++) {
      block.number(this.offset, place * this.copies + copy, value);
    }
  }
}

/**
 * Bytes of the block at which, for states side by side, the addresses of their real and imaginary
 * parts are, as 32-bit integers.
 */
export function addressesOffset(parameters: number, copies: number): number {
  return PARAMETERS_OFFSET + 16 * Math.ceil((parameters * copies) / 2);
}

/** Bytes of one state's number, also where a vector has numbers of several states. */
function numberBytes({ precision }: Numbers): number {
  return precision === 'f64' ? 8 : 4;
}

/**
 * A small plan's table has an entry for each reading of its qubits and of those within a vector,
 * whether or not the step acts on these. Gives the entry of the step, qubits ascending, for each.
 */
function tableSources(mask: number, { laneBits }: Numbers): number[] {
  const all = mask | ((1 << laneBits) - 1);
  const own = localMask(mask, all);
  return Array.from({ length: 1 << countBits(all) }, (_, i) => localMask(i, own));
}

/** The angles of a step with parameters, of a rotation half of it. */
function slotsOf(step: Step, numbers: Numbers): Linear[] {
  if ('angle' in step) return [step.kind === 'rotation' ? times(step.angle, 0.5) : step.angle];
  if (step.kind !== 'table' || step.entries instanceof Float64Array) return [];
  const sorted = sortedAngles(step.qubits, step.entries);
  return tableSources(step.mask, numbers).map((source) => sorted[source]);
}

/** How many numbers a step without parameters takes; even. */
function fixedCount(step: Step, numbers: Numbers): number {
  if ('angle' in step) return 2;
  if (step.kind === 'table') return 2 * tableSources(step.mask, numbers).length;
  if (step.kind !== 'matrix') return 0;
  const shape = { mask: step.mask, isReal: isReal(step.matrix) };
  return matrixVectors(shape, numbers.laneBits) << numbers.laneBits;
}
