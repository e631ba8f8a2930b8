import { exp, log, log1p, pow } from '@sema/simulator/elementary';
import { checkRange } from './argument-checks.ts';

/** w(p) = p^γ / (p^γ + (1 − p)^γ)^{1/γ}, of Tversky & Kahneman (1992). */
export interface TverskyKahnemanWeighting {
  /** γ of gains; in [0.01, 2]. 1 is none. */
  readonly gammaGain: number;
  /** The same for losses. */
  readonly gammaLoss: number;
}

/** w(p) = e^{−scale·(−ln p)^exponent}, of Prelec (1998). */
export interface PrelecWeighting {
  readonly prelecGain: PrelecCurve;
  readonly prelecLoss: PrelecCurve;
}

export interface PrelecCurve {
  /** α in [0.01, 2]: below 1 small chances are overrated and large ones underrated. 1 is none. */
  readonly exponent: number;
  /** β in [0.01, 10]: lower is more optimistic. At 1, Prelec's first form, w(1/e) = 1/e. */
  readonly scale: number;
}

export type ProbabilityWeighting = TverskyKahnemanWeighting | PrelecWeighting;

const EXPONENT = { from: 0.01, to: 2 };
const SCALE = { from: 0.01, to: 10 };

/** @throws {AlgorithmError} `OUT_OF_RANGE` */
export function checkWeighting(weighting: ProbabilityWeighting): void {
  if (!('prelecGain' in weighting)) {
    checkRange('gammaGain', weighting.gammaGain, EXPONENT);
    checkRange('gammaLoss', weighting.gammaLoss, EXPONENT);
    return;
  }
  checkRange('prelecGain.exponent', weighting.prelecGain.exponent, EXPONENT);
  checkRange('prelecGain.scale', weighting.prelecGain.scale, SCALE);
  checkRange('prelecLoss.exponent', weighting.prelecLoss.exponent, EXPONENT);
  checkRange('prelecLoss.scale', weighting.prelecLoss.scale, SCALE);
}

/**
 * w of the share of `inside` in `inside + outside`. Both are taken, because w is steep at 0 and at
 * 1, where 1 − p would have lost its digits.
 */
export function weighProbability(
  inside: number,
  outside: number,
  weighting: ProbabilityWeighting,
  sign: 'gain' | 'loss',
): number {
  if (inside === 0) return 0;
  if ('prelecGain' in weighting) {
    const { exponent, scale } = sign === 'gain' ? weighting.prelecGain : weighting.prelecLoss;
    // −ln p, in the form that keeps its digits near 1 and does not overflow near 0.
    const surprise =
      outside < inside ? log1p(outside / inside) : log(inside + outside) - log(inside);
    return exp(-scale * pow(surprise, exponent));
  }
  const gamma = sign === 'gain' ? weighting.gammaGain : weighting.gammaLoss;
  const p = pow(inside / (inside + outside), gamma);
  const q = outside === 0 ? 0 : pow(outside / (inside + outside), gamma);
  return p / pow(p + q, 1 / gamma);
}
