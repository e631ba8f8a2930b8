import type {
  IChartApi,
  IPanePrimitive,
  IPanePrimitivePaneView,
  IPrimitivePaneRenderer,
  UTCTimestamp,
} from 'lightweight-charts';
import type { Regime } from '../data/contract.ts';
import { REGIME_NAMES, type RegimeSpan } from '../figures/regime-spans.ts';

type DrawingTarget = Parameters<IPrimitivePaneRenderer['draw']>[0];

const LANE = 5;
const LANE_GAP = 2;
/** Height of the lanes with the space below them. */
export const LANES_HEIGHT = REGIME_NAMES.length * (LANE + LANE_GAP) + 6;

/**
 * Regimes behind the candles: a faint band over the whole height, and at the bottom a solid one in
 * the regime's own lane, so that they can be told apart without their colours.
 */
export class RegimeBands implements IPanePrimitive, IPanePrimitivePaneView {
  readonly #chart: IChartApi;
  #spans: readonly RegimeSpan[] = [];
  #colours: Readonly<Record<Regime, string>>;

  constructor(chart: IChartApi, colours: Readonly<Record<Regime, string>>) {
    this.#chart = chart;
    this.#colours = colours;
  }

  update(spans: readonly RegimeSpan[], colours: Readonly<Record<Regime, string>>): void {
    this.#spans = spans;
    this.#colours = colours;
  }

  paneViews(): readonly IPanePrimitivePaneView[] {
    return [this];
  }

  zOrder(): 'bottom' {
    return 'bottom';
  }

  renderer(): IPrimitivePaneRenderer {
    return {
      draw: (target) => {
        this.#draw(target);
      },
    };
  }

  #draw(target: DrawingTarget): void {
    const scale = this.#chart.timeScale();
    const half = scale.options().barSpacing / 2;
    const place = (ms: number): number | null =>
      // The chart counts in whole seconds, which its types mark.
      scale.timeToCoordinate((ms / 1000) as UTCTimestamp);
    target.useMediaCoordinateSpace(({ context, mediaSize: { height } }) => {
      for (const { regime, from, to } of this.#spans) {
        const [left, right] = [place(from), place(to)];
        if (left === null || right === null) continue;
        const width = right - left + 2 * half;
        const lane = REGIME_NAMES.indexOf(regime);
        const top = height - LANES_HEIGHT + lane * (LANE + LANE_GAP);
        context.fillStyle = this.#colours[regime];
        context.globalAlpha = 0.1;
        context.fillRect(left - half, 0, width, height);
        context.globalAlpha = 1;
        context.fillRect(left - half, top, width, LANE);
      }
    });
  }
}
