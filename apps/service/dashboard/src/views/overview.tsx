import type { DashboardState } from '../data/dashboard.ts';
import type { DecisionReceipt } from '../data/contract.ts';
import { valueOf } from '../data/loadable.ts';
import type { MarketView } from '../data/market-view.ts';
import { decisionText } from '../figures/decision-text.ts';
import { drawdown } from '../figures/equity-curve.ts';
import {
  candleTime,
  change,
  count,
  duration,
  money,
  NONE,
  percent,
} from '../figures/number-text.ts';
import { twinAgreement } from '../figures/twin-agreement.ts';
import { ToneSign } from './tone-sign.tsx';

interface OverviewProps {
  readonly view: MarketView;
  readonly state: DashboardState;
}

/** The state of a market in one sentence and six figures. */
export function Overview({ view, state }: OverviewProps) {
  const { market, decisions } = view;
  const newest = decisions.at(-1)?.receipt;
  return (
    <section class="overview" aria-label="At a glance">
      {newest === undefined ? (
        <Waiting view={view} />
      ) : (
        <Newest receipt={newest} view={view} denials={valueOf(state.risk)?.denials ?? {}} />
      )}
      <Figures view={view} state={state} key={market.id} />
    </section>
  );
}

function Newest({
  receipt,
  view,
  denials,
}: {
  readonly receipt: DecisionReceipt;
  readonly view: MarketView;
  readonly denials: Readonly<Record<string, string>>;
}) {
  const { tone, label, sentence } = decisionText(receipt, denials);
  const { intervalMs } = view.market;
  return (
    <div class="newest">
      <p class="note">
        Decision {count(receipt.sequence)}, candle of{' '}
        <time>{candleTime(receipt.time, intervalMs)}</time>
      </p>
      <p class="verdict">
        <ToneSign tone={tone} /> {label}
      </p>
      <p class="sentence">{sentence}</p>
    </div>
  );
}

function Waiting({ view: { market, candles } }: { readonly view: MarketView }) {
  const { windowCandles } = market.configuration;
  const arrived = Math.max(market.candles, candles.length);
  const text =
    arrived === 0
      ? 'No candle has arrived yet.'
      : `${count(arrived)} of ${count(windowCandles)} candles.`;
  return (
    <div class="newest">
      <p class="note">{market.pair}</p>
      <p class="verdict">Waiting for a whole window</p>
      <p class="sentence">
        {text} The first decision comes with candle {count(windowCandles)}.
      </p>
      <progress value={arrived} max={windowCandles} aria-label="Candles of the window" />
    </div>
  );
}

function Figures({ view, state }: OverviewProps) {
  const { market, equity, decisions } = view;
  const start = market.configuration.startingEquity;
  const values = equity.map((point) => point.equity);
  const exposure = equity.at(-1)?.exposure;
  const latency = valueOf(state.performance)?.decisionTime;
  const agreement = twinAgreement(
    decisions.map(({ receipt }) => receipt),
    valueOf(state.twin) ?? [],
  );
  const figures: (readonly [name: string, value: string, note: string])[] = [
    ['Equity', money(market.equity), `${change(market.equity / start - 1)} since the start`],
    ['Draw-down', percent(drawdown(values).at(-1) ?? 0), 'from the highest equity shown'],
    [
      'Exposure',
      exposure === undefined ? NONE : percent(exposure),
      exposure === undefined || exposure === 0 ? 'no position' : exposure > 0 ? 'long' : 'short',
    ],
    ['Regime', market.regime ?? NONE, 'of the newest window'],
    [
      'Twin agrees',
      agreement.compared === 0 ? NONE : percent(agreement.same / agreement.compared),
      `of ${count(agreement.compared)} decisions`,
    ],
    [
      'Decision time',
      latency === null || latency === undefined ? NONE : duration(latency.p99Ns),
      '99th percentile',
    ],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span class="value">{value}</span>
            <span class="note">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
