import type { Regime } from '@sema/learning';
import { cos, sin } from '@sema/simulator/elementary';
import { ACTION_QUBITS, ACTIONS } from '../actions.ts';
import { ALGORITHMS } from './qubit-shares.ts';

/** How the algorithms' marks are entangled before they are read. */
export type EntanglementPattern = 'none' | 'bell' | 'cluster' | 'ghz';

/**
 * The wilder the market, the fewer algorithms are tied: all three at once, in a chain, the two that
 * both speak of a gain's probability, none.
 */
export const REGIME_PATTERNS: Readonly<Record<Regime, EntanglementPattern>> = {
  stable: 'ghz',
  trending: 'cluster',
  volatile: 'bell',
  crisis: 'none',
};

const MARK_STATES = 1 << ALGORITHMS.length;

/**
 * The state of the three marks that is selected, bit j of the index being the mark of algorithm j:
 *
 * - none: |000⟩
 * - bell: cos θ|000⟩ − sin θ|101⟩
 * - ghz: cos θ|000⟩ − sin θ|111⟩
 * - cluster: a link of mark 0 to 1, then one of 1 to 2, where a link takes |00⟩ to
 *   cos θ|00⟩ − sin θ|11⟩ and |10⟩ to cos θ|10⟩ + sin θ|01⟩.
 *
 * At θ = ±π/4 they are the Bell, GHZ and linear cluster states up to local unitaries.
 *
 * @param angle - θ, radians.
 * @returns 8 real amplitudes, norm 1.
 */
export function patternState(pattern: EntanglementPattern, angle: number): Float64Array {
  const state = new Float64Array(MARK_STATES);
  const [c, s] = [cos(angle), sin(angle)];
  state[0b000] = pattern === 'none' ? 1 : pattern === 'cluster' ? c * c : c;
  if (pattern === 'bell') state[0b101] = -s;
  if (pattern === 'ghz') state[0b111] = -s;
  if (pattern === 'cluster') {
    state[0b110] = -c * s;
    state[0b011] = -s * c;
    state[0b101] = -s * s;
  }
  return state;
}

/**
 * Fusion with entangled marks, in closed form. Filter f_j gives the mark of algorithm j the state
 * √r|0⟩ + √(1 − r)|1⟩, r = f_j/max f_j, for each action; an action's amplitude is the overlap of
 * the three marks with the selected state, normalised. With |000⟩ that is √Π f, the logarithmic
 * opinion pool.
 *
 * With θ > 0 what tied algorithms reject together counts for more than their rejections one by
 * one, with θ < 0 for less.
 *
 * @param filters - one per algorithm, positive numbers per action; only their ratios matter.
 * @param selected - from `patternState`.
 * @returns amplitudes of the action register, its unused states at 0.
 */
export function fuseEntangled(
  filters: readonly Float64Array[],
  selected: Float64Array,
): Float64Array {
  const passes = filters.map(passAmplitudes);
  const fused = new Float64Array(1 << ACTION_QUBITS);
  let squares = 0;
  for (let action = 0; action < ACTIONS.length; action++) {
    let amplitude = 0;
    for (let marks = 0; marks < MARK_STATES; marks++) {
      let product = selected[marks];
      if (product === 0) continue;
      for (let j = 0; j < passes.length; j++) {
        const pass = passes[j][action];
        product *= (marks & (1 << j)) === 0 ? pass : Math.sqrt((1 - pass) * (1 + pass));
      }
      amplitude += product;
    }
    fused[action] = amplitude;
    squares += amplitude * amplitude;
  }
  const norm = Math.sqrt(squares);
  for (let action = 0; action < ACTIONS.length; action++) fused[action] /= norm;
  return fused;
}

/** √(f/max f) per action. */
export function passAmplitudes(filter: Float64Array): Float64Array {
  let largest = 0;
  for (const value of filter) largest = Math.max(largest, value);
  return filter.map((value) => Math.sqrt(value / largest));
}
