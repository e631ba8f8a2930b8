import type { Market, Strategy } from './strategies.ts';
import type { Study } from './study.ts';

/** How often something came true, with the 95 % interval of Wilson (1927). */
export interface HitRate {
  readonly title: string;
  readonly right: number;
  readonly count: number;
  /** `null` of nothing. */
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The original hope. */
  readonly target: number;
  readonly met: boolean;
}

const HOPE = 0.8;
const Z = 1.959_963_984_540_054;

/** Shares of decisions and of trades that made money, beside the hope of 80 %. */
export function hitRates(sema: Strategy, study: Study, market: Market): HitRate[] {
  const { positions } = sema;
  const moves = positions.map((position, i) => position * market.changes[i]);
  const taken = moves.filter((_, i) => positions[i] !== 0);
  const rate = (title: string, wins: ArrayLike<boolean>): HitRate => {
    const right = Array.from(wins).filter(Boolean).length;
    return hitRate(title, right, wins.length);
  };
  const list = Array.from(taken);
  return [
    rate(
      'decisions with a position, right about the next move',
      list.map((move) => move > 0),
    ),
    rate(
      'the same, right by more than a round trip costs',
      list.map((move) => move > 2 * market.costRate),
    ),
    rate(
      'trades the engine closed at a profit',
      study.trades.map((change) => change > 0),
    ),
  ];
}

function hitRate(title: string, right: number, count: number): HitRate {
  if (count === 0) {
    return { title, right, count, share: null, low: null, high: null, target: HOPE, met: false };
  }
  const share = right / count;
  const centre = (share + (Z * Z) / (2 * count)) / (1 + (Z * Z) / count);
  const spread =
    (Z * Math.sqrt((share * (1 - share)) / count + (Z * Z) / (4 * count * count))) /
    (1 + (Z * Z) / count);
  const [low, high] = [centre - spread, centre + spread];
  return { title, right, count, share, low, high, target: HOPE, met: share > HOPE };
}
