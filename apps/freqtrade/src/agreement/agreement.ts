import type {
  Candles,
  DecisionReceipt,
  EngineConfiguration,
  FillReceipt,
  Verdict,
} from '@sema/qar';
import type { SignalColumns } from '../demo/sema-service.ts';
import { explained } from './explanation.ts';
import type { Difference } from './explanation.ts';
import { tradeDifferences } from './trade-differences.ts';

/** A trade of a freqtrade backtest, as its result file names it. */
export interface FreqtradeTrade {
  readonly open_timestamp: number;
  readonly close_timestamp: number;
  readonly open_rate: number;
  readonly close_rate: number;
  readonly amount: number;
  readonly fee_open: number;
  readonly fee_close: number;
  readonly profit_ratio: number;
  readonly profit_abs: number;
  readonly enter_tag: string;
  readonly exit_reason: string;
}

/** What freqtrade was told to do. */
export interface FreqtradeRun {
  readonly trades: readonly FreqtradeTrade[];
  /** Open times of the first and the last candle it traded in, ms. */
  readonly from: number;
  readonly until: number;
  readonly wallet: number;
  /** `tradable_balance_ratio`, and `sema.position_fraction`. */
  readonly tradableRatio: number;
  readonly positionFraction: number;
  /** Least step of an amount on its exchange. */
  readonly amountStep: number;
}

/** What `sema backtest` did on the same candles. */
export interface SemaRun {
  readonly configuration: EngineConfiguration;
  /** Hash of the model that decided and learned nothing; undefined where it learned. */
  readonly frozenModel: string | undefined;
  /** In the order of the candles, without a gap. */
  readonly receipts: readonly RunReceipt[];
}

/** What is asked of a receipt here. */
export interface RunReceipt extends Pick<
  DecisionReceipt,
  'time' | 'outcome' | 'trading' | 'fills' | 'equity'
> {
  readonly verdict: Pick<Verdict, 'action' | 'go'> | null;
}

export interface AgreementInput {
  readonly candles: Candles;
  /** What the service answered to freqtrade, a value per candle. */
  readonly signals: SignalColumns;
  readonly freqtrade: FreqtradeRun;
  readonly sema: SemaRun;
}

export interface Agreement {
  readonly freqtradeTrades: number;
  readonly semaTrades: number;
  /** Trades that opened and closed in the same candles on both sides. */
  readonly sameTrades: number;
  readonly differences: readonly Difference[];
}

/** A position of Sema's run: how it was opened, and by which decision. */
export interface SemaEntry {
  readonly decision: RunReceipt;
  readonly fill: FillReceipt;
}

/** What happens to the position at or in one candle. */
export type Change = 'enters' | 'leaves' | 'changes';

/**
 * Walks the trades of a freqtrade backtest and of `sema backtest` over the same candles side by
 * side, and names the cause of everything that one did and the other did not, computed from the
 * signals, the receipts and the rules of both. A cause is `unexplained` when none of them fits.
 */
export function agreement(input: AgreementInput): Agreement {
  return new Walk(input).result();
}

class Walk {
  readonly #input: AgreementInput;
  readonly #rowOf: ReadonlyMap<number, number>;
  readonly #opening: ReadonlyMap<number, FreqtradeTrade>;
  readonly #differences: Difference[] = [];
  #trade: FreqtradeTrade | undefined;
  #entry: SemaEntry | undefined;
  /** Whether both were opened in one candle. */
  #together = false;
  #semaTrades = 0;
  #sameTrades = 0;
  /** freqtrade's, now and when its position was opened. */
  #wallet: number;
  #walletBefore: number;

  constructor(input: AgreementInput) {
    this.#input = input;
    this.#wallet = input.freqtrade.wallet;
    this.#walletBefore = this.#wallet;
    this.#rowOf = new Map(Array.from(input.candles.time, (time, row) => [time, row]));
    this.#opening = new Map(input.freqtrade.trades.map((trade) => [trade.open_timestamp, trade]));
  }

  result(): Agreement {
    const { receipts } = this.#input.sema;
    for (let k = 1; k < receipts.length; k++) this.#candle(receipts[k - 1], receipts[k]);
    return {
      freqtradeTrades: this.#input.freqtrade.trades.length,
      semaTrades: this.#semaTrades,
      sameTrades: this.#sameTrades,
      differences: this.#differences,
    };
  }

  /** What both do in one candle, by the decision on the candle before. */
  #candle(decision: RunReceipt, receipt: RunReceipt): void {
    const { time, fills } = receipt;
    const before = { freqtrade: this.#trade !== undefined, sema: this.#entry !== undefined };
    const opened = this.#entry;
    const together = this.#together;
    const [trade, theirs] = this.#freqtradeChanges(time);
    const ours = fills.map((fill) => this.#semaChange(decision, fill));
    const isSame = theirs.join() === ours.join();
    if (isSame && theirs.includes('enters')) this.#together = true;
    if (isSame && theirs.includes('leaves') && trade !== undefined) {
      const entry = opened ?? { decision, fill: fills[0] };
      if (together || theirs.length > 1) this.#same(trade, entry, fills[fills.length - 1]);
    }
    if (isSame) return;
    this.#together = false;
    const row = this.#rowOf.get(decision.time) ?? NaN;
    this.#differences.push(
      explained({ ...this.#input, decision, receipt, row, before, trade, theirs, ours }),
    );
  }

  #freqtradeChanges(time: number): [FreqtradeTrade | undefined, Change[]] {
    const changes: Change[] = [];
    const opening = this.#trade === undefined ? this.#opening.get(time) : undefined;
    if (opening !== undefined) {
      changes.push('enters');
      this.#walletBefore = this.#wallet;
    }
    const trade = this.#trade ?? opening;
    this.#trade = trade;
    if (trade?.close_timestamp === time) {
      changes.push('leaves');
      this.#wallet += trade.profit_abs;
      this.#trade = undefined;
    }
    return [trade, changes];
  }

  #semaChange(decision: RunReceipt, fill: FillReceipt): Change {
    if (fill.position === 0) {
      this.#entry = undefined;
      return 'leaves';
    }
    if (this.#entry !== undefined) return 'changes';
    this.#entry = { decision, fill };
    this.#semaTrades++;
    return 'enters';
  }

  #same(trade: FreqtradeTrade, entry: SemaEntry, exit: FillReceipt): void {
    this.#sameTrades++;
    const row = this.#rowOf.get(entry.decision.time) ?? NaN;
    const wallet = this.#walletBefore;
    this.#differences.push(
      ...tradeDifferences({ ...this.#input, trade, entry, exit, row, wallet }),
    );
  }
}
