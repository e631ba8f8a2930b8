import type { BenchDocument } from '../document.ts';
import { figure, targetText } from '../result-table.ts';
import { TARGETS } from '../targets.ts';
import { goalResults, type GoalResult, type Shown } from './goal-results.ts';

const WIDTH = 960;
const LEFT = 400;
const RIGHT = 190;
const LINE = 19;
const HEADING = 26;
const TOP = 76;
const BOTTOM = 30;
/** Of the axis, times the bound; what lies outside is drawn at the end. */
const [LOW, HIGH] = [0.1, 1000];
const TICKS = [0.1, 1, 10, 100, 1000];

/** Both themes in one file: an image follows what its reader prefers. */
const STYLE = `
  .paper { fill: #ffffff } .ink { fill: #1f2328 } .faint { fill: #59636e }
  .over { paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
  .grid { stroke: #d1d9e0 } .bound { stroke: #59636e }
  .met { fill: #0969da } .missed { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .ink { fill: #f0f6fc } .faint { fill: #9198a1 }
    .over { stroke: #0d1117 }
    .grid { stroke: #2f363d } .bound { stroke: #9198a1 }
    .met { fill: #4493f8 } .missed { fill: #f0883e }
  }
`;

/** How many times better than its bound every row is that shows a goal, on one logarithmic axis. */
export function marginChart(document: BenchDocument): string {
  const results = goalResults(document).filter(({ shown }) => shown.length > 0);
  const body: string[] = [];
  let y = TOP;
  let last = '';
  for (const result of results) {
    if (result.target !== last) {
      last = result.target;
      y += HEADING;
      body.push(text(16, y - 6, TARGETS[result.target].what, 'class="ink over" font-weight="600"'));
    }
    body.push(...goalLine(result, y + LINE / 2));
    y += LINE;
  }
  const height = y + BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${fixed(height)}"` +
      ' font-family="system-ui, sans-serif" font-size="12" role="img">',
    '<title>How many times better than its bound each row is</title>',
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${fixed(height)}"/>`,
    text(16, 26, 'How many times better than its bound', 'class="ink" font-size="16"'),
    text(16, 46, `${document.machine.processor}, ${dateOf(document)}`, 'class="faint"'),
    ...legend(),
    ...axis(y),
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function dateOf({ machine, quick }: BenchDocument): string {
  const load = `load ${machine.load.toFixed(1)} before it`;
  return `${machine.date.slice(0, 10)}, ${load}${quick ? ', a quick run' : ''}`;
}

function legend(): string[] {
  const x = WIDTH - RIGHT;
  return [
    mark(x, 22, true, 1),
    text(x + 12, 26, 'meets its bound', 'class="ink"'),
    mark(x, 42, false, 1),
    text(x + 12, 46, 'misses it', 'class="ink"'),
  ];
}

function axis(bottom: number): string[] {
  return TICKS.flatMap((tick) => {
    const x = fixed(across(tick));
    const line = tick === 1 ? 'class="bound" stroke-width="1.5"' : 'class="grid"';
    const label = tick === 1 ? 'bound' : `${String(tick)} ×`;
    return [
      `<line x1="${x}" x2="${x}" y1="${TOP}" y2="${fixed(bottom)}" ${line}/>`,
      text(across(tick), TOP - 8, label, 'class="faint" text-anchor="middle"'),
      text(across(tick), bottom + 16, label, 'class="faint" text-anchor="middle"'),
    ];
  });
}

function goalLine({ goal, target, shown }: GoalResult, y: number): string[] {
  const [worst] = shown;
  const name = goal.slice(target.length + 1);
  return [
    text(LEFT - 14, y + 4, name, 'class="faint" text-anchor="end"'),
    // The worst last, so that it lies on top.
    ...shown
      .toReversed()
      .map(({ row, margin }) =>
        mark(across(margin ?? zeroMargin(row.met)), y, row.met === true, 0.85),
      ),
    text(WIDTH - 16, y + 4, worstText(worst), 'class="ink" text-anchor="end" font-size="11"'),
  ];
}

/** A bound of zero is kept or not, and by no factor. */
function zeroMargin(met: boolean | null): number {
  return met === true ? 1 : LOW;
}

function worstText({ row, target }: Shown): string {
  return `${figure(row.value)} ${row.unit}`.trim() + ` (${targetText(target)})`;
}

function across(margin: number): number {
  const bounded = Math.min(HIGH, Math.max(LOW, Number.isNaN(margin) ? LOW : margin));
  const share = Math.log(bounded / LOW) / Math.log(HIGH / LOW);
  return LEFT + (WIDTH - LEFT - RIGHT) * share;
}

/** A disc where the bound is met, a diamond where it is not: the form tells it without colour. */
function mark(x: number, y: number, met: boolean, opacity: number): string {
  const look = `class="${met ? 'met' : 'missed'}" fill-opacity="${String(opacity)}"`;
  if (met) return `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="4.5" ${look}/>`;
  const points = [
    [0, -6],
    [6, 0],
    [0, 6],
    [-6, 0],
  ].map(([dx, dy]) => `${fixed(x + dx)},${fixed(y + dy)}`);
  return `<polygon points="${points.join(' ')}" ${look}/>`;
}

function text(x: number, y: number, content: string, style: string): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${style}>${escaped(content)}</text>`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
