import type { DecisionReceipt, QubitSettings } from '../data/contract.ts';

export type PoolOwner = 'memory' | 'market' | 'prospect' | 'hedge';

/** One qubit of the engine's pool while the three algorithms answer. */
export interface PoolCell {
  /** Who borrows it; undefined when nobody does. */
  readonly owner: PoolOwner | undefined;
}

const POOL_QUBITS = 25;
/** The experts' index has so many qubits at most, and the smallest register of it so many. */
const EXPERT_QUBITS = 4;
const LEAST_EXPERT_QUBITS = 2;

/** Qubits of each algorithm's register, without its ancilla, by what the decision granted it. */
export interface Registers {
  readonly market: number;
  readonly prospect: number;
  readonly hedge: number;
}

export function registersOf(
  { verdict, seats }: DecisionReceipt,
  { returnQubits }: QubitSettings,
): Registers {
  const [lmsr = 0, prospect = 0, hedge = 0] = verdict?.quotas ?? [];
  const voters = seats.filter((seat) => !('abstained' in seat)).length;
  const needed = Math.ceil(Math.log2(Math.max(1, voters)));
  const experts = Math.min(EXPERT_QUBITS, Math.max(LEAST_EXPERT_QUBITS, needed));
  return {
    market: Math.min(lmsr - 1, returnQubits),
    prospect: Math.min(prospect - 1, returnQubits),
    hedge: Math.min(hedge - 1, experts),
  };
}

/** Leases of one decision in their order: working memory, then registers with their ancillas. */
export function poolCells(receipt: DecisionReceipt, settings: QubitSettings): PoolCell[] {
  const registers = registersOf(receipt, settings);
  const leases: readonly (readonly [PoolOwner, number])[] = [
    ['memory', settings.workingMemory],
    ['market', registers.market + 1],
    ['prospect', registers.prospect + 1],
    ['hedge', registers.hedge + 1],
  ];
  const decided = receipt.verdict === null ? [] : leases;
  const cells = decided.flatMap(([owner, qubits]) =>
    Array.from({ length: qubits }, (): PoolCell => ({ owner })),
  );
  return Array.from({ length: POOL_QUBITS }, (_, k) => cells[k] ?? { owner: undefined });
}
