export type PoolOwner = 'market' | 'prospect' | 'hedge' | 'fusion';

/** One qubit of the engine's pool while it decides. */
export interface PoolCell {
  /** Who borrows it; undefined when nobody does. */
  readonly owner: PoolOwner | undefined;
}

/** The engine's pool; the experts' index and the actions with an ancilla each. */
const POOL_QUBITS = 25;
const HEDGE_QUBITS = 5;
const FUSION_QUBITS = 3;

/**
 * Leases of one decision, in the order they are made: each register and its ancilla.
 *
 * @param bins - how many bins of returns the market prices, a power of two.
 */
export function poolCells(bins: number): PoolCell[] {
  const register = Math.round(Math.log2(bins)) + 1;
  const leases: readonly (readonly [PoolOwner, number])[] = [
    ['market', register],
    ['prospect', register],
    ['hedge', HEDGE_QUBITS],
    ['fusion', FUSION_QUBITS],
  ];
  const cells = leases.flatMap(([owner, qubits]) =>
    Array.from({ length: qubits }, (): PoolCell => ({ owner })),
  );
  return Array.from({ length: POOL_QUBITS }, (_, k) => cells[k] ?? { owner: undefined });
}
