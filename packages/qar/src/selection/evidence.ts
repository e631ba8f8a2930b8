import { log } from '@sema/simulator/elementary';

/** What a preference of 1/3 amounts to: of three actions the likeliest has no less. */
export const LEAST_EVIDENCE = -Math.LN2;
/** Beyond a preference of 0.999 more says nothing more. */
export const MOST_EVIDENCE = 7;

/**
 * The evidence for the likeliest action, ln p/(1 − p): what speaks for it less what speaks for its
 * competitors. This is the statistic of the multihypothesis sequential probability ratio test,
 * which the basal ganglia are modelled to compute: the direct pathway carries ln p of the action,
 * the indirect one the logarithm of the sum over the others.
 *
 * @param preference - Born probability of the action, in [0, 1].
 * @returns in [LEAST_EVIDENCE, MOST_EVIDENCE].
 * @see Bogacz & Gurney (2007), The basal ganglia and cortex implement optimal decision making
 *   between alternative actions, Neural Computation 19
 */
export function evidenceOf(preference: number): number {
  const against = 1 - preference;
  if (!(against > 0)) return MOST_EVIDENCE;
  const evidence = log(preference / against);
  return Math.min(MOST_EVIDENCE, Math.max(LEAST_EVIDENCE, evidence));
}
