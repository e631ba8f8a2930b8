import type {
  Candle,
  EquityPoint,
  JournalLine,
  JournalVerification,
  Market,
  PerformanceReport,
  RiskOrder,
  RiskView,
  WeightsHistory,
} from './contract.ts';
import { journalEntry } from './contract.ts';
import { latencyBuckets, type LatencyBucket } from '../figures/latency-buckets.ts';
import { MOST_KEPT, type MarketView } from './market-view.ts';
import type { ServiceClient } from './service-client.ts';
import type { TwinPoint } from './twin-history.ts';

/** Receipts of one page: at 2 kB each, about as much as one answer should carry. */
const PAGE = 500;

/*
 * The routes that the dashboard asks. Every answer is cast to what the service's schema of it says,
 * to which `contract.ts` is held; client and service come from one build.
 */

export async function listMarkets(client: ServiceClient): Promise<readonly Market[]> {
  const { markets } = (await client.get('v1/markets')) as { markets: Market[] };
  return markets;
}

/** Everything that is drawn of a market, as of now. */
export async function loadMarket(client: ServiceClient, id: string): Promise<MarketView> {
  const at = marketPath(id);
  const market = (await client.get(at)) as Market;
  const after = Math.max(-1, (market.sequence ?? -1) - PAGE);
  const [candles, decisions, equity, weights] = await Promise.all([
    readCandles(client, id, undefined),
    client.get(`${at}/decisions?limit=${PAGE}${after < 0 ? '' : `&after=${after}`}`),
    client.get(`${at}/equity?limit=${MOST_KEPT}`),
    client.get(`${at}/weights?limit=${MOST_KEPT}`),
  ]);
  return {
    market,
    candles,
    decisions: (decisions as { decisions: JournalLine[] }).decisions.map(journalEntry),
    equity: (equity as { points: EquityPoint[] }).points,
    weights: weights as WeightsHistory,
  };
}

/** Candles after a time, or the newest of all; at most as many as are kept. */
export async function readCandles(
  client: ServiceClient,
  id: string,
  after: number | undefined,
): Promise<readonly Candle[]> {
  const from = after === undefined ? '' : `&from=${after + 1}`;
  const answer = await client.get(`${marketPath(id)}/candles?limit=${MOST_KEPT}${from}`);
  return (answer as { candles: Candle[] }).candles;
}

export async function readRisk(client: ServiceClient, id: string): Promise<RiskView> {
  return (await client.get(`${marketPath(id)}/risk`)) as RiskView;
}

export async function orderRisk(client: ServiceClient, id: string, order: RiskOrder) {
  await client.post(`${marketPath(id)}/risk`, order);
}

export async function readPerformance(
  client: ServiceClient,
  id: string,
): Promise<PerformanceReport> {
  return (await client.get(`${marketPath(id)}/performance`)) as PerformanceReport;
}

/** Needs the scope to read metrics, which not every token has. */
export async function readLatency(client: ServiceClient, id: string): Promise<LatencyBucket[]> {
  return latencyBuckets(await client.getText('metrics'), id);
}

/** What the twin decided, onto what is known of it already. */
export async function readTwin(
  client: ServiceClient,
  id: string,
  known: readonly TwinPoint[] = [],
): Promise<readonly TwinPoint[]> {
  const after = known.at(-1)?.sequence ?? -1;
  const answer = await client.get(`${marketPath(id)}/twin?limit=${MOST_KEPT}&after=${after}`);
  const { points } = answer as { points: TwinPoint[] };
  return [...known, ...points].slice(-MOST_KEPT);
}

export async function verifyJournal(
  client: ServiceClient,
  id: string,
): Promise<JournalVerification> {
  return (await client.get(`${marketPath(id)}/journal/verification`)) as JournalVerification;
}

function marketPath(id: string): string {
  return `v1/markets/${encodeURIComponent(id)}`;
}
