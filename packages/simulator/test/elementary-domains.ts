import { Decimal } from 'decimal.js';
import {
  acos,
  asin,
  atan,
  atan2,
  cos,
  exp,
  expm1,
  log,
  log1p,
  log2,
  pow,
  sin,
  tan,
  tanh,
} from '@sema/simulator/elementary';
import type { RandomSource } from '@sema/simulator';
import { exact, Oracle, ulpsFrom } from './exact-decimal.ts';

type Draw = (random: RandomSource) => number;

/** A function, the truth about it, and where to draw its arguments. */
export interface Domain {
  readonly title: string;
  readonly compute: (a: number, b: number) => number;
  readonly truth: (a: Decimal, b: Decimal) => Decimal;
  readonly draw: readonly Draw[];
}

const between =
  (low: number, high: number): Draw =>
  (random) =>
    low + (high - low) * random.next();

/** Every order of magnitude equally likely. */
const positive =
  (low: number, high: number): Draw =>
  (random) =>
    exp(between(log(low), log(high))(random));

/** The same with both signs. */
const spread =
  (low: number, high: number): Draw =>
  (random) =>
    (random.next() < 0.5 ? -1 : 1) * positive(low, high)(random);

/** The double next to a multiple of π/2, where a sine or a cosine nearly cancels. */
const nearQuadrant: Draw = (random) => (Math.floor(random.next() * 660_000) * Math.PI) / 2;

const belowOne: Draw = (random) => 1 - positive(1e-16, 0.1)(random);

function one(
  title: string,
  compute: (x: number) => number,
  truth: (x: Decimal) => Decimal,
  draws: readonly Draw[],
): Domain[] {
  return draws.map((draw, index) => ({
    title: `${title}, range ${index}`,
    compute,
    truth,
    draw: [draw],
  }));
}

function two(
  title: string,
  compute: (a: number, b: number) => number,
  truth: (a: Decimal, b: Decimal) => Decimal,
  draws: readonly (readonly Draw[])[],
): Domain[] {
  return draws.map((draw, index) => ({ title: `${title}, range ${index}`, compute, truth, draw }));
}

const Long = Decimal.clone({ precision: 400 });
const TWO_PI = Long.acos(-1).mul(2);
const LN2 = Oracle.ln(2);

/** A large angle modulo 2π, all its digits used. */
const wrapped = (x: Decimal) => new Oracle(new Long(x).mod(TWO_PI).toSD(70));
const hyperbolic = (x: Decimal) => Oracle.exp(x.mul(2));

const ANGLES = [between(-Math.PI / 4, Math.PI / 4), between(-10, 10), spread(10, 2 ** 20)];
const HUGE = [spread(2 ** 20, 1e300), positive(2 ** 20, 2 ** 54)];
const PAIRS = [
  [between(-1, 1), between(-1, 1)],
  [spread(1e-12, 1e12), spread(1e-12, 1e12)],
  [spread(1e290, 1e308), spread(1e290, 1e308)],
  [spread(1e-318, 1e-290), spread(1e-318, 1e-290)],
];
const POWERS = [
  [positive(1e-10, 1e10), between(-30, 30)],
  [between(0.999, 1.001), between(-6e5, 6e5)],
  [between(0.9999999, 1.0000001), spread(1e3, 6e9)],
  [positive(1e-300, 1e300), between(-2, 2)],
];

/** Ranges that between them reach every branch of every function. */
export const DOMAINS: readonly Domain[] = [
  ...one('exp', exp, (x) => Oracle.exp(x), [
    between(-708, 709),
    spread(1e-18, 1),
    between(-745, -708),
  ]),
  ...one('expm1', expm1, (x) => Oracle.exp(x).minus(1), [
    spread(1e-18, 40),
    between(-1, 1),
    spread(0.005, 0.02),
    between(40, 709),
  ]),
  ...one('log', log, (x) => Oracle.ln(x), [
    positive(1e-308, 1e308),
    positive(5e-324, 1e-308),
    between(0.7, 1.5),
    between(0.995, 1.005),
  ]),
  ...one('log1p', log1p, (x) => Oracle.ln(x.plus(1)), [
    spread(1e-18, 0.99),
    spread(0.0015, 0.0025),
    positive(0.5, 1e300),
  ]),
  ...one('log2', log2, (x) => Oracle.ln(x).div(LN2), [positive(1e-308, 1e308), between(0.9, 1.1)]),
  ...two('pow', pow, (x, y) => Oracle.exp(Oracle.ln(x).mul(y)), POWERS),
  ...one('tanh', tanh, (x) => hyperbolic(x).minus(1).div(hyperbolic(x).plus(1)), [
    spread(1e-12, 22),
    between(-2, 2),
  ]),
  ...one('sin', sin, (x) => Oracle.sin(x), [...ANGLES, nearQuadrant]),
  ...one('cos', cos, (x) => Oracle.cos(x), [...ANGLES, nearQuadrant]),
  ...one('tan', tan, (x) => Oracle.tan(x), [...ANGLES, nearQuadrant]),
  ...one('sin far out', sin, (x) => Oracle.sin(wrapped(x)), HUGE),
  ...one('cos far out', cos, (x) => Oracle.cos(wrapped(x)), HUGE),
  ...one('tan far out', tan, (x) => Oracle.tan(wrapped(x)), HUGE),
  ...one('asin', asin, (x) => Oracle.asin(x), [between(-1, 1), spread(1e-12, 1), belowOne]),
  ...one('acos', acos, (x) => Oracle.acos(x), [between(-1, 1), spread(1e-20, 0.1), belowOne]),
  ...one('atan', atan, (x) => Oracle.atan(x), [
    between(-1, 1),
    spread(1e-12, 1e20),
    between(0.1, 4),
  ]),
  ...two('atan2', atan2, (y, x) => Oracle.atan2(y, x), PAIRS),
];

/** The largest error, in units in the last place, over `count` arguments, and where it is. */
export function worstError(domain: Domain, random: RandomSource, count: number) {
  let worst = { ulps: 0, at: [] as number[] }; // an empty literal alone would be never[]
  for (let i = 0; i < count; i++) {
    const at = domain.draw.map((draw) => draw(random));
    const [a, b = 0] = at;
    const ulps = ulpsFrom(domain.compute(a, b), domain.truth(exact(a), exact(b)));
    if (!(ulps <= worst.ulps)) worst = { ulps, at };
  }
  return worst;
}
