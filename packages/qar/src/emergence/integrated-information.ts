import { log2 } from '@sema/simulator/elementary';

/** Bits below which mutual information is what rounding left of nothing. */
const ROUNDING = 1e-12;

/**
 * φ of n binary components: over all cuts into two parts, the least share of what a part could tell
 * about the other that it does tell,
 *
 *   φ = min over A|B of I(A; B) / min(H(A), H(B)).
 *
 * 0 when some part is independent of the rest, or never changes; 1 when in every cut one part
 * determines the other, as in ½(0…0) + ½(1…1). The cut is the minimum information bipartition; the
 * denominator makes cuts of different sizes comparable. It is the empirical, correlational measure,
 * not the causal φ of later integrated information theory. O(4^n): 7 cuts for n = 4.
 *
 * @param joint - probabilities of the 2^n patterns, sum 1; bit g of the index is component g.
 *   n in [2, 8].
 * @see Tononi (2004), BMC Neuroscience 5:42; Balduzzi & Tononi (2008), PLoS Comput. Biol. 4(6);
 *   Barrett & Seth (2011), PLoS Comput. Biol. 7(1); Oizumi et al. (2016), PNAS 113, 14817
 */
export function integratedInformation(joint: Float64Array): number {
  const all = joint.length - 1;
  const whole = entropyBits(joint);
  let least = Infinity;
  // A part and its complement are one cut: the part without the last component stands for both.
  for (let part = 1; part <= all >> 1; part++) {
    const inside = entropyBits(marginal(joint, part));
    const outside = entropyBits(marginal(joint, all ^ part));
    const shared = inside + outside - whole;
    const most = Math.min(inside, outside);
    least = Math.min(least, shared > ROUNDING && most > ROUNDING ? shared / most : 0);
  }
  return Math.min(1, least);
}

/** −Σ p log₂ p. */
function entropyBits(probabilities: Float64Array): number {
  let bits = 0;
  for (const p of probabilities) if (p > 0) bits -= p * log2(p);
  return bits;
}

/** The distribution over patterns of some components, the bits of the others set to 0. */
function marginal(joint: Float64Array, components: number): Float64Array {
  const sums = new Float64Array(joint.length);
  for (let pattern = 0; pattern < joint.length; pattern++) {
    sums[pattern & components] += joint[pattern];
  }
  return sums;
}
