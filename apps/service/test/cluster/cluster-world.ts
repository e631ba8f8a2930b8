import { engineConfiguration, Session } from '@sema/qar';
import type { Candle, EngineConfiguration, SessionStore } from '@sema/qar';
import { SigningKey } from '@sema/synthesis-crypto';
import { marketNames } from '../../src/cluster/cluster-market.ts';
import type { ClusterMarket } from '../../src/cluster/cluster-market.ts';
import { Replica } from '../../src/cluster/replica.ts';
import { recordedCandles } from '../recorded-candles.ts';

const MINUTE_MS = 60_000;
const VENUE = 'paper';

export function configurationFor(pair: string, minimumConfidence = 0.4): EngineConfiguration {
  const required = { pair, intervalMs: MINUTE_MS, periodsPerYear: 525_600, path: 'twin' } as const;
  return engineConfiguration(required, {
    risk: { minimumConfidence, shorting: true, crisisVolatility: 20, maximumJumpSigmas: 100 },
  });
}

export interface RecordedMarket extends ClusterMarket {
  readonly name: string;
  readonly candles: readonly Candle[];
}

/** Markets with a random walk each, of as many candles. */
export function recordedMarkets(count: number, candles: number): RecordedMarket[] {
  return Array.from({ length: count }, (_, index) => {
    const pair = `C${String(index)}/USDT`;
    return {
      venue: VENUE,
      pair,
      name: marketNames(VENUE, pair).market,
      configuration: configurationFor(pair),
      candles: recordedCandles(candles, 0, index + 1),
    };
  });
}

export const CLUSTER_KEY = SigningKey.generate();

/** The journal of one session in one process that takes each candle once, in order. */
export function singleNodeJournal({ name, configuration, candles }: RecordedMarket): string[] {
  const lines: string[] = [];
  const store: SessionStore = {
    candles: () => [],
    journal: () => [],
    snapshot: () => undefined,
    appendCandle: () => undefined,
    appendLine: (line) => void lines.push(line),
    writeSnapshot: () => undefined,
  };
  const closeOf = ({ time }: Candle): number => time + configuration.intervalMs;
  using session = new Session(store, {
    configuration,
    clock: { nowNs: () => 0 },
    key: CLUSTER_KEY,
    name,
    snapshotEvery: Infinity,
    clockToleranceMs: 0,
    now: closeOf,
  });
  for (const candle of candles) session.push(candle, closeOf(candle));
  return lines;
}

/**
 * The journals of one process that takes each candle once, in order, and another configuration with
 * the candle at `changed`.
 */
export function singleNodeJournals(
  market: RecordedMarket,
  changed: number,
  configuration: EngineConfiguration,
): string[][] {
  const { name, candles } = market;
  const clock = { nowNs: () => 0 };
  using replica = new Replica(market.configuration, { market: name, key: CLUSTER_KEY, clock });
  const journals: string[][] = [];
  for (const [index, candle] of candles.entries()) {
    const change = index === changed ? { configuration, learned: undefined } : undefined;
    for (const line of replica.take(candle, change).lines) {
      if (line.startsWith('{"body":{"kind":"header"')) journals.push([]);
      journals[journals.length - 1].push(line);
    }
  }
  return journals;
}
