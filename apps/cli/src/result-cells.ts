import { change, count, microseconds, NONE, percent, ratio } from './figures.ts';
import type { CalibrationFigures, CircuitFigures, ComparisonRow } from './result.ts';

/**
 * A contender's figures: return, annual, Sharpe, Sortino, draw-down, turnover, trades, exposure.
 */
export function comparisonCells(row: ComparisonRow): string[] {
  return [
    change(row.totalReturn),
    change(row.annualReturn),
    ratio(row.sharpe ?? undefined),
    ratio(row.sortino ?? undefined),
    percent(row.maximumDrawdown, 2),
    row.turnover.toFixed(2),
    count(row.trades),
    percent(row.meanExposure, 2),
  ];
}

export const CIRCUIT_COLUMNS = ['runs', 'mean time', 'steadiness', 'coherence', 'entropy'];

/** A circuit's figures, one for each of `CIRCUIT_COLUMNS`. */
export function circuitCells(figures: CircuitFigures): string[] {
  return [
    count(figures.runs),
    microseconds(figures.meanExecutionNs),
    figures.executionStability.toFixed(3),
    figures.meanCoherence.toFixed(6),
    figures.entropyBits === null ? NONE : `${figures.entropyBits.toFixed(2)} bits`,
  ];
}

export const CALIBRATION_COLUMNS = [
  'outcomes',
  'right',
  'gains',
  'Brier score',
  'miscalibration',
  'recent successes',
];

/** An algorithm's figures, one for each of `CALIBRATION_COLUMNS`. */
export function calibrationCells(figures: CalibrationFigures): string[] {
  return [
    count(figures.outcomes),
    percent(figures.accuracy),
    percent(figures.gainFrequency),
    figures.brierScore.toFixed(4),
    figures.calibrationError.toFixed(4),
    count(figures.successPatterns),
  ];
}
