import { asin, sin } from '@sema/simulator/elementary';
import { breakthroughOf } from './amplification.ts';
import { byGroup, tempered } from './components.ts';
import type { Component } from './components.ts';
import { logOdds, probabilityAt } from './odds.ts';

/** The ways in which a collective can be intelligent. */
export const INTELLIGENCE_TYPES = ['consensus', 'divergent', 'breakthrough'] as const;
export type IntelligenceType = (typeof INTELLIGENCE_TYPES)[number];

/** Probability of a gain by each type; undefined where it has nothing to say. */
export type CollectiveOpinions = Readonly<Record<IntelligenceType, number | undefined>>;

/** Groups on a ring that are needed for anyone to stand against two others. */
export const LEAST_GROUPS = 3;

/** What the circuits read, in closed form. */
export function collectiveByTwin(components: readonly Component[]): CollectiveOpinions {
  return {
    consensus: consensus(components),
    divergent: divergent(components),
    breakthrough: breakthrough(components),
  };
}

/**
 * Consensus: the probability of "all up", given that all components say the same, which is their
 * weighted logarithmic opinion pool.
 */
function consensus(components: readonly Component[]): number {
  return pooled(components);
}

/**
 * Divergence: with the groups on a ring and each drawing its side by its own pooled probability,
 * the share of "up" among those who stand against both their neighbours. `undefined` for fewer than
 * three groups.
 */
function divergent(components: readonly Component[]): number | undefined {
  const groups = byGroup(components);
  const count = groups.length;
  if (count < LEAST_GROUPS) return undefined;
  const sides = groups.map(pooled);
  let up = 0;
  let down = 0;
  for (let g = 0; g < count; g++) {
    const [left, own, right] = [sides[(g + count - 1) % count], sides[g], sides[(g + 1) % count]];
    up += own * (1 - left) * (1 - right);
    down += (1 - own) * left * right;
  }
  return up / (up + down);
}

/**
 * Breakthrough: the weighted mean of the probabilities after amplitude amplification has raised the
 * weight a = sin² θ of the few strong ones to sin² (2k + 1)θ. `undefined` where there are none.
 */
function breakthrough(components: readonly Component[]): number | undefined {
  const found = breakthroughOf(components);
  if (found === undefined) return undefined;
  const { marked, weight, rounds } = found;
  const amplitude = sin((2 * rounds + 1) * asin(Math.sqrt(weight)));
  const raised = amplitude * amplitude;
  let mean = 0;
  components.forEach((component, i) => {
    const factor = marked[i] ? raised / weight : (1 - raised) / (1 - weight);
    mean += factor * component.weight * component.probabilityUp;
  });
  return mean;
}

/** The logarithmic opinion pool of components, their weights scaled to sum 1. */
function pooled(components: readonly Component[]): number {
  let sum = 0;
  for (const probability of tempered(components, 1)) sum += logOdds(probability);
  return probabilityAt(sum);
}
