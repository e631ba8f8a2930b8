import type { ContrarianLook } from './contrarian-look.ts';

/** How much a board is one thing rather than several, each in [0, 1]. */
export interface Emergence {
  /** φ of the groups' leans over the memory: whether any group goes its own way. */
  readonly integration: number;
  /** Kuramoto's order parameter of the groups now: whether all lean the same way. */
  readonly synchrony: number;
  /** Statistical complexity of the majority's course: neither fixed nor a coin. */
  readonly complexity: number;
  /** Their product. */
  readonly emergence: number;
}

/** The least share of a position that a flag asks for, at an emergence of 1. */
const LEAST_SHARE = 0.5;

/**
 * The share of its size that an entry may have: 1 up to the threshold, from there down to ½ at an
 * emergence of 1. A board that moves as one is one opinion however many hold it.
 */
export function positionMultiplier(emergence: number, threshold: number): number {
  if (!(emergence > threshold)) return 1;
  return 1 - (1 - LEAST_SHARE) * ((emergence - threshold) / (1 - threshold));
}

/** What emergence has to say to one decision. */
export interface EmergenceVerdict extends Emergence {
  /** Whether it is above the threshold, so that a contrarian look is asked for. */
  readonly flagged: boolean;
  /** What it asks the risk gate to size an entry by, in [½, 1]. */
  readonly multiplier: number;
  /** Of a flagged decision that takes a side. */
  readonly contrarian: ContrarianLook | undefined;
}

/** Judges the figures of a decision; `look` is taken where they are above the threshold. */
export function judgeEmergence(
  figures: Emergence,
  threshold: number,
  look: () => ContrarianLook | undefined,
): EmergenceVerdict {
  const flagged = figures.emergence > threshold;
  return {
    ...figures,
    flagged,
    multiplier: positionMultiplier(figures.emergence, threshold),
    contrarian: flagged ? look() : undefined,
  };
}
