import { QarError } from '../errors.ts';

export interface LadderLimits {
  /** Largest position per rung, as fractions of equity, ascending. */
  readonly ladder: readonly number[];
  /** Closed trades on a rung before a promotion is considered. */
  readonly promotionTrades: number;
  /** Least t-statistic of those trades' returns for a promotion. */
  readonly promotionTStatistic: number;
}

export interface LadderState {
  readonly rung: number;
  /** Returns of the trades closed on the present rung: count, sum, sum of squares. */
  readonly rungTrades: readonly [number, number, number];
}

/** How much of the equity one position may take: more only on evidence. */
export class Ladder {
  readonly #limits: LadderLimits;
  #rung = 0;
  #trades: [number, number, number] = [0, 0, 0];

  constructor(limits: LadderLimits) {
    this.#limits = limits;
  }

  /** @throws {QarError} `BAD_SNAPSHOT` */
  static restore(limits: LadderLimits, { rung, rungTrades }: LadderState): Ladder {
    const rungs = limits.ladder.length;
    const whole: unknown = rungTrades;
    const fine =
      Array.isArray(whole) && whole.length === 3 && whole.every((sum) => Number.isFinite(sum));
    if (!fine || !Number.isInteger(rung) || rung < 0 || rung >= rungs) {
      throw new QarError('BAD_SNAPSHOT', `rung ${String(rung)} of ${rungs}`);
    }
    const ladder = new Ladder(limits);
    ladder.#rung = rung;
    ladder.#trades = [...rungTrades];
    return ladder;
  }

  state(): LadderState {
    return { rung: this.#rung, rungTrades: [...this.#trades] };
  }

  /** Largest position, as a fraction of equity. */
  get fraction(): number {
    return this.#limits.ladder[this.#rung];
  }

  /**
   * Takes note of a closed trade's return. After enough trades on a rung the ladder is climbed if
   * their mean is significantly above zero, and one rung is given up if it is significantly below.
   */
  record(tradeReturn: number): void {
    const [count, sum, squares] = this.#trades;
    this.#trades = [count + 1, sum + tradeReturn, squares + tradeReturn * tradeReturn];
    if (this.#trades[0] < this.#limits.promotionTrades) return;
    const t = tStatistic(this.#trades);
    const step = t >= this.#limits.promotionTStatistic ? 1 : 0;
    const back = t <= -this.#limits.promotionTStatistic ? 1 : 0;
    if (step === 0 && back === 0) return;
    this.#rung = Math.min(this.#limits.ladder.length - 1, Math.max(0, this.#rung + step - back));
    this.#trades = [0, 0, 0];
  }
}

function tStatistic([count, sum, squares]: readonly [number, number, number]): number {
  const mean = sum / count;
  const variance = (squares - count * mean * mean) / (count - 1);
  return variance > 0 ? mean / Math.sqrt(variance / count) : 0;
}
