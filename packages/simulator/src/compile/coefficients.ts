import { type Angles, type Binding, type Block, Layout } from './block.ts';
import { ANGLES_AT_ONCE, PARAMETERS_OFFSET } from './emit-bind.ts';
import { fixed, isFixed, type Linear, times } from './linear.ts';
import { smallFormOf } from './pieces.ts';
import type { Numbers } from './precision.ts';
import { coefficientsOf, factorOf, formOf } from './rotation.ts';
import type { Step } from './step.ts';

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
      const chosen = [...steps.keys()].filter((index) => {
        const step = steps[index];
        if (!('angle' in step) || isFixed(step.angle)) return false;
        return (smallFormOf(step, numbers) === 'tangent') === isTangent;
      });
      const group = Math.max(1, ANGLES_AT_ONCE / copies);
      const slots = group * Math.ceil(chosen.length / group);
      chosen.forEach((index, k) => {
        const step = steps[index];
        if ('angle' in step) angles.push(times(step.angle, step.kind === 'rotation' ? 0.5 : 1));
        this.#places.set(index, [2 * first + k, 2 * first + slots + k]);
      });
      while (angles.length < first + slots) angles.push(fixed(0));
      if (slots > 0) runs.push({ first, slots, isTangent });
    }
    this.angles = angles;
    this.runs = runs;
    let next = 2 * angles.length;
    steps.forEach((step, index) => {
      if (!('angle' in step) || this.#places.has(index)) return;
      this.#places.set(index, [next++, next++]);
    });
    this.#firstFactor = next;
    this.anglesOffset = layout.reserve(8 * angles.length * copies);
    this.offset = layout.reserve((next + factors.length) * copies * numberBytes(numbers));
    this.blockBytes = layout.bytes;
  }

  /**
   * The places of a step's numbers: cosine and sine, or cosine and tangent, or what its fixed form
   * reads.
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
      if (!('angle' in step) || !isFixed(step.angle)) return;
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
      if (!('angle' in step) || isFixed(step.angle)) return;
      const [first, second] = this.places(index);
      const [c, s] = [angles.cosine(index), angles.sine(index)];
      this.#write(block, first, c);
      const isTangent = smallFormOf(step, this.#numbers) === 'tangent';
      this.#write(block, second, isTangent ? s / c : s);
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
