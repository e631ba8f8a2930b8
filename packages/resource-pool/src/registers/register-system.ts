import type { Registers } from './registers.ts';

/** What protocols between qubits need: `Registers` and `VirtualQubits` both offer it. */
export type RegisterSystem = Pick<
  Registers,
  'run' | 'checkZero' | 'partners' | 'expectationValue' | 'applyChannel'
>;
/** What it takes to read who is entangled with whom. */
export type ReadableSystem = Pick<Registers, 'groups' | 'partners' | 'reducedDensityMatrix'>;
