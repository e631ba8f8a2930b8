import { useEffect, useRef } from 'preact/hooks';
import { CandleChart, type PlacedMark } from '../charts/candle-chart.ts';
import type { MarketView } from '../data/market-view.ts';
import { decisionMark, positions } from '../figures/decision-mark.ts';
import { count, interval, money } from '../figures/number-text.ts';
import { REGIME_NAMES, regimeSpans } from '../figures/regime-spans.ts';
import { useScheme } from '../style/scheme.ts';
import { Empty, Panel } from './panel.tsx';
import { ToneSign } from './tone-sign.tsx';

interface MarketPanelProps {
  readonly view: MarketView;
  /** Open time of the candle whose decision is explained, ms. */
  readonly selected: number | undefined;
  readonly onPick: (time: number) => void;
}

const ZOOMS = [60, 120, 360] as const;

/** Candles with decisions, denials and regimes. */
export function MarketPanel(props: MarketPanelProps) {
  const { market, candles } = props.view;
  if (candles.length > 0) return <Drawn {...props} />;
  return (
    <Panel id="market" title={market.pair}>
      <Empty>
        <p>No candle has arrived yet.</p>
        <p class="note">
          Candles come by <code>POST /v1/markets/{market.id}/candles</code>, by the stream, or from
          an exchange.
        </p>
      </Empty>
    </Panel>
  );
}

function Drawn({ view, selected, onPick }: MarketPanelProps) {
  const { market, candles } = view;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<CandleChart>(undefined);
  const pick = useRef(onPick);
  pick.current = onPick;
  const scheme = useScheme();
  useEffect(() => {
    if (place.current === null) return undefined;
    const made = new CandleChart(place.current, (time) => {
      pick.current(time);
    });
    chart.current = made;
    return () => {
      made[Symbol.dispose]();
    };
  }, []);
  useEffect(() => {
    chart.current?.show({ candles, selected, ...decorations(view) });
  }, [view, selected]);
  useEffect(() => {
    chart.current?.recolour();
  }, [scheme]);
  return (
    <Panel id="market" title={market.pair} note={`${interval(market.intervalMs)} candles, UTC`}>
      <div class="chart-tools">
        <ul class="legend">
          {LEGEND.map(([tone, name]) => (
            <li key={name}>
              <ToneSign tone={tone} /> {name}
            </li>
          ))}
        </ul>
        <Zooms all={candles.length} onZoom={(shown) => chart.current?.zoom(shown)} />
      </div>
      <div class="candles" ref={place} role="img" aria-label={summary(view)} />
      <ul class="legend regimes">
        {REGIME_NAMES.map((regime) => (
          <li key={regime}>
            <span class={`swatch ${regime}`} aria-hidden="true" /> {regime}
          </li>
        ))}
        <li class="note">in lanes from top to bottom below the candles</li>
      </ul>
    </Panel>
  );
}

interface ZoomsProps {
  /** How many candles there are. */
  readonly all: number;
  readonly onZoom: (candles: number) => void;
}

function Zooms({ all, onZoom }: ZoomsProps) {
  const choices = [...ZOOMS.filter((candles) => candles < all), all];
  return (
    <div class="zooms" role="group" aria-label="Candles shown">
      {choices.map((candles) => (
        <button
          key={candles === all ? 'all' : candles}
          type="button"
          class="plain"
          onClick={() => {
            onZoom(candles);
          }}
        >
          {candles === all ? 'all' : candles}
        </button>
      ))}
    </div>
  );
}

const LEGEND = [
  ['buy', 'buy'],
  ['sell', 'sell'],
  ['close', 'close'],
  ['stop', 'stop hit'],
  ['denied', 'refused'],
] as const;

function decorations({ decisions, candles }: MarketView) {
  const receipts = decisions.map(({ receipt }) => receipt);
  const held = positions(receipts);
  const first = candles[0]?.time ?? Infinity;
  const marks = receipts.flatMap((receipt, k): PlacedMark[] => {
    const mark = decisionMark(receipt, held[k] ?? 0);
    return mark === undefined || receipt.time < first ? [] : [{ time: receipt.time, mark }];
  });
  return { marks, spans: regimeSpans(receipts).filter(({ from }) => from >= first) };
}

function summary({ candles, decisions, market }: MarketView): string {
  const newest = candles.at(-1);
  const close = newest === undefined ? '' : `, the newest closed at ${money(newest.close)}`;
  return (
    `${count(candles.length)} candles of ${market.pair}${close}. ` +
    `${count(decisions.length)} decisions; the list below tells each.`
  );
}
