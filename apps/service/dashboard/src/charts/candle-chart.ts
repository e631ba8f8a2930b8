import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type CandlestickData,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle } from '../data/contract.ts';
import type { DecisionMark } from '../figures/decision-mark.ts';
import { money } from '../figures/number-text.ts';
import type { RegimeSpan } from '../figures/regime-spans.ts';
import { colour, type ColourName } from '../style/colour.ts';
import { LANES_HEIGHT, RegimeBands } from './regime-bands.ts';

export interface PlacedMark {
  readonly time: number;
  readonly mark: DecisionMark;
}

export interface CandleChartContent {
  readonly candles: readonly Candle[];
  readonly marks: readonly PlacedMark[];
  readonly spans: readonly RegimeSpan[];
  /** Open time of the candle whose decision is shown beside, ms. */
  readonly selected: number | undefined;
}

interface MarkForm {
  readonly shape: 'arrowUp' | 'arrowDown' | 'circle' | 'square';
  readonly position: 'aboveBar' | 'belowBar';
  readonly colour: (typeof COLOURS)[number];
  readonly size: number;
}

const COLOURS = [
  'ink',
  'soft',
  'line',
  'edge',
  'panel',
  'quantum',
  'buy',
  'sell',
  'denied',
  'alarm',
  'stable',
  'trending',
  'volatile',
  'crisis',
] as const satisfies readonly ColourName[];

const FORMS: Readonly<Record<DecisionMark, MarkForm>> = {
  buy: { shape: 'arrowUp', position: 'belowBar', colour: 'buy', size: 1 },
  sell: { shape: 'arrowDown', position: 'aboveBar', colour: 'sell', size: 1 },
  close: { shape: 'square', position: 'aboveBar', colour: 'ink', size: 0.7 },
  stop: { shape: 'square', position: 'belowBar', colour: 'alarm', size: 0.8 },
  denied: { shape: 'circle', position: 'aboveBar', colour: 'denied', size: 0.4 },
};

/** Candles of one market with what was decided at them, on a canvas. */
export class CandleChart implements Disposable {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<'Candlestick'>;
  readonly #marks: ISeriesMarkersPluginApi<Time>;
  readonly #bands: RegimeBands;
  #colours = readColours();
  #content: CandleChartContent | undefined;

  /** @param onPick - is told the open time of a candle that was pressed. */
  constructor(place: HTMLElement, onPick: (time: number) => void) {
    this.#chart = createChart(place, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 12 },
      localization: { priceFormatter: money },
      timeScale: { timeVisible: true, rightOffset: 3, minBarSpacing: 0.4 },
      rightPriceScale: { scaleMargins: { top: 0.08, bottom: 0.08 } },
      // The page scrolls with the wheel and with a finger up and down, wherever they are.
      handleScroll: { mouseWheel: false, vertTouchDrag: false },
      handleScale: { mouseWheel: false },
    });
    this.#series = this.#chart.addSeries(CandlestickSeries, {
      priceLineVisible: false,
      lastValueVisible: true,
    });
    this.#marks = createSeriesMarkers(this.#series, []);
    this.#bands = new RegimeBands(this.#chart, this.#colours);
    this.#chart.panes()[0]?.attachPrimitive(this.#bands);
    this.#chart.subscribeClick(({ time }) => {
      if (typeof time === 'number') onPick(time * 1000);
    });
    this.recolour();
  }

  show(content: CandleChartContent): void {
    const before = this.#content;
    this.#content = content;
    if (content.candles !== before?.candles) this.#showCandles(content.candles, before?.candles);
    this.#decorate(content);
    if (before === undefined) this.zoom(120);
  }

  /** Shows the last candles, as many as asked for. */
  zoom(candles: number): void {
    const length = this.#content?.candles.length ?? 0;
    const from = Math.max(0, length - candles);
    this.#chart.timeScale().setVisibleLogicalRange({ from: from - 0.5, to: length + 2 });
  }

  /** Takes the colours of the present scheme. */
  recolour(): void {
    this.#colours = readColours();
    const { ink, soft, line, edge, panel } = this.#colours;
    this.#chart.applyOptions({
      layout: {
        background: { color: 'transparent' },
        textColor: soft,
        fontFamily: getComputedStyle(document.body).fontFamily,
      },
      grid: { vertLines: { visible: false }, horzLines: { color: line } },
      crosshair: {
        vertLine: { color: soft, labelBackgroundColor: edge },
        horzLine: { color: soft, labelBackgroundColor: edge },
      },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line },
    });
    // A rise is hollow and a fall is filled, so that colour is left to the marks.
    this.#series.applyOptions({
      upColor: panel,
      downColor: ink,
      borderUpColor: ink,
      borderDownColor: ink,
      wickUpColor: ink,
      wickDownColor: ink,
    });
    if (this.#content !== undefined) this.#decorate(this.#content);
  }

  [Symbol.dispose](): void {
    this.#chart.remove();
  }

  #showCandles(candles: readonly Candle[], before: readonly Candle[] | undefined): void {
    const newest = candles.at(-1);
    // One candle more, as a stream brings it, need not draw all of them anew.
    if (newest !== undefined && before !== undefined && candles.length === before.length + 1) {
      if (candles.at(-2) === before.at(-1)) {
        this.#series.update(bar(newest));
        return;
      }
    }
    this.#series.setData(candles.map(bar));
  }

  #decorate({ marks, spans, selected }: CandleChartContent): void {
    this.#bands.update(spans, this.#colours);
    const markers = marks.map(({ time, mark }): SeriesMarker<Time> => {
      const { colour: name, ...form } = FORMS[mark];
      return { ...form, time: stamp(time), color: this.#colours[name] };
    });
    if (selected !== undefined) {
      markers.push({
        time: stamp(selected),
        shape: 'arrowUp',
        position: 'belowBar',
        color: this.#colours.quantum,
        size: 1,
        text: 'shown',
      });
      markers.sort((a, b) => Number(a.time) - Number(b.time));
    }
    this.#marks.setMarkers(markers);
    this.#series.priceScale().applyOptions({
      scaleMargins: { top: 0.08, bottom: LANES_HEIGHT / 300 },
    });
  }
}

function bar({ time, open, high, low, close }: Candle): CandlestickData {
  return { time: stamp(time), open, high, low, close };
}

function stamp(milliseconds: number): UTCTimestamp {
  // The chart counts in whole seconds, which its types mark.
  return (milliseconds / 1000) as UTCTimestamp;
}

/** Every colour of the chart at once: asking for one makes the browser lay out the page. */
function readColours(): Record<(typeof COLOURS)[number], string> {
  const entries = COLOURS.map((name) => [name, colour(name)] as const);
  // The keys are exactly the names.
  return Object.fromEntries(entries) as Record<(typeof COLOURS)[number], string>;
}
