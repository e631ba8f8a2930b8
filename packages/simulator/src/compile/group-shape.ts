import type { GroupShape, GroupStep } from './emit-group.ts';
import { isReal } from './entries.ts';
import type { Item } from './group.ts';
import type { Numbers } from './precision.ts';
import { formOf } from './rotation.ts';
import type { Step } from './step.ts';
import { countBits, localMask } from './sweep.ts';

/** The shape of a group on a tile of these active qubits. */
export function groupShape(
  { qubits, steps }: Extract<Item, { kind: 'group' }>,
  all: readonly Step[],
  active: number,
  { laneBits }: Numbers,
): GroupShape {
  const local = localMask(qubits, active);
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
  return { qubits: registers, tile: countBits(active), steps: groupSteps };
}
