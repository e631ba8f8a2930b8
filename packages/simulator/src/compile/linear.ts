import type { Angle } from '../angle.ts';

/** An angle as a number plus multiples of parameters: what is known of it before a run. */
export interface Linear {
  readonly constant: number;
  /** Factors by parameter index; none is 0. */
  readonly factors: ReadonlyMap<number, number>;
}

const NONE: ReadonlyMap<number, number> = new Map<number, number>([]);

export function linear(angle: Angle): Linear {
  return typeof angle === 'number'
    ? fixed(angle)
    : { constant: 0, factors: new Map([[angle.index, angle.factor]]) };
}

export function fixed(constant: number): Linear {
  return { constant, factors: NONE };
}

export function isFixed(angle: Linear): boolean {
  return angle.factors.size === 0;
}

/** angle + factor · other. */
export function plus(angle: Linear, other: Linear, factor = 1): Linear {
  const constant = angle.constant + factor * other.constant;
  if (other.factors.size === 0) return { constant, factors: angle.factors };
  const factors = new Map(angle.factors);
  for (const [index, value] of other.factors) {
    const sum = (factors.get(index) ?? 0) + factor * value;
    if (sum === 0) factors.delete(index);
    else factors.set(index, sum);
  }
  return { constant, factors };
}

export function times(angle: Linear, factor: number): Linear {
  return plus(fixed(0), angle, factor);
}

export function valueOf(angle: Linear, parameters: ArrayLike<number>): number {
  let value = angle.constant;
  for (const [index, factor] of angle.factors) value += factor * parameters[index];
  return value;
}
