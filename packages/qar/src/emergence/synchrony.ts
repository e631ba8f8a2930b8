/**
 * Kuramoto's order parameter |Σ e^{iθ}| / n of components that are in phase 0 (lean 1) or π
 * (lean −1): 0 when as many lean one way as the other, 1 when all lean the same way. O(n).
 *
 * @param leans - 1 or −1 per component, at least one.
 * @see Kuramoto (1984), Chemical Oscillations, Waves, and Turbulence, §5.4
 */
export function synchrony(leans: ArrayLike<number>): number {
  let sum = 0;
  for (let g = 0; g < leans.length; g++) sum += leans[g];
  return Math.abs(sum) / leans.length;
}
