import type { Row, Target } from './harness.ts';

const NONE = '–';

/** Lines of an aligned table of rows; a missed target says so. */
export function resultTable(rows: readonly Row[]): string[] {
  return aligned([
    ['', 'value', 'target', '', 'peer', 'its value', 'ratio'],
    ...rows.map((row) => [
      row.name,
      `${figure(row.value)} ${row.unit}`,
      row.target === null ? NONE : targetText(row.target),
      row.met === null ? '' : row.met ? 'met' : 'MISSED',
      row.peer ?? NONE,
      row.peerValue === null ? NONE : figure(row.peerValue),
      row.ratio === null ? NONE : figure(row.ratio),
    ]),
  ]);
}

/** Lines of cells in columns, the first to the left and the others to the right. */
export function aligned(cells: readonly (readonly string[])[]): string[] {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** Three significant digits, whole from a hundred on. */
export function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

export function targetText(target: Target): string {
  return 'atMost' in target ? `≤ ${figure(target.atMost)}` : `≥ ${figure(target.atLeast)}`;
}
