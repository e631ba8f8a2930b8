import { exp, expm1, log, log1p } from '@sema/simulator/elementary';
import { TimingBufferError } from '../errors.ts';

/** Of so many memories kept for so many cycles, how many came back flipped. */
export interface MemoryCount {
  readonly cycles: number;
  readonly shots: number;
  readonly failures: number;
}

/** An estimate with its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Standard errors to either side of an estimate that hold it 95 times in 100. */
const SIDE = 1.959963984540054;
/** Expected failures that show none once in 40 times: with none, more is unlikely. */
const UNSEEN = 3.688879454113936;

/**
 * The probability ε that one cycle flips the memory, fitted to P(n) = (1 − A(1 − 2ε)^n)/2 by
 * maximum likelihood, A ≤ 1 being what making and measuring lose. The interval is that of the
 * Fisher information; without any failure it is [0, what would show none once in 40 times].
 *
 * @param counts - of at least two different lengths.
 * @throws {TimingBufferError} `INVALID_COUNTS`
 */
export function perCycleError(counts: readonly MemoryCount[]): Estimate {
  checkCounts(counts);
  const failures = counts.reduce((sum, each) => sum + each.failures, 0);
  if (failures === 0) {
    const exposure = counts.reduce((sum, { cycles, shots }) => sum + cycles * shots, 0);
    return { value: 0, low: 0, high: Math.min(0.5, UNSEEN / exposure) };
  }
  const { rate, deviation } = likeliestDecay(counts);
  const flips = (decay: number): number => (decay > 0 ? -expm1(-decay) / 2 : 0);
  return {
    value: flips(rate),
    low: flips(rate - SIDE * deviation),
    high: flips(rate + SIDE * deviation),
  };
}

/**
 * How many times less often the second of two memories fails than the first (Λ, when their
 * distances differ by 2). The interval is that of independent estimates, in logarithms.
 *
 * @throws {TimingBufferError} `INVALID_COUNTS` when one of them has shown no failures
 */
export function suppression(first: Estimate, second: Estimate): Estimate {
  if (!(first.low > 0 && second.low > 0)) {
    throw new TimingBufferError('INVALID_COUNTS', 'a rate that may be 0 has no ratio to another');
  }
  const width = ({ low, high }: Estimate): number => (log(high) - log(low)) / 2;
  const [a, b] = [width(first), width(second)];
  const spread = exp(Math.sqrt(a * a + b * b));
  const value = first.value / second.value;
  return { value, low: value / spread, high: value * spread };
}

/** The loss −ln A and the decay −ln(1 − 2ε) of greatest likelihood, by Fisher's scoring. */
function likeliestDecay(counts: readonly MemoryCount[]): { rate: number; deviation: number } {
  let [loss, rate] = [0, startingRate(counts)];
  let best = likelihood(counts, loss, rate);
  for (let turn = 0; turn < 100; turn++) {
    const step = scoringStep(counts, loss, rate);
    let scale = 1;
    let next = [loss, rate, best];
    for (; scale > 1e-9; scale /= 2) {
      const tried = [Math.max(0, loss + scale * step[0]), Math.max(1e-15, rate + scale * step[1])];
      const value = likelihood(counts, tried[0], tried[1]);
      if (value > best) {
        next = [...tried, value];
        break;
      }
    }
    if (next[2] === best) break;
    [loss, rate, best] = next;
  }
  return { rate, deviation: Math.sqrt(informationOf(counts, loss, rate).variance) };
}

/** As if nothing were lost in making and measuring. */
function startingRate(counts: readonly MemoryCount[]): number {
  let [decay, cycles] = [0, 0];
  for (const each of counts) {
    const share = Math.min(0.499, Math.max(0.5, each.failures) / each.shots);
    decay += -log1p(-2 * share) * each.shots;
    cycles += each.cycles * each.shots;
  }
  return decay / cycles;
}

function likelihood(counts: readonly MemoryCount[], loss: number, rate: number): number {
  let sum = 0;
  for (const { cycles, shots, failures } of counts) {
    const p = failureAt(loss + rate * cycles);
    sum += failures * log(p) + (shots - failures) * log1p(-p);
  }
  return sum;
}

function failureAt(decay: number): number {
  return Math.max(1e-300, -expm1(-decay) / 2);
}

function scoringStep(counts: readonly MemoryCount[], loss: number, rate: number): [number, number] {
  let [ofLoss, ofRate] = [0, 0];
  for (const { cycles, shots, failures } of counts) {
    const p = failureAt(loss + rate * cycles);
    const score = ((failures - shots * p) / (p * (1 - p))) * (exp(-(loss + rate * cycles)) / 2);
    ofLoss += score;
    ofRate += score * cycles;
  }
  const { a, b, c, determinant, variance } = informationOf(counts, loss, rate);
  // Where the loss would fall below none, the rate moves alone.
  const free = determinant > 0 && !(loss === 0 && c * ofLoss - b * ofRate < 0);
  if (!free) return [0, c > 0 ? ofRate / c : variance * ofRate];
  return [(c * ofLoss - b * ofRate) / determinant, (a * ofRate - b * ofLoss) / determinant];
}

/** Fisher's information of loss and rate, and the variance of the rate that it leaves. */
function informationOf(counts: readonly MemoryCount[], loss: number, rate: number) {
  let [a, b, c] = [0, 0, 0];
  for (const { cycles, shots } of counts) {
    const p = failureAt(loss + rate * cycles);
    const slope = exp(-(loss + rate * cycles)) / 2;
    const each = (shots * slope * slope) / (p * (1 - p));
    a += each;
    b += each * cycles;
    c += each * cycles * cycles;
  }
  const determinant = a * c - b * b;
  return { a, b, c, determinant, variance: determinant > 0 ? a / determinant : 1 / c };
}

function checkCounts(counts: readonly MemoryCount[]): void {
  for (const { cycles, shots, failures } of counts) {
    const whole = [cycles, shots, failures].every((n) => Number.isSafeInteger(n));
    if (whole && cycles > 0 && shots > 0 && failures >= 0 && failures <= shots) continue;
    throw new TimingBufferError(
      'INVALID_COUNTS',
      `${failures} failures of ${shots} shots after ${cycles} cycles is no count`,
    );
  }
  if (new Set(counts.map(({ cycles }) => cycles)).size < 2) {
    throw new TimingBufferError('INVALID_COUNTS', 'a fit needs counts after two different lengths');
  }
}
