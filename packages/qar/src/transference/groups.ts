import { EXPERTS } from '../experts/board.ts';

/**
 * The groups of the board, by what their experts go by. Named experts have a group of their own,
 * because they say more than one thing.
 */
const EXPERTS_OF = {
  trend: ['time-series-momentum', 'donchian-breakout', 'macd-histogram', 'local-linear-trend'],
  reversion: ['rsi-reversion', 'bollinger-reversion', 'variance-ratio'],
  conditions: ['volatility-managed-exposure', 'on-balance-volume', 'turn-of-month'],
  named: ['qar', 'narrative-forecaster', 'qstar', 'antifragility'],
} as const;

export const BOARD_GROUPS = ['trend', 'reversion', 'conditions', 'named'] as const;
/** The groups of experts, and the three algorithms as the fifth. */
export const GROUPS = [...BOARD_GROUPS, 'algorithms'] as const;

/** Index into `GROUPS` of the algorithms. */
export const ALGORITHMS_GROUP = GROUPS.indexOf('algorithms');

/** Index into `GROUPS` of each expert, in the order of `EXPERTS`. */
export const GROUP_OF_EXPERT: readonly number[] = EXPERTS.map(({ name }) =>
  BOARD_GROUPS.findIndex((group) => EXPERTS_OF[group].some((expert) => expert === name)),
);
