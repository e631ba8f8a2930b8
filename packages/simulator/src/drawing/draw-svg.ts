import type { Circuit } from '../circuit.ts';
import { layout, type Mark, type Placed } from './layout.ts';

export interface SvgOptions {
  /** The drawing is broken into bands before it is wider, in pixels; 1200 when absent. */
  readonly width?: number;
}

const MARGIN = 56;
const ROW = 44;
const BOX = 30;
const GAP = 12;
const BAND_GAP = 28;
/** Of one character at 13 pixels, generously. */
const CHARACTER = 7.8;

const STYLE = [
  'text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1a1a1a;text-anchor:middle}',
  '.name{text-anchor:end}.small{font-size:11px}',
  '.wire,.join,.bits{stroke:#1a1a1a;fill:none}.bits{stroke:#666}',
  '.box{fill:#fff;stroke:#1a1a1a}.dot{fill:#1a1a1a}',
  '.barrier{stroke:#888;stroke-dasharray:4 3}.dotted{stroke:#666;stroke-dasharray:2 2}',
].join('');

/**
 * The circuit as a standalone SVG image: qubits from top to bottom, one double line for all bits.
 *
 * @throws {SimulatorError} `TOO_MANY_OPERATIONS` beyond 20 000
 */
export function drawSvg(circuit: Circuit, { width = 1200 }: SvgOptions = {}): string {
  const drawing = new Drawing(circuit, width);
  return drawing.svg();
}

interface Column {
  readonly members: Placed[];
  width: number;
}

class Drawing {
  readonly #circuit: Circuit;
  readonly #bands: Column[][];
  readonly #parts: string[] = [];

  constructor(circuit: Circuit, width: number) {
    this.#circuit = circuit;
    this.#bands = bandsOf(layout(circuit, true), width - MARGIN - GAP);
  }

  svg(): string {
    const rows = this.#circuit.qubits + (this.#circuit.bits > 0 ? 1 : 0);
    const bandHeight = rows * ROW;
    let widest = 0;
    for (const [k, band] of this.#bands.entries()) {
      const top = GAP + k * (bandHeight + BAND_GAP);
      const length = band.reduce((sum, column) => sum + column.width, 0) + GAP;
      widest = Math.max(widest, length);
      this.#wires(top, MARGIN + length);
      let x = MARGIN + GAP;
      for (const column of band) {
        for (const placed of column.members) this.#placed(placed, x + column.width / 2, top);
        x += column.width;
      }
    }
    const width = MARGIN + widest + GAP;
    const height = 2 * GAP + this.#bands.length * (bandHeight + BAND_GAP) - BAND_GAP;
    const open =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}">`;
    const background = `<rect width="${width}" height="${height}" fill="#fff"/>`;
    return [open, `<style>${STYLE}</style>`, background, ...this.#parts, '</svg>'].join('\n');
  }

  #y(qubit: number, top: number): number {
    return top + (qubit + 0.5) * ROW;
  }

  #wires(top: number, end: number): void {
    const { qubits, bits } = this.#circuit;
    for (let qubit = 0; qubit < qubits; qubit++) {
      const y = this.#y(qubit, top);
      this.#parts.push(line('wire', MARGIN, y, end, y));
      this.#parts.push(text('name', MARGIN - 8, y, `q${qubit}`));
    }
    if (bits === 0) return;
    const y = this.#y(qubits, top);
    this.#parts.push(
      line('bits', MARGIN, y - 2, end, y - 2),
      line('bits', MARGIN, y + 2, end, y + 2),
    );
    this.#parts.push(text('name', MARGIN - 8, y, `c/${bits}`));
  }

  #placed({ marks, isJoined, condition }: Placed, x: number, top: number): void {
    const places = [...marks.keys()];
    const first = places.reduce((a, b) => Math.min(a, b));
    const last = places.reduce((a, b) => Math.max(a, b));
    if (isJoined) this.#parts.push(line('join', x, this.#y(first, top), x, this.#y(last, top)));
    if (condition !== undefined) this.#condition(condition, x, this.#y(last, top), top);
    for (const [qubit, mark] of marks) this.#mark(mark, x, this.#y(qubit, top), top);
  }

  #condition(condition: string, x: number, from: number, top: number): void {
    const y = this.#y(this.#circuit.qubits, top);
    this.#parts.push(line('dotted', x, from, x, y - 2));
    this.#parts.push(circle('dot', x, y, 4), text('small', x, y + 14, condition));
  }

  #mark(mark: Mark, x: number, y: number, top: number): void {
    const parts = this.#parts;
    switch (mark.kind) {
      case 'box':
        parts.push(box(x, y, boxWidth(mark.label)), text('', x, y, mark.label));
        break;
      case 'control':
        parts.push(circle('dot', x, y, 5));
        break;
      case 'select':
        parts.push(circle('box', x, y, 5));
        break;
      case 'flip':
        parts.push(circle('box', x, y, 11));
        parts.push(line('join', x - 11, y, x + 11, y), line('join', x, y - 11, x, y + 11));
        break;
      case 'cross':
        parts.push(
          line('join', x - 7, y - 7, x + 7, y + 7),
          line('join', x - 7, y + 7, x + 7, y - 7),
        );
        break;
      case 'barrier':
        parts.push(line('barrier', x, y - ROW / 2, x, y + ROW / 2));
        break;
      case 'measure': {
        const bits = this.#y(this.#circuit.qubits, top);
        parts.push(line('dotted', x, y, x, bits - 8), arrowHead(x, bits - 2));
        parts.push(text('small', x, bits + 14, String(mark.bit)), box(x, y, BOX));
        parts.push(`<path class="join" d="M${x - 9} ${y + 6}a9 9 0 0 1 18 0"/>`);
        parts.push(line('join', x, y + 6, x + 7, y - 7));
        break;
      }
    }
  }
}

function bandsOf(placed: readonly Placed[], width: number): Column[][] {
  const columns: Column[] = [];
  for (const each of placed) {
    const column = (columns[each.column] ??= { members: [], width: 0 });
    column.members.push(each);
    column.width = Math.max(column.width, widthOf(each) + GAP);
  }
  const bands: Column[][] = [[]];
  let used = 0;
  for (const column of columns) {
    if (used > 0 && used + column.width > width) {
      bands.push([]);
      used = 0;
    }
    bands[bands.length - 1].push(column);
    used += column.width;
  }
  return bands;
}

function widthOf({ marks, condition }: Placed): number {
  let width = condition === undefined ? 0 : [...condition].length * CHARACTER * 0.85;
  for (const mark of marks.values()) {
    width = Math.max(width, mark.kind === 'box' ? boxWidth(mark.label) : 24);
  }
  return width;
}

function boxWidth(label: string): number {
  return Math.max(BOX, Math.ceil([...label].length * CHARACTER) + 10);
}

function line(style: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${style}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function circle(style: string, x: number, y: number, radius: number): string {
  return `<circle class="${style}" cx="${x}" cy="${y}" r="${radius}"/>`;
}

function box(x: number, y: number, width: number): string {
  const place = `x="${x - width / 2}" y="${y - BOX / 2}" width="${width}" height="${BOX}"`;
  return `<rect class="box" ${place} rx="3"/>`;
}

function arrowHead(x: number, y: number): string {
  return `<path class="dot" d="M${x - 4} ${y - 7}h8l-4 7z"/>`;
}

function text(style: string, x: number, y: number, content: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const kind = style === '' ? '' : ` class="${style}"`;
  return `<text${kind} x="${x}" y="${y}" dominant-baseline="central">${escaped}</text>`;
}
