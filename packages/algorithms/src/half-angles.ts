import { atan } from '@sema/simulator/elementary';

/** The arctangents of 0/64 … 64/64. */
const ARCTANGENTS = Float64Array.from({ length: 65 }, (_, row) => atan(row / 64));

/**
 * Replaces each tangent t of half an angle by the angle, 2 arctan t, in place, from `first` to
 * before `end`. A steep one is given as the cotangent with its sign changed, so that |t| ≤ 1 and
 * the smaller of sine and cosine keeps all its digits.
 *
 * A table and a series, written out because a call for each angle would put numbers on the heap;
 * the error is below 2 ulp.
 */
export function tangentsToAngles(values: Float64Array, first: number, end: number): void {
  for (let i = first; i < end; i += 1) {
    const tangent = Math.abs(values[i]);
    const row = Math.floor(64 * tangent + 0.5);
    const t = (tangent - row / 64) / (1 + (tangent * row) / 64);
    const z = t * t;
    const tail = t * z * (-1 / 3 + z * (1 / 5 + z * (-1 / 7 + z * (1 / 9))));
    const angle = 2 * (ARCTANGENTS[row] + (t + tail));
    values[i] = values[i] < 0 || Object.is(values[i], -0) ? Math.PI - angle : angle;
  }
}

/** The tangent of the angle with this sine and cosine, both ≥ 0 and not both 0, as said there. */
export function foldedTangent(sine: number, cosine: number): number {
  return sine > cosine ? -(cosine / sine) : sine / cosine;
}
