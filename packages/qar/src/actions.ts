/** What a decision can ask for, in the order of the action register's basis states. */
export const ACTIONS = ['short', 'flat', 'long'] as const;
export type Action = (typeof ACTIONS)[number];

/** Qubits of the action register; its fourth basis state is unused and stays at amplitude 0. */
export const ACTION_QUBITS = 2;
