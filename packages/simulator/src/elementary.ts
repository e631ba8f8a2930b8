/**
 * Elementary functions whose results have the same bits on every machine.
 *
 * ECMAScript leaves the last bits of Math.exp, Math.sin and their like to the engine. These use
 * only +, −, ×, ÷, square roots and the bits of a double, which IEEE 754 fixes, so a result is a
 * function of its argument alone. Errors stay below one unit in the last place; special values are
 * those of the namesakes in Math. No call allocates (save sin, cos and tan beyond 2^20).
 */
export { expInto, log1pInto, logInto, powInto } from './elementary/arrays.ts';
export { exp, expm1, tanh } from './elementary/exponential.ts';
export { acos, asin, atan, atan2 } from './elementary/inverse-trigonometric.ts';
export { log, log1p, log2 } from './elementary/logarithm.ts';
export { pow } from './elementary/power.ts';
export { cos, sin, tan } from './elementary/trigonometric.ts';
