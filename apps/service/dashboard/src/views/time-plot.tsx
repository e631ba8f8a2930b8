import { useEffect, useRef, useState } from 'preact/hooks';
import { TimeChart, type TimeChartContent } from '../charts/time-chart.ts';
import { candleTime } from '../figures/number-text.ts';
import { useScheme } from '../style/scheme.ts';

interface TimePlotProps extends TimeChartContent {
  /** What the drawing shows, for those who do not see it. */
  readonly summary: string;
  readonly intervalMs: number;
  /** Leaves out the key, where something else names the lines. */
  readonly isKeyless?: boolean;
}

/** Lines over time with their key, which shows the values pointed at or else the newest. */
export function TimePlot({ summary, intervalMs, isKeyless, ...content }: TimePlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<TimeChart>(undefined);
  const [point, setPoint] = useState<number>();
  const scheme = useScheme();
  useEffect(() => {
    if (place.current === null) return undefined;
    const made = new TimeChart(place.current, setPoint);
    chart.current = made;
    return () => {
      made[Symbol.dispose]();
    };
  }, []);
  useEffect(() => {
    chart.current?.show(content, scheme);
  });
  const { times, lines, format } = content;
  const index = point ?? times.length - 1;
  const time = times[index];
  return (
    <figure class="time-plot">
      {isKeyless === true ? null : (
        <figcaption class="key">
          {lines.map(({ label, values, colour, dash }) => {
            const value = values[index];
            return (
              <span key={label} class={`entry ${colour} ${dash === undefined ? '' : 'dashed'}`}>
                {label} <b>{value === null || value === undefined ? '' : format(value)}</b>
              </span>
            );
          })}
          {time === undefined ? null : <time>{candleTime(time, intervalMs)}</time>}
        </figcaption>
      )}
      <div class="plot" ref={place} role="img" aria-label={summary} />
    </figure>
  );
}
