import type { AgreementInput, Change, FreqtradeTrade, RunReceipt } from './agreement.ts';

/** Every cause that is known, in the words that a user is told. */
export const CAUSES = {
  range: 'outside the candles that freqtrade was told to trade in; at the last it closes',
  position: 'one was in a position and the other not, after an earlier difference',
  learning: "the market learns while sema backtest trades, and freqtrade's model does not",
  gate: "sema backtest's gate knows its account, orders and losses, and refused the entry",
  limits: 'the service refused the entry under limits that the run does not have',
  halted: "sema backtest's gate had halted trading, and closed the position",
  stop: 'a stop-loss of one, at a price or under a rule that the other does not have',
  volume: "sema backtest fills no more than its share of the candle's volume",
  slippage: 'sema backtest fills at prices worse by its slippage',
  fee: 'the fees are not the same',
  size: 'of equity and in any amount there, of the tradable balance and in whole steps here',
  unexplained: 'none of these',
} as const;

export type Cause = keyof typeof CAUSES;

/** Something that one of the two did and the other did not, or did otherwise. */
export interface Difference {
  readonly cause: Cause;
  /** Open time of the candle in which it was done, ms. */
  readonly time: number;
  readonly what: string;
}

/** One candle in which the two did not do the same. */
export interface Parting extends AgreementInput {
  /** What Sema decided on the candle before, of this row, and what came of it in this one. */
  readonly decision: RunReceipt;
  readonly receipt: RunReceipt;
  readonly row: number;
  /** Who was in a position when the candle opened. */
  readonly before: { readonly freqtrade: boolean; readonly sema: boolean };
  readonly trade: FreqtradeTrade | undefined;
  readonly theirs: readonly Change[];
  readonly ours: readonly Change[];
}

/** Names the first cause that holds. */
export function explained(parting: Parting): Difference {
  const { theirs, ours, receipt, decision } = parting;
  const said = (changes: readonly Change[]): string => changes.join(' and ') || 'stays';
  const cause = causeOf(parting);
  const { outcome } = decision;
  const reason = cause === 'gate' && outcome.kind === 'denied' ? ` (${outcome.reason})` : '';
  const what = `freqtrade ${said(theirs)}, Sema ${said(ours)}${reason}`;
  return { cause, time: receipt.time, what };
}

function causeOf(parting: Parting): Cause {
  const { freqtrade, sema, signals, decision, receipt, row, before, theirs, ours } = parting;
  if (receipt.time < freqtrade.from || receipt.time >= freqtrade.until) return 'range';
  if (before.freqtrade !== before.sema) return 'position';
  if (isByStop(parting)) return 'stop';
  const { verdict, outcome, trading } = decision;
  const goes = verdict?.go === true ? verdict.action : null;
  // A frozen model that decides otherwise than the service's is a fault, and no cause.
  if (goes !== signals.action[row]) {
    return sema.frozenModel === undefined ? 'learning' : 'unexplained';
  }
  if (trading !== 'ACTIVE' && ours.includes('leaves')) return 'halted';
  if (theirs.includes('enters') && outcome.kind === 'denied') return 'gate';
  if (ours.includes('enters') && signals.stake[row] === 0) return 'limits';
  return isCutByVolume(parting) ? 'volume' : 'unexplained';
}

function isByStop({ trade, theirs, receipt, ours }: Parting): boolean {
  const theirStop = theirs.includes('leaves') && /stop/.test(trade?.exit_reason ?? '');
  const ourStop = ours.includes('leaves') && receipt.fills.some(({ cause }) => cause === 'stop');
  return theirStop || ourStop;
}

function isCutByVolume({ decision, sema, candles, row }: Parting): boolean {
  if (decision.outcome.kind !== 'order') return false;
  const { targetUnits } = decision.outcome;
  const most = sema.configuration.execution.fillShare * candles.volume[row + 1];
  // To leave takes as much as was bought, which was no more than a share of another candle.
  return targetUnits === 0 || targetUnits > most;
}
