import { exp, log } from '@sema/simulator/elementary';

/** ln(p/(1 − p)). */
export function logOdds(probability: number): number {
  return log(probability / (1 - probability));
}

/** The probability whose log odds these are. */
export function probabilityAt(logOddsUp: number): number {
  return 1 / (1 + exp(-logOddsUp));
}
