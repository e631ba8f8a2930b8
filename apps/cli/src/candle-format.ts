export type CandleFormat = 'csv' | 'json' | 'parquet' | 'arrow' | 'feather-1';

const MAGIC: readonly { readonly format: CandleFormat; readonly text: string }[] = [
  { format: 'parquet', text: 'PAR1' },
  { format: 'arrow', text: 'ARROW1' },
  { format: 'feather-1', text: 'FEA1' },
];

/** What a file is, by its first bytes; its name says nothing. Text that is not JSON is CSV. */
export function candleFormat(start: Uint8Array): CandleFormat {
  const head = String.fromCharCode(...start.subarray(0, 64));
  const known = MAGIC.find(({ text }) => head.startsWith(text));
  return known?.format ?? (head.trimStart().startsWith('[') ? 'json' : 'csv');
}
