import { type Angle, radians } from '../angle.ts';
import { cos, sin } from '../elementary.ts';
import { isOdd } from '../pauli-expectation.ts';
import type { Operation } from '../operation.ts';
import { fillOffsets, maskOf } from '../qubits.ts';
import type { StateVector } from '../state-vector.ts';
import { imaginaryOverlap, type MaskedPauli } from './pauli-sum.ts';

/**
 * The derivative of a gate U by one of its angles as Σ −(i/2)·weight·A, with Hermitian A, that acts
 * after U, or before it.
 */
interface Derivative {
  readonly angle: Angle;
  readonly side: 'after' | 'before';
  readonly terms: readonly { readonly weight: number; readonly pauli: MaskedPauli }[];
}

/** The derivatives of an operation by those of its angles that are parameters. */
export function derivativesOf(operation: Operation, parameters: ArrayLike<number>): Derivative[] {
  if (operation.kind === 'multiplexed') return multiplexedDerivatives(operation);
  if (operation.kind !== 'gate') return [];
  if (operation.angles.every((angle) => typeof angle === 'number')) return [];
  return gateDerivatives(operation, parameters).filter(({ angle }) => typeof angle !== 'number');
}

function gateDerivatives(
  operation: Extract<Operation, { readonly kind: 'gate' }>,
  parameters: ArrayLike<number>,
): Derivative[] {
  const { gate, targets, angles } = operation;
  const controls = maskOf(operation.controls);
  const after = (terms: Derivative['terms']): Derivative => ({
    angle: angles[0],
    side: 'after',
    terms,
  });
  switch (gate) {
    case 'rx':
    case 'rxx':
      return [after([{ weight: 1, pauli: flipping('x', targets, controls, controls) }])];
    case 'ry':
    case 'ryy':
      return [after([{ weight: 1, pauli: flipping('y', targets, controls, controls) }])];
    case 'rz':
    case 'rzz':
      return [after(signing(targets, controls, controls))];
    case 'p':
      return [after(phase(targets[0], controls))];
    case 'u': {
      // U = P(phi)·RY(theta)·P(lambda), and P(phi)·Y·P(−phi) = cos(phi)·Y − sin(phi)·X.
      const phi = radians(angles[1], parameters);
      const turned = [
        { weight: cos(phi), pauli: flipping('y', targets, controls, controls) },
        { weight: -sin(phi), pauli: flipping('x', targets, controls, controls) },
      ];
      const terms = phase(targets[0], controls);
      return [
        after(turned),
        { angle: angles[1], side: 'after', terms },
        { angle: angles[2], side: 'before', terms },
      ];
    }
    default:
      // The other gates have no angles.
      return [];
  }
}

/** Angle m turns the target where the controls read m. */
function multiplexedDerivatives(
  operation: Extract<Operation, { readonly kind: 'multiplexed' }>,
): Derivative[] {
  const { axis, angles, controls, target } = operation;
  const offsets = new Int32Array(angles.length);
  fillOffsets(controls, offsets);
  const mask = maskOf(controls);
  return angles.flatMap((angle, m): Derivative[] => {
    if (typeof angle === 'number') return [];
    const terms =
      axis === 'z'
        ? signing([target], mask, offsets[m])
        : [{ weight: 1, pauli: flipping(axis, [target], mask, offsets[m]) }];
    return [{ angle, side: 'after', terms }];
  });
}

/** X or Y on each target. */
function flipping(
  axis: 'x' | 'y',
  targets: readonly number[],
  mask: number,
  value: number,
): MaskedPauli {
  const flips = maskOf(targets);
  return axis === 'x'
    ? { flips, signs: 0, ys: 0, mask, value }
    : { flips, signs: flips, ys: targets.length, mask, value };
}

/**
 * Z on each target, as the subspaces it tells apart. Where nothing is masked those of the sign +
 * are spared: ⟨λ|φ⟩ is the expectation all the way, so that Im ⟨λ|Z|φ⟩ is −2 times the part of
 * Im ⟨λ|φ⟩ that has the sign −.
 */
function signing(targets: readonly number[], mask: number, value: number): Derivative['terms'] {
  const offsets = new Int32Array(1 << targets.length);
  fillOffsets(targets, offsets);
  const whole = mask | maskOf(targets);
  return Array.from(offsets, (offset, m) => {
    const minus = isOdd(m);
    const weight = mask === 0 ? (minus ? -2 : 0) : minus ? -1 : 1;
    return { weight, pauli: subspace(whole, value | offset) };
  }).filter(({ weight }) => weight !== 0);
}

/** e^(i·angle) where target and controls are 1: −2 times the half that a rotation has. */
function phase(target: number, controls: number): Derivative['terms'] {
  const all = controls | (1 << target);
  return [{ weight: -2, pauli: subspace(all, all) }];
}

function subspace(mask: number, value: number): MaskedPauli {
  return { flips: 0, signs: 0, ys: 0, mask, value };
}

/**
 * Adds 2·Re ⟨λ|∂U|φ⟩ to the gradient for the derivatives on one side of U, where λ and φ stand on
 * that side.
 */
export function addDerivatives(
  derivatives: readonly Derivative[],
  side: Derivative['side'],
  lambda: StateVector,
  phi: StateVector,
  gradient: Float64Array,
): void {
  for (const derivative of derivatives) {
    const { angle, terms } = derivative;
    if (derivative.side !== side || typeof angle === 'number') continue;
    let slope = 0;
    for (const { weight, pauli } of terms) slope += weight * imaginaryOverlap(lambda, phi, pauli);
    gradient[angle.index] += angle.factor * slope;
  }
}
