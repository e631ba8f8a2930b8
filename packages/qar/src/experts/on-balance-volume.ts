import type { CandleWindow } from '../market-data/candles.ts';
import { abstain, defineExpert, lean } from './expert.ts';

const AVERAGE_CANDLES = 50;

/** Follows on-balance volume when it is above or below its moving average. */
export const onBalanceVolume = defineExpert({
  name: 'on-balance-volume',
  title: 'On-balance volume against its average of 50',
  source:
    "Granville (1963), Granville's New Key to Stock Market Profits; Tsang & Chong (2009), " +
    'Profitability of the on-balance volume indicator, Economics Bulletin 29(3)',
  lookback: AVERAGE_CANDLES,
  rule: (window, from) => {
    const { gap, largest } = onBalanceVolumeGap(window, from);
    return largest === 0 ? abstain('NO_VOLUME') : lean(gap / largest, 1);
  },
});

/**
 * On-balance volume of the last candle less its mean over candles [from, …end), and the largest
 * size that this gap could have had with these volumes; both in units of volume.
 *
 * The volume of the k-th of n candles is in the n − k latest of the n values averaged, so it takes
 * part in the gap with weight k / n.
 */
export function onBalanceVolumeGap(
  { close, volume, length }: CandleWindow,
  from: number,
): { readonly gap: number; readonly largest: number } {
  let gap = 0;
  let largest = 0;
  for (let i = from + 1; i < length; i++) {
    const weighted = volume[i] * (i - from);
    gap += Math.sign(close[i] - close[i - 1]) * weighted;
    largest += weighted;
  }
  const count = length - from;
  return { gap: gap / count, largest: largest / count };
}
