import { type Angle, type Parameter, scaled } from '../angle.ts';

const EIGHTH = Math.PI / 4;

/**
 * The angle of a rotation as a sum that loses nothing: multiples of π/4 are integers, so that
 * whether it is a T gate is no matter of rounding, and parameters stay symbols.
 */
export interface Phase {
  /** Multiples of π/4, in [0, 8). */
  readonly eighths: number;
  /** What is no such multiple, in radians. */
  readonly radians: number;
  /** Sums of parameters, by name. */
  readonly parameters: ReadonlyMap<string, Parameter>;
}

const NONE: ReadonlyMap<string, Parameter> = new Map();

export const ZERO: Phase = { eighths: 0, radians: 0, parameters: NONE };

/** count · π/4 */
export function eighths(count: number): Phase {
  return { ...ZERO, eighths: ((count % 8) + 8) % 8 };
}

/** A multiple of π/4 is recognised when it is within 1e-13 of one: a few rounding errors. */
export function phaseOf(angle: Angle): Phase {
  if (typeof angle !== 'number') return { ...ZERO, parameters: new Map([[angle.name, angle]]) };
  const count = Math.round(angle / EIGHTH);
  const near = Math.abs(angle - count * EIGHTH) <= 1e-13 * Math.max(1, Math.abs(angle));
  return near ? eighths(count) : { ...ZERO, radians: angle };
}

export function sum(a: Phase, b: Phase): Phase {
  const radians = phaseOf(a.radians + b.radians);
  const parameters = new Map(a.parameters);
  for (const [name, parameter] of b.parameters) {
    const factor = (parameters.get(name)?.factor ?? 0) + parameter.factor;
    if (factor === 0) parameters.delete(name);
    else parameters.set(name, { ...parameter, factor });
  }
  const count = a.eighths + b.eighths + radians.eighths;
  return { eighths: count % 8, radians: radians.radians, parameters };
}

export function negated({ eighths: count, radians, parameters }: Phase): Phase {
  const turned = [...parameters.values()].map((each) => ({ ...each, factor: -each.factor }));
  return {
    eighths: (8 - count) % 8,
    radians: radians === 0 ? 0 : -radians,
    parameters: new Map(turned.map((each) => [each.name, each])),
  };
}

/** Half of it, one of the two that there are. */
export function halved({ eighths: count, radians, parameters }: Phase): Phase {
  const halves = [...parameters.values()].map((each) => ({ ...each, factor: each.factor / 2 }));
  const rest = { ...ZERO, parameters: new Map(halves.map((each) => [each.name, each])) };
  return sum(phaseOf((count * EIGHTH) / 2 + radians / 2), rest);
}

export function isZero({ eighths: count, radians, parameters }: Phase): boolean {
  return count === 0 && radians === 0 && parameters.size === 0;
}

/** Whether it is exactly this multiple of π/4. */
export function isEighths(phase: Phase, count: number): boolean {
  return phase.eighths === count && phase.radians === 0 && phase.parameters.size === 0;
}

/** Whether it is an odd multiple of π/4: a T gate up to Clifford gates. */
export function isT(phase: Phase): boolean {
  return phase.eighths % 2 === 1 && phase.radians === 0 && phase.parameters.size === 0;
}

/** The angles to rotate by, one after another: at most one number, then the parameters. */
export function anglesOf({ eighths: count, radians, parameters }: Phase): Angle[] {
  const turns = count > 4 ? count - 8 : count;
  const fixed = turns * EIGHTH + radians;
  const angles: Angle[] = fixed === 0 ? [] : [fixed];
  for (const parameter of parameters.values()) angles.push(scaled(parameter, 1));
  return angles;
}
