import { antifragility } from './antifragility.ts';
import { bollingerReversion } from './bollinger-reversion.ts';
import { donchianBreakout } from './donchian-breakout.ts';
import type { Expert } from './expert.ts';
import { localLinearTrend } from './local-linear-trend.ts';
import { macdHistogram } from './macd-histogram.ts';
import { narrativeForecaster } from './narrative-forecaster.ts';
import { onBalanceVolume } from './on-balance-volume.ts';
import { qar } from './qar.ts';
import { qstar } from './qstar.ts';
import { rsiReversion } from './rsi-reversion.ts';
import { timeSeriesMomentum } from './time-series-momentum.ts';
import { turnOfMonth } from './turn-of-month.ts';
import { varianceRatio } from './variance-ratio.ts';
import { volatilityManagedExposure } from './volatility-managed-exposure.ts';

/**
 * The board. An expert's index here is its index in every weight, record and receipt, so the order
 * is part of the model: new experts go to the end.
 */
export const EXPERTS: readonly Expert[] = [
  qar,
  narrativeForecaster,
  qstar,
  antifragility,
  timeSeriesMomentum,
  donchianBreakout,
  rsiReversion,
  bollingerReversion,
  macdHistogram,
  volatilityManagedExposure,
  onBalanceVolume,
  localLinearTrend,
  varianceRatio,
  turnOfMonth,
];
