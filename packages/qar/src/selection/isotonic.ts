/**
 * The non-decreasing values nearest to those given, in least squares, by pooling adjacent
 * violators. O(n).
 *
 * @param values - finite.
 * @param weights - as many, > 0.
 * @see Ayer, Brunk, Ewing, Reid & Silverman (1955), An empirical distribution function for sampling
 *   with incomplete information
 */
export function isotonicRegression(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float64Array {
  const count = values.length;
  const mean = new Float64Array(count);
  const weight = new Float64Array(count);
  const size = new Int32Array(count);
  let blocks = 0;
  for (let i = 0; i < count; i++) {
    mean[blocks] = values[i];
    weight[blocks] = weights[i];
    size[blocks] = 1;
    blocks++;
    while (blocks > 1 && mean[blocks - 2] >= mean[blocks - 1]) {
      const last = blocks - 1;
      const before = blocks - 2;
      const both = weight[before] + weight[last];
      mean[before] += (mean[last] - mean[before]) * (weight[last] / both);
      weight[before] = both;
      size[before] += size[last];
      blocks--;
    }
  }
  const fitted = new Float64Array(count);
  let next = 0;
  for (let block = 0; block < blocks; block++) {
    fitted.fill(mean[block], next, next + size[block]);
    next += size[block];
  }
  return fitted;
}
