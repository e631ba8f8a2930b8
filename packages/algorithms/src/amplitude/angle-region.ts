import { asin } from '@sema/simulator/elementary';
import { clopperPearson } from './binomial-interval.ts';

interface Angles {
  readonly from: number;
  readonly to: number;
}

/** What was read of QᵏA|0⟩ for some powers k. */
export interface AmplifiedReadings {
  readonly powers: readonly number[];
  /** One for each power. */
  readonly hits: readonly number[];
  /** The same for each power. */
  readonly shots: number;
}

/**
 * The least and the largest θ in [0, π/2] that no power speaks against: of each, sin²((2k + 1)θ)
 * has to be in the interval of Clopper and Pearson for its hits. These are exact, and the shares of
 * α, in proportion to 2k + 1, sum to α: so with probability 1 − α at least θ lies between the two,
 * whatever it is. The largest share goes to the largest power, which says the most.
 *
 * @param alpha - in (0, 1).
 * @returns `undefined` when there is no such θ, which happens with probability α at most.
 */
export function angleRegion(
  { powers, hits, shots }: AmplifiedReadings,
  alpha: number,
): Angles | undefined {
  const weights = powers.reduce((sum, power) => sum + 2 * power + 1, 0);
  let region: readonly Angles[] = [{ from: 0, to: Math.PI / 2 }];
  powers.forEach((power, i) => {
    const share = (alpha * (2 * power + 1)) / weights;
    region = intersection(region, fringes(power, clopperPearson(hits[i], shots, share)));
  });
  if (region.length === 0) return undefined;
  return { from: region[0].from, to: region[region.length - 1].to };
}

/** All θ in [0, π/2] with sin²((2k + 1)θ) in [lower, upper], by quarter turns. */
function fringes(
  power: number,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): readonly Angles[] {
  const factor = 2 * power + 1;
  const [first, last] = [asin(Math.sqrt(lower)), asin(Math.sqrt(upper))];
  return Array.from({ length: factor }, (_, quarter) => {
    const start = (quarter * Math.PI) / 2;
    const end = ((quarter + 1) * Math.PI) / 2;
    return quarter % 2 === 0
      ? { from: (start + first) / factor, to: (start + last) / factor }
      : { from: (end - last) / factor, to: (end - first) / factor };
  });
}

/** Of two ascending lists. */
function intersection(a: readonly Angles[], b: readonly Angles[]): readonly Angles[] {
  const common: Angles[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const from = Math.max(a[i].from, b[j].from);
    const to = Math.min(a[i].to, b[j].to);
    if (from <= to) common.push({ from, to });
    if (a[i].to < b[j].to) i += 1;
    else j += 1;
  }
  return common;
}
