import type { GroupShape, GroupStep } from './emit-group.ts';
import { isReal } from './entries.ts';
import type { Numbers } from './precision.ts';
import { formOf } from './rotation.ts';
import type { ScaledGroup } from './scale-groups.ts';
import type { Step } from './step.ts';
import { countBits, localMask } from './sweep.ts';

/** The shape of a group on a tile of these active qubits. */
export function groupShape(
  { qubits, steps, scales }: ScaledGroup,
  all: readonly Step[],
  active: number,
  { laneBits }: Numbers,
): GroupShape {
  const isPadded = steps.every(
    (index) => all[index].kind !== 'phase' && !isComplexMatrix(all[index]),
  );
  const used = localMask(qubits, active);
  const local = isPadded ? padded(used, laneBits, countBits(active)) : used;
  const registers: number[] = [];
  for (let bit = laneBits; bit < 32; bit++) if ((local >> bit) & 1) registers.push(bit);
  const elementMask = (mask: number) => {
    const within = localMask(mask, active);
    return (within & ((1 << laneBits) - 1)) | (localMask(within, local) << laneBits);
  };
  const bitOf = (mask: number) => (mask === 0 ? -1 : 31 - Math.clz32(elementMask(mask)));
  const groupSteps = steps.map((index): GroupStep => {
    const step = all[index];
    switch (step.kind) {
      case 'rotation':
        return { kind: 'rotation', bit: bitOf(step.target), form: formOf(step.angle) };
      case 'phase':
        return { kind: 'phase', mask: elementMask(step.mask) };
      case 'flip':
        return { kind: 'flip', bit: bitOf(step.target), control: bitOf(step.control) };
      case 'swap':
        return { kind: 'swap', first: bitOf(step.first), second: bitOf(step.second) };
      case 'matrix':
        return { kind: 'matrix', mask: elementMask(step.mask), isReal: isReal(step.matrix) };
      case 'table':
      case 'opaque':
        throw new Error('a table or an opaque step is in no group');
    }
  });
  const isScaled = scales.length > 0;
  return { qubits: registers, tile: countBits(active), steps: groupSteps, isScaled };
}

/** Registers enough that the loop over the others costs little, and few enough to be real ones. */
const REGISTER_QUBITS = 3;

/** The local qubits with the lowest others added, so that a turn of the loop does more. */
function padded(used: number, laneBits: number, tile: number): number {
  let qubits = used;
  let missing = REGISTER_QUBITS - countBits(used);
  for (let bit = laneBits; bit < tile && missing > 0; bit++) {
    if ((qubits >> bit) & 1) continue;
    qubits |= 1 << bit;
    missing--;
  }
  return qubits;
}

function isComplexMatrix(step: Step): boolean {
  return step.kind === 'matrix' && !isReal(step.matrix);
}
