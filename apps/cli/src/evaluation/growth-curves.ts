import { html, type Markup } from '../report/markup.ts';
import type { Strategy } from './strategies.ts';

/** What one unit of equity had become, at evenly chosen periods. */
export interface GrowthCurve {
  readonly title: string;
  readonly growth: readonly number[];
}

/** Points of a curve; a page shows no more. */
const MOST_POINTS = 400;
const WIDTH = 960;
const HEIGHT = 320;
const MARGIN = { left: 56, right: 16, top: 12, bottom: 12 };

export function growthCurve({ title, net }: Strategy): GrowthCurve {
  const every = Math.max(1, Math.ceil(net.length / MOST_POINTS));
  const growth = [1];
  let value = 1;
  net.forEach((change, period) => {
    value *= 1 + change;
    if ((period + 1) % every === 0 || period === net.length - 1) {
      growth.push(Number(value.toPrecision(6)));
    }
  });
  return { title, growth };
}

/** The curves on one logarithmic scale, as a drawing that needs no script. */
export function growthChart(curves: readonly GrowthCurve[]): Markup {
  const values = curves.flatMap(({ growth }) => growth).filter((value) => value > 0);
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const span = high - low || 1;
  const y = (value: number): number =>
    MARGIN.top +
    (1 - (Math.log(Math.max(value, Number.MIN_VALUE)) - low) / span) *
      (HEIGHT - MARGIN.top - MARGIN.bottom);
  const x = (index: number, count: number): number =>
    MARGIN.left + (index / Math.max(1, count - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const ticks = [0, 1, 2, 3, 4].map((step) => Math.exp(low + (span * step) / 4));
  return html`<figure>
    <figcaption><p>What one unit of equity became, on a logarithmic scale.</p></figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" class="curves">
      <title>Growth of ${curves.map(({ title }) => title).join(', ')}</title>
      ${ticks.map((tick) => gridLine(tick, y(tick)))}
      ${curves.map(({ growth }, index) => {
        const points = growth.map(
          (value, i) => `${x(i, growth.length).toFixed(1)},${y(value).toFixed(1)}`,
        );
        return html`<polyline class="c${index + 1}" points="${points.join(' ')}" />`;
      })}
    </svg>
    <p class="legend">
      ${curves.map(({ title }, index) => html`<span class="c${index + 1}">${title}</span>`)}
    </p>
  </figure>`;
}

function gridLine(tick: number, at: number): Markup {
  return html`<line
      x1="${MARGIN.left}"
      x2="${WIDTH - MARGIN.right}"
      y1="${at.toFixed(1)}"
      y2="${at.toFixed(1)}"
    />
    <text x="${MARGIN.left - 8}" y="${(at + 4).toFixed(1)}">${tick.toPrecision(3)}</text>`;
}
