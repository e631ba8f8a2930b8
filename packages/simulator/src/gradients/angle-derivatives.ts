import { type Angle, radians } from '../angle.ts';
import { cos, sin } from '../elementary.ts';
import type { Operation } from '../operation.ts';
import { fillOffsets, maskOf } from '../qubits.ts';
import { imaginaryOverlap, type MaskedPauli } from './pauli-sum.ts';
import type { StateVector } from '../state-vector.ts';

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
  return gateDerivatives(operation, parameters).filter(({ angle }) => typeof angle !== 'number');
}

function gateDerivatives(
  operation: Extract<Operation, { readonly kind: 'gate' }>,
  parameters: ArrayLike<number>,
): Derivative[] {
  const { gate, targets, angles } = operation;
  const controls = maskOf(operation.controls);
  const after = (weight: number, pauli: MaskedPauli): Derivative => ({
    angle: angles[0],
    side: 'after',
    terms: [{ weight, pauli }],
  });
  const bits = maskOf(targets);
  const where = { mask: controls, value: controls };
  const x = { ...where, flips: bits, signs: 0, ys: 0 };
  const y = { ...where, flips: bits, signs: bits, ys: targets.length };
  const z = { ...where, flips: 0, signs: bits, ys: 0 };
  // e^(i·angle) where the target is 1: −2 times the half that a rotation has.
  const one = { flips: 0, signs: 0, ys: 0, mask: controls | bits, value: controls | bits };
  switch (gate) {
    case 'rx':
    case 'rxx':
      return [after(1, x)];
    case 'ry':
    case 'ryy':
      return [after(1, y)];
    case 'rz':
    case 'rzz':
      return [after(1, z)];
    case 'p':
      return [after(-2, one)];
    case 'u': {
      // U = P(phi)·RY(theta)·P(lambda), and P(phi)·Y·P(−phi) = cos(phi)·Y − sin(phi)·X.
      const phi = radians(angles[1], parameters);
      const turned = [
        { weight: cos(phi), pauli: y },
        { weight: -sin(phi), pauli: x },
      ];
      const phase = [{ weight: -2, pauli: one }];
      return [
        { angle: angles[0], side: 'after', terms: turned },
        { angle: angles[1], side: 'after', terms: phase },
        { angle: angles[2], side: 'before', terms: phase },
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
  const bit = 1 << target;
  const flips = axis === 'z' ? 0 : bit;
  const signs = axis === 'x' ? 0 : bit;
  const mask = maskOf(controls);
  return angles.flatMap((angle, m): Derivative[] => {
    if (typeof angle === 'number') return [];
    const pauli = { flips, signs, ys: axis === 'y' ? 1 : 0, mask, value: offsets[m] };
    return [{ angle, side: 'after', terms: [{ weight: 1, pauli }] }];
  });
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
