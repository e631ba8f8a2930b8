import { radians } from './angle.ts';
import { cos, sin } from './elementary.ts';
import { GATES } from './gates.ts';
import type { Kernels } from './kernels/kernels.ts';
import { collapse } from './measurement.ts';
import type { Operation } from './operation.ts';
import { fillOffsets, maskOf } from './qubits.ts';
import type { RandomSource } from './random.ts';

type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>;

/**
 * Everything one run works on; the last three are its workspace, large enough for every operation.
 */
interface Execution {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  readonly kernels: Kernels;
  readonly parameters: ArrayLike<number>;
  readonly random: RandomSource;
  readonly bits: Uint8Array;
  /** 4×4 complex. */
  readonly matrix: Float64Array;
  readonly offsets: Int32Array;
  /** Twice as long as `offsets`. */
  readonly table: Float64Array;
}

/** Applies operations in order, their contents known to be good. */
export function applyAll(operations: readonly Operation[], execution: Execution): void {
  for (const operation of operations) apply(operation, execution);
}

function apply(operation: Operation, execution: Execution): void {
  const { real, imaginary, kernels, bits, random, offsets, table } = execution;
  switch (operation.kind) {
    case 'gate':
      applyGate(operation, execution);
      break;
    case 'unitary': {
      const { matrix, qubits } = operation;
      fillOffsets(qubits, offsets);
      kernels.matrix(real, imaginary, offsets, 1 << qubits.length, 0, matrix, table);
      break;
    }
    case 'diagonal':
      fillOffsets(operation.qubits, offsets);
      kernels.diagonal(
        real,
        imaginary,
        offsets,
        1 << operation.qubits.length,
        0,
        operation.entries,
      );
      break;
    case 'multiplexed':
      applyMultiplexed(operation, execution);
      break;
    case 'measure':
      bits[operation.bit] = collapse(real, imaginary, 1 << operation.qubit, random, kernels);
      break;
    case 'reset': {
      const outcome = collapse(real, imaginary, 1 << operation.qubit, random, kernels);
      if (outcome === 1) kernels.flip(real, imaginary, 1 << operation.qubit, 0);
      break;
    }
    case 'barrier':
      break;
    case 'conditional':
      if (readBits(bits, operation.bits) === operation.value) {
        applyAll(operation.operations, execution);
      }
      break;
  }
}

function readBits(bits: Uint8Array, list: readonly number[]): number {
  let value = 0;
  for (let k = list.length - 1; k >= 0; k--) value = 2 * value + bits[list[k]];
  return value;
}

function applyGate(operation: OperationOf<'gate'>, execution: Execution): void {
  const { real, imaginary, kernels, matrix } = execution;
  const { gate, targets } = operation;
  const controls = maskOf(operation.controls);
  const target = 1 << targets[0];
  if (gate === 'id') return;
  if (gate === 'x') {
    kernels.flip(real, imaginary, target, controls);
    return;
  }
  if (gate === 'swap') {
    kernels.swap(real, imaginary, target, 1 << targets[1], controls);
    return;
  }
  writeMatrix(operation, execution);
  if (GATES[gate].diagonal) {
    applyDiagonalGate(targets, controls, execution);
  } else if (targets.length === 1) {
    kernels.matrix1(real, imaginary, target, controls, matrix);
  } else {
    const { offsets, table } = execution;
    fillOffsets(targets, offsets);
    kernels.matrix(real, imaginary, offsets, 1 << targets.length, controls, matrix, table);
  }
}

function writeMatrix(operation: OperationOf<'gate'>, execution: Execution): void {
  const { angles } = operation;
  const { matrix, parameters } = execution;
  const gate = GATES[operation.gate];
  const count = gate.parameters;
  gate.write(
    matrix,
    count > 0 ? radians(angles[0], parameters) : 0,
    count > 1 ? radians(angles[1], parameters) : 0,
    count > 2 ? radians(angles[2], parameters) : 0,
  );
}

/** A diagonal gate whose matrix has been written: one pass for every entry other than 1. */
function applyDiagonalGate(
  targets: readonly number[],
  controls: number,
  execution: Execution,
): void {
  const { real, imaginary, kernels, matrix, offsets } = execution;
  const count = 1 << targets.length;
  fillOffsets(targets, offsets);
  const mask = offsets[count - 1] | controls;
  for (let m = 0; m < count; m++) {
    const cosine = matrix[2 * m * (count + 1)];
    const sine = matrix[2 * m * (count + 1) + 1];
    if (cosine === 1 && sine === 0) continue;
    kernels.phase(real, imaginary, mask, offsets[m] | controls, cosine, sine);
  }
}

function applyMultiplexed(operation: OperationOf<'multiplexed'>, execution: Execution): void {
  const { real, imaginary, kernels, parameters, offsets, table } = execution;
  const { axis, angles, controls } = operation;
  const count = angles.length;
  const target = 1 << operation.target;
  fillOffsets(controls, offsets);
  for (let m = 0; m < count; m++) {
    const half = radians(angles[m], parameters) / 2;
    table[2 * m] = cos(half);
    table[2 * m + 1] = sin(half);
  }
  if (axis === 'x') kernels.multiplexedX(real, imaginary, offsets, count, target, table);
  else if (axis === 'y') kernels.multiplexedY(real, imaginary, offsets, count, target, table);
  else {
    // RZ is diagonal: e^(−i·half) where the target is 0, e^(i·half) where it is 1.
    for (let m = 0; m < count; m++) {
      offsets[count + m] = offsets[m] | target;
      table[2 * (count + m)] = table[2 * m];
      table[2 * (count + m) + 1] = table[2 * m + 1];
      table[2 * m + 1] = -table[2 * m + 1];
    }
    kernels.diagonal(real, imaginary, offsets, 2 * count, 0, table);
  }
}
