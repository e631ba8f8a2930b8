import { EXPERTS } from '@sema/qar';
import type { Market } from './market.ts';

/** A market as it stands, for whoever asks. */
export function marketView(market: Market) {
  const { record, session, history } = market;
  const { configuration, decideAt } = record.settings;
  const [last] = history.latest(1);
  const [newest] = history.candles(-Number.MAX_VALUE, Number.MAX_VALUE, 1);
  return {
    id: record.id,
    pair: configuration.pair,
    intervalMs: configuration.intervalMs,
    decideAt,
    configuration,
    createdAt: record.createdAt,
    candles: session.candles,
    decisions: session.decisions,
    sequence: session.decisions === 0 ? null : session.decisions - 1,
    lastTime: newest?.time ?? null,
    trading: session.risk.trading,
    equity: last?.equity ?? configuration.startingEquity,
    regime: last?.regime ?? null,
    weights: namedWeights(market),
  };
}

/** The weight of each expert now, in the order of the board. */
export function namedWeights({ session }: Market) {
  const { weights } = session;
  return EXPERTS.map(({ name }, index) => ({ expert: name, weight: weights[index] }));
}
