import type { Circuit } from '@sema/simulator';
import { atan2 } from '@sema/simulator/elementary';
import { squaredEnergies, utilityAxis } from './pair-dynamics.ts';
import type { PairDynamics } from './pair-dynamics.ts';

export const INNER = 0;
export const OUTER = 1;

/** How many angles {@link appendPairEvolution} leaves open. */
export const PAIR_ANGLES = 12;

/**
 * Appends e^{−itH} of `PairDynamics`, exactly and without cutting time into steps: a rotation of
 * the inner qubit, and one of the outer that depends on it, make H block-diagonal; in each block
 * e^{−itH} is one rotation; then both are undone.
 */
export function appendPairEvolution(circuit: Circuit): void {
  const angles = Array.from({ length: PAIR_ANGLES }, (_, k) => circuit.parameter(`angle ${k}`));
  circuit
    .ry(angles[0], INNER)
    .multiplexedRy(angles.slice(1, 3), [INNER], OUTER)
    .multiplexedRy(angles.slice(3, 5), [OUTER], INNER)
    .multiplexedRz(angles.slice(5, 7), [OUTER], INNER)
    .multiplexedRy(angles.slice(7, 9), [OUTER], INNER)
    .multiplexedRy(angles.slice(9, 11), [INNER], OUTER)
    .ry(angles[11], INNER);
}

/**
 * In the frame where A is Z and K is √(1 + n_z²)·Z, H has the blocks z·Z + x·X, one for each value
 * of the outer qubit.
 *
 * @param angles - receives 12.
 */
export function writePairAngles(dynamics: PairDynamics, angles: Float64Array): void {
  const { dissonance, time } = dynamics;
  const { nx, nz } = utilityAxis(dynamics.utility);
  const k = Math.sqrt(1 + nz * nz);
  const inner = atan2(nx, nz);
  const outer = atan2(1, nz);
  angles[0] = -inner;
  angles[1] = -outer;
  angles[2] = outer;
  const energies = squaredEnergies(dynamics);
  for (let block = 0; block < 2; block += 1) {
    const sign = block === 0 ? 1 : -1;
    const z = 1 - sign * dissonance * k * Math.SQRT1_2;
    const x = sign * dissonance * nx * Math.SQRT1_2;
    const axis = atan2(x, z);
    angles[3 + block] = -axis;
    angles[5 + block] = 2 * time * Math.sqrt(energies[block]);
    angles[7 + block] = axis;
  }
  angles[9] = outer;
  angles[10] = -outer;
  angles[11] = inner;
}
