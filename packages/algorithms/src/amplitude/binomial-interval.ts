import { exp, log, pow } from '@sema/simulator/elementary';

/** Doublings of precision from [0, 1] on: beyond the last bit of a double near 1. */
const BISECTIONS = 56;

/**
 * The interval of Clopper and Pearson for a probability of which `hits` in `shots` are known: exact
 * in that it misses with probability at most α, whatever the probability. O(56·shots).
 *
 * @param alpha - in (0, 1).
 * @see Clopper & Pearson (1934), "The use of confidence or fiducial limits illustrated in the case
 * of the binomial"
 */
export function clopperPearson(
  hits: number,
  shots: number,
  alpha: number,
): { readonly lower: number; readonly upper: number } {
  const lower = hits === 0 ? 0 : probabilityOfTail(hits, shots, alpha / 2);
  const upper = hits === shots ? 1 : 1 - probabilityOfTail(shots - hits, shots, alpha / 2);
  return { lower, upper };
}

/** The p at which `hits` or more of `shots` have this probability. */
function probabilityOfTail(hits: number, shots: number, tail: number): number {
  let low = 0;
  let high = hits / shots;
  const logChoices = logBinomial(shots, hits);
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (upperTail(hits, shots, middle, logChoices) < tail) low = middle;
    else high = middle;
  }
  return low;
}

/** P(X ≥ hits) for p ≤ hits/shots, where terms fall from the first on. */
function upperTail(hits: number, shots: number, p: number, logChoices: number): number {
  if (p === 0) return 0;
  const odds = p / (1 - p);
  let ratio = 1;
  let sum = 1;
  for (let k = hits; k < shots && ratio > 1e-17 * sum; k += 1) {
    ratio *= ((shots - k) / (k + 1)) * odds;
    sum += ratio;
  }
  return sum * exp(logChoices + hits * log(p) + (shots - hits) * log(1 - p));
}

function logBinomial(n: number, k: number): number {
  let sum = 0;
  const few = Math.min(k, n - k);
  for (let i = 1; i <= few; i += 1) sum += log((n - few + i) / i);
  return sum;
}

/** P(X ≥ least) of n draws that hit with probability p in (0, 1), each term by itself. */
export function binomialTail(least: number, n: number, p: number): number {
  let sum = 0;
  for (let k = least; k <= n; k += 1) {
    sum += exp(logBinomial(n, k)) * pow(p, k) * pow(1 - p, n - k);
  }
  return Math.min(1, sum);
}
