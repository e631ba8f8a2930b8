import { checkInteger, checkLength, checkRange, checkValues } from './argument-checks.ts';

export const UNIT = { from: 0, to: 1 };

const LARGEST_EXPERTS = 1 << 20;

/**
 * At 500 even e^{−η} times a weight of 1e-50 is a normal number, so that no filter can fail by
 * underflow.
 */
const LEARNING_RATE = { from: 1e-9, to: 500 };

/** @throws {AlgorithmError} `OUT_OF_RANGE` unless there are `least` … 2^20 experts. */
export function checkExperts(experts: number, least = 1): void {
  checkInteger('experts', experts, { from: least, to: LARGEST_EXPERTS });
}

/** @throws {AlgorithmError} `OUT_OF_RANGE` */
export function checkLearningRate(learningRate: number): void {
  checkRange('learning rate', learningRate, LEARNING_RATE);
}

/** @throws {AlgorithmError} `LENGTH_MISMATCH`, `EMPTY`, `OUT_OF_RANGE` for a loss not in [0, 1]. */
export function checkLosses(losses: ArrayLike<number>, experts: number): void {
  checkLength('losses', losses, experts);
  checkValues('losses', losses, UNIT);
}
