import type {
  Candle,
  DecisionReceipt,
  EquityPoint,
  JournalEntry,
  Market,
  WeightsHistory,
} from './contract.ts';

/** Candles and decisions that are kept and drawn; older ones stay with the service. */
export const MOST_KEPT = 1500;

/** One market as far as this page knows it. Every list is in order of time, without doubles. */
export interface MarketView {
  readonly market: Market;
  readonly candles: readonly Candle[];
  readonly decisions: readonly JournalEntry[];
  readonly equity: readonly EquityPoint[];
  readonly weights: WeightsHistory;
}

/** Sequence number of the last decision that is known; −1 before the first. */
export function lastSequence({ decisions }: Pick<MarketView, 'decisions'>): number {
  return decisions.at(-1)?.receipt.sequence ?? -1;
}

/** The view with one more candle; one that is known already replaces what was known of it. */
export function withCandle(view: MarketView, candle: Candle): MarketView {
  const candles = inOrder(view.candles, candle, ({ time }) => time);
  return candles === view.candles ? view : { ...view, candles };
}

/** What a stream tells of one decision. */
export interface DecisionNews {
  readonly entry: JournalEntry;
  /** The candle that was decided on. */
  readonly candle: Candle;
  /** Position over equity at its close, signed. */
  readonly exposure: number;
  /** In the order of the market's experts, sum 1. */
  readonly weights: readonly number[];
}

/**
 * The view with one more decision, or with one that was missed put where it belongs. A decision
 * that is known already changes nothing, so a stream may repeat itself after a reconnect.
 */
export function withDecision(before: MarketView, news: DecisionNews): MarketView {
  const { entry, candle, exposure, weights } = news;
  const view = withCandle(before, candle);
  const { sequence, time, equity } = entry.receipt;
  const decisions = inOrder(view.decisions, entry, (each) => each.receipt.sequence);
  if (decisions === view.decisions) return view;
  const point = { sequence, time, equity, exposure };
  const learned = { sequence, time, weights };
  return {
    market: newer(view.market, entry.receipt, weights),
    candles: view.candles,
    decisions,
    equity: inOrder(view.equity, point, (each) => each.sequence),
    weights: {
      experts: view.weights.experts,
      points: inOrder(view.weights.points, learned, (each) => each.sequence),
    },
  };
}

function newer(market: Market, receipt: DecisionReceipt, weights: readonly number[]): Market {
  if (market.sequence !== null && receipt.sequence < market.sequence) return market;
  return {
    ...market,
    decisions: Math.max(market.decisions, receipt.sequence + 1),
    sequence: receipt.sequence,
    lastTime: receipt.time,
    trading: receipt.trading,
    equity: receipt.equity,
    regime: receipt.regime,
    weights: market.weights.map((each, k) => ({ ...each, weight: weights[k] ?? each.weight })),
  };
}

/** `items` with one more where its key belongs, the oldest dropped beyond what is kept. */
function inOrder<Item>(
  items: readonly Item[],
  item: Item,
  keyOf: (item: Item) => number,
): readonly Item[] {
  const key = keyOf(item);
  const at = items.findLastIndex((each) => keyOf(each) <= key) + 1;
  const before = items[at - 1];
  if (before !== undefined && keyOf(before) === key) return items;
  return [...items.slice(0, at), item, ...items.slice(at)].slice(-MOST_KEPT);
}
