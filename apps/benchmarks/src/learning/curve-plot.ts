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
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="20" font-size="14">${escaped(title)}</text>`,
  ];
  for (let tick = 0; tick <= 4; tick++) {
    const value = low + ((high - low) * tick) / 4;
    const index = Math.round(((length - 1) * tick) / 4);
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y(value))}" y2="${fixed(y(value))}" stroke="#ddd"/>`,
      `<text x="${LEFT - 6}" y="${fixed(y(value) + 4)}" text-anchor="end">${value.toFixed(1)}</text>`,
      `<text x="${fixed(x(index))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${index + 1}</text>`,
    );
  }
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  parts.push(
    `<text x="${middle}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(xLabel)}</text>`,
  );
  lines.forEach(({ name, values, colour, dashed }, k) => {
    const dash = dashed === true ? ' stroke-dasharray="6 4"' : '';
    const stroke = `stroke="${colour}" stroke-width="1.5"${dash}`;
    parts.push(
      `<polyline fill="none" ${stroke} points="${pointsOf(values, x, y)}"/>`,
      `<line x1="${LEFT + 8}" x2="${LEFT + 32}" y1="${TOP + 8 + 16 * k}" y2="${TOP + 8 + 16 * k}" ${stroke}/>`,
      `<text x="${LEFT + 38}" y="${TOP + 12 + 16 * k}">${escaped(name)}</text>`,
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

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
