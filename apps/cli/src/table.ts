/**
 * Lines of a table: the first column to the left, the others to the right, two spaces between.
 * All rows have as many cells as the first.
 */
export function alignTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/**
 * Lines of facts: names in one column, what is said about each in the other, wrapped at `width`.
 */
export function alignFacts(
  facts: readonly (readonly [name: string, text: string])[],
  width = 96,
): string[] {
  const left = Math.max(0, ...facts.map(([name]) => name.length)) + 2;
  return facts.flatMap(([name, text]) =>
    wrap(text, width - left).map((line, index) =>
      `${(index === 0 ? name : '').padEnd(left)}${line}`.trimEnd(),
    ),
  );
}

/** Breaks text at spaces; a word longer than the width keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
