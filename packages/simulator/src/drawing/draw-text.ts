import type { Circuit } from '../circuit.ts';
import { layout, type Mark, type Placed } from './layout.ts';

export interface TextOptions {
  /** Lines are broken before they are wider, 100 characters when absent. */
  readonly width?: number;
}

/**
 * The circuit in box-drawing characters, a line for each qubit and one for what joins them. `●` is
 * a control, `⊕` an X under controls, `×` an end of a swap, `○` a qubit that selects an angle,
 * `M→c0` a measurement into bit 0, `¦` a barrier, and `(c0=1)` below a gate its condition.
 *
 * @throws {SimulatorError} `TOO_MANY_OPERATIONS` beyond 20 000
 */
export function drawText(circuit: Circuit, { width = 100 }: TextOptions = {}): string {
  const names = Array.from({ length: circuit.qubits }, (_, qubit) => `q${qubit}: `);
  const margin = names.reduce((widest, name) => Math.max(widest, name.length), 0);
  const bands = columnsOf(layout(circuit, false), circuit.qubits, width - margin);
  const blocks = bands.map((columns) => {
    const lines: string[] = [];
    for (const [qubit, name] of names.entries()) {
      for (const [row, label] of [name, ''].entries()) {
        const cells = columns.map((column) => column[2 * qubit + row]).join('');
        lines.push((label.padStart(margin) + cells).trimEnd());
      }
    }
    return lines.join('\n').trimEnd();
  });
  return blocks.join('\n\n');
}

/** For each column its cells from top to bottom, gathered into bands that fit the width. */
function columnsOf(placed: readonly Placed[], qubits: number, width: number): string[][][] {
  const count = placed.reduce((most, { column }) => Math.max(most, column + 1), 0);
  const byColumn = Array.from({ length: count }, (): Placed[] => []);
  for (const each of placed) byColumn[each.column].push(each);
  const bands: string[][][] = [[]];
  let used = 0;
  for (const members of byColumn) {
    const column = cellsOf(members, qubits);
    const size = [...(column[0] ?? '')].length;
    if (used > 0 && used + size > width) {
      bands.push([]);
      used = 0;
    }
    bands[bands.length - 1].push(column);
    used += size;
  }
  return bands;
}

/** Wires at even places, the gaps below them at odd ones, all equally wide. */
function cellsOf(members: readonly Placed[], qubits: number): string[] {
  const texts = new Array<string>(2 * qubits).fill('');
  for (const { marks, isJoined, condition } of members) {
    const places = [...marks.keys()].sort((a, b) => a - b);
    for (const [qubit, mark] of marks) texts[2 * qubit] = symbol(mark);
    if (isJoined) {
      for (let row = 2 * places[0] + 1; row < 2 * places[places.length - 1]; row++) {
        if (texts[row] === '') texts[row] = row % 2 === 1 ? '│' : '┼';
      }
    }
    const last = places[places.length - 1];
    if (condition !== undefined) texts[2 * last + 1] = `(${condition})`;
  }
  const width = texts.reduce((widest, text) => Math.max(widest, [...text].length), 1);
  return texts.map((text, row) => centred(text, width, row % 2 === 0 ? '─' : ' '));
}

function centred(text: string, width: number, fill: string): string {
  const rest = width - [...text].length;
  const before = Math.floor(rest / 2);
  return fill.repeat(before + 1) + text + fill.repeat(rest - before + 1);
}

function symbol(mark: Mark): string {
  switch (mark.kind) {
    case 'box':
      return mark.label;
    case 'control':
      return '●';
    case 'flip':
      return '⊕';
    case 'cross':
      return '×';
    case 'select':
      return '○';
    case 'measure':
      return `M→c${mark.bit}`;
    case 'barrier':
      return '¦';
  }
}
