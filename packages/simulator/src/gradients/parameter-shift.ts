import { type Angle, radians } from '../angle.ts';
import { applyAll } from '../apply-operation.ts';
import type { Circuit } from '../circuit.ts';
import { SimulatorError } from '../errors.ts';
import { expectationValue, type PauliSum } from '../observables.ts';
import type { Operation } from '../operation.ts';
import {
  checkedParameters,
  executionOn,
  type GradientOptions,
  startState,
  type ValueAndGradient,
} from './adjoint.ts';

/** A derivative as Σ weight · (value with the angle moved by `shift`). */
type ShiftRule = readonly { readonly shift: number; readonly weight: number }[];

function antisymmetric(shift: number, weight: number): ShiftRule {
  return [
    { shift, weight },
    { shift: -shift, weight: -weight },
  ];
}

/** For a generator of two eigenvalues that are 1 apart. */
const TWO_TERMS = antisymmetric(Math.PI / 2, 1 / 2);

/** For the eigenvalues −½, 0 and ½: rotations that only happen where controls allow them. */
const FOUR_TERMS = [
  ...antisymmetric(Math.PI / 2, (Math.SQRT2 + 1) / (4 * Math.SQRT2)),
  ...antisymmetric((3 * Math.PI) / 2, (1 - Math.SQRT2) / (4 * Math.SQRT2)),
];

/**
 * The same as `adjointGradient`, by expectations alone, as hardware would do it: two or four runs
 * for each angle that is a parameter.
 *
 * @throws {SimulatorError} as `adjointGradient`
 * @see Schuld et al., Phys. Rev. A 99, 032331 (2019); Anselmetti et al., New J. Phys. 23, 113010
 *   (2021)
 */
export function parameterShiftGradient(
  circuit: Circuit,
  sum: PauliSum,
  options: GradientOptions = {},
): ValueAndGradient {
  const parameters = checkedParameters(circuit, options);
  const { operations } = circuit;
  const valueOf = (list: readonly Operation[]) => {
    using state = startState(circuit, options);
    applyAll(list, executionOn(state, list, parameters, options.kernels));
    return expectationValue(state, sum);
  };
  const gradient = new Float64Array(circuit.parameters.length);
  operations.forEach((operation, place) => {
    refuseIrreversible(operation);
    for (const [index, angle] of anglesOf(operation).entries()) {
      if (typeof angle === 'number') continue;
      let slope = 0;
      for (const { shift, weight } of ruleOf(operation, index)) {
        const moved = withAngle(operation, index, radians(angle, parameters) + shift);
        slope += weight * valueOf(operations.with(place, moved));
      }
      gradient[angle.index] += angle.factor * slope;
    }
  });
  return { value: valueOf(operations), gradient };
}

function refuseIrreversible({ kind }: Operation): void {
  if (kind === 'measure' || kind === 'reset' || kind === 'conditional') {
    throw new SimulatorError('NOT_INVERTIBLE', `a ${kind} has no derivative`);
  }
}

function anglesOf(operation: Operation): readonly Angle[] {
  return operation.kind === 'gate' || operation.kind === 'multiplexed' ? operation.angles : [];
}

function ruleOf(operation: Operation, index: number): ShiftRule {
  if (operation.kind === 'multiplexed') {
    return operation.controls.length === 0 ? TWO_TERMS : FOUR_TERMS;
  }
  if (operation.kind !== 'gate' || operation.controls.length === 0) return TWO_TERMS;
  // Under controls a phase is still a phase; only rotations get a third eigenvalue.
  const isPhase = operation.gate === 'p' || (operation.gate === 'u' && index > 0);
  return isPhase ? TWO_TERMS : FOUR_TERMS;
}

function withAngle(operation: Operation, index: number, angle: number): Operation {
  return operation.kind === 'gate' || operation.kind === 'multiplexed'
    ? { ...operation, angles: operation.angles.with(index, angle) }
    : operation;
}
