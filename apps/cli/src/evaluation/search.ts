import { mulberry32 } from '@sema/simulator';
import { configurationOverrides, type Candles, type EngineConfiguration } from '@sema/qar';
import { deflatedSharpe, sharpeMoments } from '@sema/qar/evaluation';
import { configurationId } from './evaluate-candles.ts';
import { drawPoints, pointTitle, settingsAt, type Axis } from './search-space.ts';
import { marketOf, semaStrategy, tradedReturns } from './strategies.ts';
import type { Study } from './study.ts';
import type { TrialLedger } from './trial-ledger.ts';
import { changed } from './variants.ts';

/** What is judged: decisions at the whole of equity, or the engine with its gate and ladder. */
export type Judged = 'decisions' | 'trades';

export interface SearchRequest {
  readonly candles: Candles;
  /** SHA-256 of the candle file. */
  readonly data: string;
  readonly configuration: EngineConfiguration;
  readonly axes: readonly Axis[];
  readonly trials: number;
  readonly seed: number;
  readonly judged: Judged;
  /** Share of the periods, at the end, that the search never sees. */
  readonly holdOut: number;
  readonly ledger: TrialLedger;
  readonly study: (candles: Candles, configuration: EngineConfiguration) => Promise<Study>;
  readonly now: () => Date;
  /** After each trial, made now or found in the ledger. */
  readonly onTrial: (done: number, total: number) => void;
}

export interface SearchTrial {
  readonly title: string;
  /** Annualised; null where the returns did not vary. */
  readonly sharpe: number | null;
  /** Whether the ledger had it already. */
  readonly known: boolean;
}

export interface SearchResult {
  /** Best first. */
  readonly trials: readonly SearchTrial[];
  readonly best: EngineConfiguration;
  readonly periods: number;
  /** Everything the ledger has on this data. */
  readonly ledgerTrials: number;
  /** Of the best, against all of them; null where its returns do not vary. */
  readonly deflatedSharpe: number | null;
  /** Of the best on the hold-out, annualised; undefined while that stays closed. */
  readonly holdOut: { readonly periods: number; readonly sharpe: number | null } | undefined;
}

interface Found extends SearchTrial {
  readonly settings: EngineConfiguration;
  /** Where the trial was made now. */
  readonly returns: Float64Array | undefined;
}

/** The search over the first part of the candles. What is in the ledger is not run again. */
export async function search(request: SearchRequest, open: boolean): Promise<SearchResult> {
  const { candles, configuration, axes, seed, ledger, judged, data } = request;
  const points = drawPoints(axes, request.trials, mulberry32(seed));
  const decisions = candles.length - configuration.windowCandles + 1;
  const end = decisions - Math.round(decisions * request.holdOut);
  const seen = firstCandles(candles, configuration.windowCandles - 1 + end);
  const annual = Math.sqrt(configuration.periodsPerYear);
  const found: Found[] = [];
  for (const [index, point] of points.entries()) {
    const title = `${judged}: ${pointTitle(axes, point)}`;
    const overrides = configurationOverrides(settingsAt(axes, point));
    const settings = changed(configuration, { ...overrides, path: 'twin' });
    const id = `${judged}-${configurationId(settings)}`;
    const known = ledger.find(data, 0, end, id);
    const returns =
      known === undefined
        ? returnsOf(await request.study(seen, settings), seen, judged)
        : undefined;
    const sharpe =
      known?.sharpe ?? (returns === undefined ? null : (sharpeMoments(returns)?.sharpe ?? null));
    const at = request.now().toISOString();
    ledger.add({ data, from: 0, to: end, configuration: id, title, sharpe, at });
    found.push({
      title,
      sharpe: sharpe === null ? null : sharpe * annual,
      known: known !== undefined,
      settings,
      returns,
    });
    request.onTrial(index + 1, points.length);
  }
  found.sort((left, right) => (right.sharpe ?? -Infinity) - (left.sharpe ?? -Infinity));
  const [best] = found;
  const bestReturns =
    best.returns ?? returnsOf(await request.study(seen, best.settings), seen, judged);
  const moments = sharpeMoments(bestReturns);
  const count = ledger.count(data);
  const result = {
    trials: found.map(({ title, sharpe, known }) => ({ title, sharpe, known })),
    best: changed(best.settings, { path: configuration.path }),
    periods: end,
    ledgerTrials: count.trials,
    deflatedSharpe: moments === undefined ? null : deflatedSharpe(moments, count),
  };
  if (!open) return { ...result, holdOut: undefined };
  const whole = returnsOf(await request.study(candles, best.settings), candles, judged);
  const rest = whole.subarray(end);
  const sharpe = rest.length < 4 ? null : (sharpeMoments(rest)?.sharpe ?? null);
  const id = `${judged}-${configurationId(best.settings)}`;
  const at = request.now().toISOString();
  const title = `hold-out opened, ${best.title}`;
  ledger.add({ data, from: end, to: decisions, configuration: id, title, sharpe, at });
  const annualised = sharpe === null ? null : sharpe * annual;
  return { ...result, holdOut: { periods: rest.length, sharpe: annualised } };
}

export function returnsOf(study: Study, candles: Candles, judged: Judged): Float64Array {
  return judged === 'trades'
    ? tradedReturns(study)
    : semaStrategy('trial', 'trial', study, marketOf(candles, study)).net;
}

function firstCandles(candles: Candles, length: number): Candles {
  return {
    time: candles.time.subarray(0, length),
    open: candles.open.subarray(0, length),
    high: candles.high.subarray(0, length),
    low: candles.low.subarray(0, length),
    close: candles.close.subarray(0, length),
    volume: candles.volume.subarray(0, length),
    length,
  };
}
