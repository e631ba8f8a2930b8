import type { Regime } from './regimes.ts';

/** How the learner behaves in a regime. */
export interface RegimeCharacteristics {
  /**
   * Outcomes over which what was learned fades: 1/coherenceTime of a cell's weight is shared among
   * its experts after each, and couplings lose that part of their strength.
   */
  readonly coherenceTime: number;
  /** The largest group of experts that couplings may tie together; 1 couples none. */
  readonly entanglementDepth: number;
  /**
   * Part of the outcomes held back to measure what couplings are worth, in (0, 1): a measured
   * outcome teaches the couplings nothing, so that the measurement is fair.
   */
  readonly measurementFrequency: number;
}

/**
 * The wilder the market, the sooner learning fades, the fewer experts are tied together, and the
 * more often it is measured whether that still pays. Round numbers of outcomes that follow the
 * order of the regimes; they are not fitted to any series.
 */
export const REGIME_CHARACTERISTICS: Readonly<Record<Regime, RegimeCharacteristics>> = {
  stable: { coherenceTime: 1000, entanglementDepth: 4, measurementFrequency: 1 / 8 },
  trending: { coherenceTime: 500, entanglementDepth: 4, measurementFrequency: 1 / 6 },
  volatile: { coherenceTime: 200, entanglementDepth: 3, measurementFrequency: 1 / 4 },
  crisis: { coherenceTime: 50, entanglementDepth: 2, measurementFrequency: 1 / 2 },
};
