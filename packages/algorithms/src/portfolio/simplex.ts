/**
 * The nearest point, in Euclidean distance, with entries ≥ 0 and sum 1, in place. O(n log n).
 *
 * @param point - finite.
 * @param scratch - as long; overwritten.
 * @see Duchi, Shalev-Shwartz, Singer & Chandra (2008), "Efficient Projections onto the ℓ1-Ball"
 */
export function projectToSimplex(point: Float64Array, scratch: Float64Array): void {
  const count = point.length;
  scratch.set(point);
  scratch.sort();
  let sum = 0;
  let threshold = 0;
  for (let kept = 1; kept <= count; kept += 1) {
    const next = scratch[count - kept];
    sum += next;
    const candidate = (sum - 1) / kept;
    if (next <= candidate) break;
    threshold = candidate;
  }
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    point[i] = Math.max(0, point[i] - threshold);
    total += point[i];
  }
  // Rounding alone; without it a few thousand steps would drift from the plane.
  for (let i = 0; i < count; i += 1) point[i] /= total;
}

/** Mean of a signal, and its squared distance from being the same for all assets. */
export function spreadOf(signal: ArrayLike<number>): { mean: number; squared: number } {
  const count = signal.length;
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += signal[i];
  const mean = sum / count;
  let squared = 0;
  for (let i = 0; i < count; i += 1) squared += (signal[i] - mean) * (signal[i] - mean);
  return { mean, squared };
}
