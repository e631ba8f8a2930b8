import type { Reliability } from '@sema/qar';
import { count, percent } from '../figures.ts';
import { html, type Markup } from './markup.ts';

/** Forecasts drawn in one colour, the first in front. */
export interface ForecastSeries {
  readonly title: string;
  /** Its class in the style sheet. */
  readonly style: 'stated' | 'preferred';
  readonly reliability: Reliability;
}

/** The square that the frequencies are drawn in, and the strip of counts below it. */
const LEFT = 56;
const TOP = 12;
const SIDE = 380;
const STRIP_TOP = TOP + SIDE + 42;
const STRIP = 64;
const WIDTH = LEFT + SIDE + 14;
const HEIGHT = STRIP_TOP + STRIP + 40;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * A reliability diagram as SVG: how often it happened against what was stated, each dot with its
 * 95 % interval, and below it how often each forecast was made. Needs no script.
 *
 * @param threshold - a forecast to mark, such as the least that allows an entry.
 */
export function reliabilityDiagram(
  series: readonly ForecastSeries[],
  threshold: { readonly value: number; readonly title: string },
): Markup {
  const behindFirst = series.toReversed();
  const most = Math.max(
    ...series.flatMap(({ reliability }) => reliability.bins.map((b) => b.count)),
  );
  return html`<svg
    class="reliability"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="Reliability diagram: ${series.map(({ title }) => title).join(' and ')}"
  >
    ${axes(threshold)} ${behindFirst.map((one) => dots(one, most))} ${counts(series, most)}
  </svg>`;
}

function axes(threshold: { readonly value: number; readonly title: string }): Markup {
  const gate = round(x(threshold.value));
  return html`${TICKS.map(
      (tick) =>
        html`<path class="grid" d="M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}" />
          <text x="${x(tick)}" y="${y(0) + 18}" text-anchor="middle">${tick}</text>
          <text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    )}
    <path class="ideal" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" />
    <path class="threshold" d="M${gate} ${y(0)}V${y(1)}"><title>${threshold.title}</title></path>
    <text x="${gate - 6}" y="${y(0) - 10}" text-anchor="end" class="soft">${threshold.title}</text>
    <text x="${x(0.5)}" y="${HEIGHT - 6}" text-anchor="middle">stated probability of a profit</text>
    <text x="14" y="${y(0.5)}" text-anchor="middle" transform="rotate(-90 14 ${y(0.5)})">
      how often there was one
    </text>
    <text x="${LEFT + 4}" y="${STRIP_TOP - 6}" class="soft">how often it was stated</text>`;
}

/** A dot's area grows with how often its forecast was made. */
function dots({ title, style, reliability }: ForecastSeries, most: number): Markup {
  return html`<g class="${style}">
    ${reliability.bins.map(({ meanForecast, frequency, count: times, low, high }) => {
      const at = round(x(meanForecast));
      const radius = round(3 + 5 * Math.sqrt(times / most));
      const says =
        `${title}: stated ${percent(meanForecast)}, happened ${percent(frequency)} ` +
        `(${percent(low)} to ${percent(high)}) of ${count(times)} times`;
      return html`<path class="interval" d="M${at} ${round(y(low))}V${round(y(high))}" />
        <circle cx="${at}" cy="${round(y(frequency))}" r="${radius}"
          ><title>${says}</title></circle
        >`;
    })}
  </g>`;
}

/** A bar per bin; the series stand side by side. */
function counts(series: readonly ForecastSeries[], most: number): Markup {
  const width = 18 / 2 / series.length;
  return html`<path class="grid" d="M${x(0)} ${STRIP_TOP + STRIP}H${x(1)}" />
    <text x="${LEFT - 8}" y="${STRIP_TOP + 8}" text-anchor="end">${count(most)}</text>
    ${series.map(
      ({ style, reliability }, index) =>
        html`<g class="${style}">
          ${reliability.bins.map(({ meanForecast, count: times }) => {
            const height = round(Math.max(1, (times / most) * STRIP));
            const left = round(x(meanForecast) + (index - series.length / 2) * width);
            const top = round(STRIP_TOP + STRIP - height);
            return html`<rect x="${left}" y="${top}" width="${width}" height="${height}" />`;
          })}
        </g>`,
    )}`;
}

function x(probability: number): number {
  return LEFT + probability * SIDE;
}

function y(frequency: number): number {
  return TOP + (1 - frequency) * SIDE;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
