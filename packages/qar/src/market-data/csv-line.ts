/**
 * The cells of one comma-separated line, quotes removed and doubled quotes halved (RFC 4180, but a
 * cell never spans lines). O(length).
 *
 * @returns undefined when a quote is not closed, or has text beside it.
 */
export function splitCsvLine(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let end: number;
    if (line[at] === '"') {
      end = closingQuote(line, at) + 1;
      if (end === 0 || (end < line.length && line[end] !== ',')) return undefined;
      cells.push(line.slice(at + 1, end - 1).replaceAll('""', '"'));
    } else {
      const comma = line.indexOf(',', at);
      end = comma < 0 ? line.length : comma;
      const cell = line.slice(at, end);
      if (cell.includes('"')) return undefined;
      cells.push(cell);
    }
    if (end === line.length) return cells;
    at = end + 1;
  }
}

/** Index of the quote that closes the one at `open`, or −1. */
function closingQuote(line: string, open: number): number {
  let quote = line.indexOf('"', open + 1);
  while (quote >= 0 && line[quote + 1] === '"') quote = line.indexOf('"', quote + 2);
  return quote;
}
