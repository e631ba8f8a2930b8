import type { Regime } from '@sema/learning';

/** What a decision can ask for, in the order of the action register's basis states. */
export const ACTIONS = ['short', 'flat', 'long'] as const;
export type Action = (typeof ACTIONS)[number];

/** Qubits of the action register; its fourth basis state is unused and stays at amplitude 0. */
export const ACTION_QUBITS = 2;

/** Lead over the runner-up that lets an action go, per regime: the noisier the market, the more. */
const GO_MARGIN: Readonly<Record<Regime, number>> = {
  stable: 0.05,
  trending: 0.05,
  volatile: 0.1,
  crisis: 0.2,
};

export interface Selection {
  readonly action: Action;
  /** Born probability of the action. */
  readonly confidence: number;
  /** False when the lead over the runner-up is too small for the regime: do nothing. */
  readonly go: boolean;
}

/**
 * Go / no-go selection: the likeliest action, let go if it leads the runner-up by the regime's
 * margin.
 *
 * @param probabilities - one per action, sum 1.
 */
export function selectAction(probabilities: Float64Array, regime: Regime): Selection {
  let best = 0;
  for (let i = 1; i < ACTIONS.length; i++) {
    if (probabilities[i] > probabilities[best]) best = i;
  }
  let runnerUp = 0;
  for (let i = 0; i < ACTIONS.length; i++) {
    if (i !== best) runnerUp = Math.max(runnerUp, probabilities[i]);
  }
  return {
    action: ACTIONS[best],
    confidence: probabilities[best],
    go: probabilities[best] - runnerUp >= GO_MARGIN[regime],
  };
}
