import { expInto, log1pInto, logInto, powInto } from '@sema/simulator/elementary';
import { checkRange, isOutside } from './argument-checks.ts';

/** w(p) = p^γ / (p^γ + (1 − p)^γ)^{1/γ}, of Tversky & Kahneman (1992). */
export interface TverskyKahnemanWeighting {
  /** γ of gains; in [0.01, 2]. 1 is none. */
  readonly gammaGain: number;
  /** The same for losses. */
  readonly gammaLoss: number;
}

/** w(p) = e^{−scale·(−ln p)^exponent}, of Prelec (1998). */
export interface PrelecWeighting {
  readonly prelecGain: PrelecCurve;
  readonly prelecLoss: PrelecCurve;
}

export interface PrelecCurve {
  /** α in [0.01, 2]: below 1 small chances are overrated and large ones underrated. 1 is none. */
  readonly exponent: number;
  /** β in [0.01, 10]: lower is more optimistic. At 1, Prelec's first form, w(1/e) = 1/e. */
  readonly scale: number;
}

export type ProbabilityWeighting = TverskyKahnemanWeighting | PrelecWeighting;

const EXPONENT = { from: 0.01, to: 2 };
const SCALE = { from: 0.01, to: 10 };

/** @throws {AlgorithmError} `OUT_OF_RANGE` */
export function checkWeighting(weighting: ProbabilityWeighting): void {
  if ('prelecGain' in weighting) {
    checkPrelec('prelecGain', weighting.prelecGain);
    checkPrelec('prelecLoss', weighting.prelecLoss);
    return;
  }
  const { gammaGain, gammaLoss } = weighting;
  if (isOutside(gammaGain, EXPONENT)) checkRange('gammaGain', gammaGain, EXPONENT);
  if (isOutside(gammaLoss, EXPONENT)) checkRange('gammaLoss', gammaLoss, EXPONENT);
}

function checkPrelec(name: string, { exponent, scale }: PrelecCurve): void {
  if (isOutside(exponent, EXPONENT)) checkRange(`${name}.exponent`, exponent, EXPONENT);
  if (isOutside(scale, SCALE)) checkRange(`${name}.scale`, scale, SCALE);
}

/** Chances to be weighed, n of gains and losses together, and room to do it in. */
export interface WeighingMemory {
  /** Becomes w of the share of `inside` in `inside + outside`. */
  readonly inside: Float64Array;
  /** What `inside` leaves: w is steep at 0 and at 1, where 1 − p would have lost its digits. */
  readonly outside: Float64Array;
  /** n entries each, of no meaning before or after. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly exponents: Float64Array;
}

/** @param count - n. */
export function weighingMemory(count: number): WeighingMemory {
  return {
    inside: new Float64Array(count),
    outside: new Float64Array(count),
    first: new Float64Array(count),
    second: new Float64Array(count),
    exponents: new Float64Array(count),
  };
}

/**
 * Weighs chances without allocating.
 *
 * @param gains - how many of them, from the first on, are chances of gains; the others of losses.
 */
export function weighProbabilities(
  weighting: ProbabilityWeighting,
  gains: number,
  memory: WeighingMemory,
): void {
  if ('prelecGain' in weighting) {
    writeSurprises(memory);
    weighSurprises(weighting, gains, memory);
  } else {
    weighShares(weighting, gains, memory);
  }
}

function weighShares(
  { gammaGain, gammaLoss }: TverskyKahnemanWeighting,
  gains: number,
  { inside, outside, first: p, second: q, exponents }: WeighingMemory,
): void {
  const count = inside.length;
  for (let i = 0; i < count; i += 1) {
    const total = inside[i] + outside[i];
    // What is nothing is put in below: powers of 0 are not for an array.
    p[i] = inside[i] === 0 ? 1 : inside[i] / total;
    q[i] = outside[i] === 0 ? 1 : outside[i] / total;
    exponents[i] = i < gains ? gammaGain : gammaLoss;
  }
  powInto(p, exponents, p);
  powInto(q, exponents, q);
  for (let i = 0; i < count; i += 1) {
    q[i] = outside[i] === 0 ? p[i] : p[i] + q[i];
    exponents[i] = 1 / exponents[i];
  }
  powInto(q, exponents, q);
  for (let i = 0; i < count; i += 1) inside[i] = inside[i] === 0 ? 0 : p[i] / q[i];
}

/** −ln p to `first`, in the form that keeps its digits near 1 and does not overflow near 0. */
function writeSurprises({ inside, outside, first, second, exponents }: WeighingMemory): void {
  for (let i = 0; i < inside.length; i += 1) {
    second[i] = outside[i] < inside[i] ? outside[i] / inside[i] : 0;
    first[i] = inside[i] + outside[i];
    exponents[i] = inside[i];
  }
  log1pInto(second, second);
  logInto(first, first);
  logInto(exponents, exponents);
  for (let i = 0; i < inside.length; i += 1) {
    first[i] = outside[i] < inside[i] ? second[i] : first[i] - exponents[i];
  }
}

function weighSurprises(
  { prelecGain, prelecLoss }: PrelecWeighting,
  gains: number,
  { inside, outside, first, exponents }: WeighingMemory,
): void {
  for (let i = 0; i < inside.length; i += 1) {
    if (inside[i] === 0 || outside[i] === 0) first[i] = 1;
    exponents[i] = i < gains ? prelecGain.exponent : prelecLoss.exponent;
  }
  powInto(first, exponents, first);
  for (let i = 0; i < inside.length; i += 1) {
    first[i] *= i < gains ? -prelecGain.scale : -prelecLoss.scale;
  }
  expInto(first, first);
  for (let i = 0; i < inside.length; i += 1) {
    if (inside[i] !== 0) inside[i] = outside[i] === 0 ? 1 : first[i];
  }
}
