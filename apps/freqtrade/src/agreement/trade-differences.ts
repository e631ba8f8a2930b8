import type { FillReceipt } from '@sema/qar';
import type { AgreementInput, FreqtradeTrade, SemaEntry } from './agreement.ts';
import type { Cause, Difference } from './explanation.ts';

/** A trade that both made in the same candles. */
export interface SharedTrade extends AgreementInput {
  readonly trade: FreqtradeTrade;
  readonly entry: SemaEntry;
  readonly exit: FillReceipt;
  /** Of the candle decided on. */
  readonly row: number;
  /** freqtrade's, before it. */
  readonly wallet: number;
}

/** freqtrade rounds ratios to eight digits; fees and prices of both are products of two numbers. */
const ROUNDED = 1e-8;
const EXACT = 1e-12;

/**
 * What is not the same in a trade that both made: decision, prices, fees, profit and size, each
 * recomputed by the rules of its own side. What a rule does not give is unexplained.
 */
export function tradeDifferences(shared: SharedTrade): Difference[] {
  const { trade, signals, row } = shared;
  const differences: Difference[] = [];
  const note = (cause: Cause, what: string): void => {
    differences.push({ cause, time: trade.open_timestamp, what });
  };
  if (trade.enter_tag !== signals.id[row]) note('unexplained', `entered by ${trade.enter_tag}`);
  notePrices(shared, note);
  noteFees(shared, note);
  noteProfit(shared, note);
  noteSize(shared, note);
  return differences;
}

type Note = (cause: Cause, what: string) => void;

function notePrices({ trade, entry, exit, sema }: SharedTrade, note: Note): void {
  const { slippageRate } = sema.configuration;
  const sides = [
    [entry.fill.price, trade.open_rate, 1 + slippageRate],
    [exit.price, trade.close_rate, 1 - slippageRate],
  ];
  for (const [ours, theirs, worse] of sides) {
    if (ours === theirs) continue;
    const isSlippage = slippageRate > 0 && isNear(ours, theirs * worse, EXACT);
    note(isSlippage ? 'slippage' : 'unexplained', `Sema at ${String(ours)}, not ${String(theirs)}`);
  }
}

function noteFees({ trade, entry, exit, sema }: SharedTrade, note: Note): void {
  const { feeRate } = sema.configuration;
  for (const [{ fee, units, price }, theirs] of [
    [entry.fill, trade.fee_open],
    [exit, trade.fee_close],
  ] as const) {
    const ours = fee / Math.abs(units * price);
    if (!isNear(ours, feeRate, EXACT)) note('unexplained', `a fee of ${String(ours)}`);
    else if (feeRate !== theirs) note('fee', `${String(feeRate)}, not ${String(theirs)}`);
  }
}

/** Sema's profit, from freqtrade's own where the costs are the same. */
function noteProfit({ trade, entry, exit, sema }: SharedTrade, note: Note): void {
  const { fill } = entry;
  const paid = Math.abs(fill.units) * fill.price + fill.fee;
  const ours = exit.realized / paid;
  const { feeRate, slippageRate } = sema.configuration;
  const costs = slippageRate > 0 || feeRate !== trade.fee_open;
  const kept = (exit.price * (1 - feeRate)) / (fill.price * (1 + feeRate)) - 1;
  const expected = costs ? kept : trade.profit_ratio;
  if (Math.abs(ours - expected) <= ROUNDED) return;
  note('unexplained', `a profit of ${String(ours)}, not ${String(expected)}`);
}

/**
 * Sema stakes a share of its equity, at the close that it decides on and no more than that share at
 * the open; freqtrade a share of its tradable balance at the open, in steps of the exchange.
 */
function noteSize(shared: SharedTrade, note: Note): void {
  const { trade, entry, row, wallet, candles, signals, freqtrade, sema } = shared;
  const { outcome, equity } = entry.decision;
  const { feeRate, slippageRate } = sema.configuration;
  const open = candles.open[row + 1];
  const share = outcome.kind === 'order' ? outcome.limitFraction : 0;
  const cost = slippageRate + feeRate * (1 + slippageRate);
  const asked = outcome.kind === 'order' ? outcome.targetUnits : 0;
  const ours = Math.min(asked, (share * equity) / (open * (1 + share * cost)));
  if (!isNear(entry.fill.units, ours, EXACT)) {
    note('unexplained', `Sema bought ${String(entry.fill.units)}, not ${String(ours)}`);
  }
  const fraction = Math.min(signals.stake[row] ?? 0, freqtrade.positionFraction);
  const theirs = (fraction * freqtrade.tradableRatio * wallet) / trade.open_rate;
  const short = theirs - trade.amount;
  // The wallet is itself rounded by freqtrade, after each trade.
  if (short < -ROUNDED || short > freqtrade.amountStep + ROUNDED) {
    note('unexplained', `freqtrade bought ${String(trade.amount)}, not ${String(theirs)}`);
  }
  note('size', `Sema ${entry.fill.units.toFixed(8)}, freqtrade ${trade.amount.toFixed(8)}`);
}

function isNear(one: number, other: number, relative: number): boolean {
  return Math.abs(one - other) <= relative * Math.max(Math.abs(one), Math.abs(other));
}
