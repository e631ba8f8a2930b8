/** One line of a plot; x is the index. */
export interface PlotLine {
  readonly name: string;
  readonly values: ArrayLike<number>;
  readonly colour: string;
  readonly dashed?: true;
}

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 16;
const TOP = 40;
const BOTTOM = 44;
const MIDDLE = 'text-anchor="middle"';
/** More points than pixels cannot be seen. */
const POINTS = 400;

/** A line plot as SVG, with axes, ticks and a legend. */
export function linePlot(title: string, xLabel: string, lines: readonly PlotLine[]): string {
  let low = 0;
  let high = 0;
  let length = 1;
  for (const { values } of lines) {
    length = Math.max(length, values.length);
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  }
  const x = (index: number) => LEFT + ((WIDTH - LEFT - RIGHT) * index) / Math.max(1, length - 1);
  const y = (value: number) =>
    HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - low)) / Math.max(1e-12, high - low);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}"`,
    ' font-family="sans-serif" font-size="12">',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(LEFT, 20, title, 'font-size="14"'),
  ];
  for (let tick = 0; tick <= 4; tick++) {
    const value = low + ((high - low) * tick) / 4;
    const index = Math.round(((length - 1) * tick) / 4);
    parts.push(
      line(LEFT, WIDTH - RIGHT, y(value), 'stroke="#ddd"'),
      text(LEFT - 6, y(value) + 4, value.toFixed(1), 'text-anchor="end"'),
      text(x(index), HEIGHT - BOTTOM + 18, String(index + 1), MIDDLE),
    );
  }
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  parts.push(text(middle, HEIGHT - 8, xLabel, MIDDLE));
  lines.forEach(({ name, values, colour, dashed }, k) => {
    const dash = dashed === true ? ' stroke-dasharray="6 4"' : '';
    const stroke = `stroke="${colour}" stroke-width="1.5"${dash}`;
    parts.push(
      `<polyline fill="none" ${stroke} points="${pointsOf(values, x, y)}"/>`,
      line(LEFT + 8, LEFT + 32, TOP + 8 + 16 * k, stroke),
      text(LEFT + 38, TOP + 12 + 16 * k, name),
    );
  });
  return `${[...parts, '</svg>'].join('\n')}\n`;
}

function pointsOf(
  values: ArrayLike<number>,
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const count = Math.min(POINTS, values.length);
  return Array.from({ length: count }, (_, k) => {
    const index = Math.round(((values.length - 1) * k) / Math.max(1, count - 1));
    return `${fixed(x(index))},${fixed(y(values[index]))}`;
  }).join(' ');
}

function line(from: number, to: number, height: number, style: string): string {
  const ends = `x1="${fixed(from)}" x2="${fixed(to)}"`;
  return `<line ${ends} y1="${fixed(height)}" y2="${fixed(height)}" ${style}/>`;
}

function text(x: number, y: number, content: string, style = ''): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${style}>${escaped(content)}</text>`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
