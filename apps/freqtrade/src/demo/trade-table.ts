import type { KeptTrade } from './freqtrade.ts';

const HEADS = ['trade', 'pair', 'opened', 'at', 'closed', 'at', 'stake', 'profit', 'why it closed'];

/** Trades as lines of a table; the tags, which are the decisions' ids, below it. */
export function tradeTable(trades: readonly KeptTrade[]): string {
  const rows = trades.map((trade) => [
    String(trade.id),
    trade.pair,
    trade.open_date.slice(0, 19),
    trade.open_rate.toFixed(2),
    trade.close_date?.slice(0, 19) ?? 'open',
    trade.close_rate?.toFixed(2) ?? '',
    trade.stake_amount.toFixed(2),
    trade.close_profit === null ? '' : `${(100 * trade.close_profit).toFixed(2)} %`,
    trade.exit_reason ?? '',
  ]);
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  const tags = trades.map(
    ({ id, enter_tag: tag }) => `decision of trade ${String(id)}: ${tag ?? ''}`,
  );
  return [line(HEADS), ...rows.map(line), '', ...tags].join('\n');
}
