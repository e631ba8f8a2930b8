import type { RandomSource } from '@sema/simulator';
import { ACTIONS } from '@sema/qar';
import type { Study } from './study.ts';
import { strategy, type Market, type Strategy } from './strategies.ts';

/** Basis states of the two qubits that the actions are read from; one of them is unused. */
const STATES = 4;

export interface NoiseModel {
  /** Strength λ of a depolarising channel on the register that is read. */
  readonly depolarising: number;
  /** How often the register is read. */
  readonly shots: number;
}

/** What Sema prefers when its probabilities are known exactly: the likeliest action. */
export function exactReading(study: Study, market: Market): Strategy {
  const title = 'Likeliest action, read exactly';
  return strategy('exact-reading', title, market, (period) => {
    return likeliest(
      ACTIONS.map((_, action) => study.preferences[period * ACTIONS.length + action]),
    );
  });
}

/**
 * The same on a noisy machine: with probability λ the register is fully mixed, readings of its
 * unused state are dropped, and the action read most often in so many shots is taken.
 */
export function noisyReading(
  study: Study,
  market: Market,
  { depolarising, shots }: NoiseModel,
  random: RandomSource,
): Strategy {
  const id = `noise-${String(depolarising)}-${String(shots)}`;
  const reading = `${String(shots)} shots`;
  const title = depolarising === 0 ? reading : `${reading}, depolarised by ${String(depolarising)}`;
  return strategy(id, title, market, (period) => {
    const from = period * ACTIONS.length;
    const noisy = ACTIONS.map(
      (_, action) => (1 - depolarising) * study.preferences[from + action] + depolarising / STATES,
    );
    const counts = ACTIONS.map(() => 0);
    for (let shot = 0; shot < shots; shot++) {
      let left = random.next();
      for (const [action, share] of noisy.entries()) {
        left -= share;
        if (left >= 0) continue;
        counts[action]++;
        break;
      }
    }
    return study.preferences[from + 1] === 0 ? 0 : likeliest(counts);
  });
}

/** −1, 0 or 1: the side of the action with the most; flat where none has any. */
function likeliest(values: readonly number[]): number {
  let best = 1;
  values.forEach((value, action) => {
    if (value > values[best]) best = action;
  });
  return best - 1;
}
