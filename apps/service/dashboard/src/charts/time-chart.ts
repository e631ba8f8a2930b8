import uPlot from 'uplot';
import { colour, type ColourName } from '../style/colour.ts';

export interface TimeLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly colour: ColourName;
  readonly opacity?: number;
  readonly width?: number;
  /** Lengths of strokes and gaps, pixels. */
  readonly dash?: readonly number[];
  /** Fills between the line and this value. */
  readonly fillTo?: number;
}

export interface TimeChartContent {
  /** Milliseconds since the Unix epoch, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly TimeLine[];
  readonly format: (value: number) => string;
}

/** Lines over time, on a canvas. Rebuilt when lines come or go, or the colours change. */
export class TimeChart implements Disposable {
  readonly #place: HTMLElement;
  readonly #onPoint: (index: number | undefined) => void;
  readonly #resized: ResizeObserver;
  #plot: uPlot | undefined;
  #content: TimeChartContent | undefined;
  #shape = '';

  /** @param onPoint - is told the index that is pointed at. */
  constructor(place: HTMLElement, onPoint: (index: number | undefined) => void) {
    this.#place = place;
    this.#onPoint = onPoint;
    this.#resized = new ResizeObserver(() => {
      this.#plot?.setSize(this.#size());
    });
    this.#resized.observe(place);
  }

  /** @param scheme - in whose colours to draw. */
  show(content: TimeChartContent, scheme: 'light' | 'dark'): void {
    this.#content = content;
    const shape = JSON.stringify([scheme, content.lines.map(({ values: _, ...form }) => form)]);
    if (shape === this.#shape && this.#plot !== undefined) {
      this.#plot.setData(dataOf(content));
      return;
    }
    this.#shape = shape;
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(content), dataOf(content), this.#place);
  }

  [Symbol.dispose](): void {
    this.#resized.disconnect();
    this.#plot?.destroy();
  }

  #size(): { width: number; height: number } {
    return { width: this.#place.clientWidth, height: this.#place.clientHeight };
  }

  #options({ lines }: TimeChartContent): uPlot.Options {
    const soft = colour('soft');
    const axis = {
      stroke: soft,
      font: `12px ${getComputedStyle(document.body).fontFamily}`,
      grid: { stroke: colour('line'), width: 1 },
      ticks: { show: false },
    };
    return {
      ...this.#size(),
      ms: 1,
      tzDate: (time) => uPlot.tzDate(new Date(time), 'Etc/UTC'),
      legend: { show: false },
      padding: [10, 24, 0, 0],
      cursor: { y: false, points: { size: 6 } },
      scales: { y: { range: { min: { pad: 0.1 }, max: { pad: 0.1 } } } },
      axes: [
        { ...axis, grid: { show: false }, space: 80, size: 26, gap: 6 },
        {
          ...axis,
          size: 72,
          space: 34,
          values: (_, splits) => splits.map((value) => this.#content?.format(value) ?? ''),
        },
      ],
      series: [{}, ...lines.map(seriesOf)],
      hooks: {
        setCursor: [
          ({ cursor }) => {
            this.#onPoint(cursor.idx ?? undefined);
          },
        ],
      },
    };
  }
}

function seriesOf(line: TimeLine): uPlot.Series {
  const { fillTo, dash } = line;
  return {
    label: line.label,
    stroke: colour(line.colour, line.opacity),
    width: line.width ?? 1.5,
    points: { show: false },
    ...(dash === undefined ? {} : { dash: [...dash] }),
    ...(fillTo === undefined ? {} : { fill: colour(line.colour, 0.14), fillTo }),
  };
}

function dataOf({ times, lines }: TimeChartContent): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}
