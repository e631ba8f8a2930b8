import { cos, sin } from '../elementary.ts';
import { isFixed, type Linear } from './linear.ts';
import type { Precision } from './precision.ts';

/**
 * How a rotation is computed. With a factor left out, which is made good once a pass, [[c, −s],
 * [s, c]] needs half of the multiplications: `tangent` is [[1, −t], [t, 1]] and leaves out c,
 * `cotangent` is [[k, −1], [1, k]] and leaves out s, `plus` and `minus` are t = ±1. Which one is
 * accurate depends on the angle, so an angle bound later takes `full`.
 */
export type RotationForm = 'tangent' | 'cotangent' | 'plus' | 'minus' | 'full';

/** How many coefficients each form reads. */
export const COEFFICIENTS: Readonly<Record<RotationForm, number>> = {
  tangent: 1,
  cotangent: 1,
  plus: 0,
  minus: 0,
  full: 2,
};

export function formOf(angle: Linear): RotationForm {
  if (!isFixed(angle)) return 'full';
  if (angle.constant === Math.PI / 2) return 'plus';
  if (angle.constant === -Math.PI / 2) return 'minus';
  const half = angle.constant / 2;
  return Math.abs(cos(half)) >= Math.abs(sin(half)) ? 'tangent' : 'cotangent';
}

/** The coefficients of the rotation with cosine c and sine s of half its angle. */
export function coefficientsOf(form: RotationForm, c: number, s: number): readonly number[] {
  switch (form) {
    case 'tangent':
      return [s / c];
    case 'cotangent':
      return [c / s];
    case 'plus':
    case 'minus':
      return [];
    case 'full':
      return [c, s];
  }
}

/** The factor that the form leaves out. */
export function factorOf(form: RotationForm, c: number, s: number): number {
  switch (form) {
    case 'tangent':
      return c;
    case 'cotangent':
      return s;
    case 'plus':
    case 'minus':
      return Math.SQRT1_2;
    case 'full':
      return 1;
  }
}

/**
 * By how many powers of two amplitudes may exceed 1 until left-out factors are made good: half of
 * what a double has room for, and of a single.
 */
export const MOST_BITS: Readonly<Record<Precision, number>> = { f64: 500, f32: 60 };
/** A fixed rotation leaves out a factor of at least 2^−this. */
export const FIXED_BITS = 0.5;
