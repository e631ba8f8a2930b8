import type { DecisionReceipt, InterventionReceipt } from '@sema/qar';
import type { Market, MarketListener } from '../markets/market.ts';
import { decisionOf } from '../storage/history.ts';
import type { DecisionEvent } from '../storage/history.ts';
import { OrderFault } from './order-desk.ts';
import type { FaultCode, OrderDesk } from './order-desk.ts';
import { orderId } from './order-id.ts';

/**
 * `armed` opens and closes positions; `reducing` only closes what is open, as far as the paper
 * account does; `off` does nothing.
 */
export type ArmState = 'armed' | 'reducing' | 'off';
export type DisarmCode = FaultCode | 'ASKED' | 'EXPIRED' | 'RISK_STATE';

export interface ArmOptions {
  readonly desk: OrderDesk;
  /** Ms since the Unix epoch. */
  readonly expiresAt: number;
  readonly now: () => number;
  /** Told why orders open positions no more. */
  readonly onDisarm: (code: DisarmCode) => void;
}

const WATCH_MS = 1000;
/** An exchange writes a candle down, and the feed reads it, within seconds of its close. */
const LATE_MS = 10_000;

/**
 * Follows one market's decisions with orders, one after the other and each after its decision is in
 * the journal. Whatever goes wrong disarms it and halts the market's entries.
 */
export class ArmedMarket implements MarketListener, Disposable {
  readonly expiresAt: number;
  readonly #market: Market;
  readonly #options: ArmOptions;
  readonly #listening: Disposable;
  readonly #watch: NodeJS.Timeout;
  #state: ArmState = 'armed';
  #code: DisarmCode | null = null;
  #heardAt: number;
  #queue: Promise<void> = Promise.resolve();

  constructor(market: Market, options: ArmOptions) {
    this.#market = market;
    this.#options = options;
    this.expiresAt = options.expiresAt;
    this.#heardAt = options.now();
    this.#listening = market.listen(this);
    this.#watch = setInterval(() => {
      this.#look();
    }, WATCH_MS).unref();
  }

  get state(): ArmState {
    return this.#state;
  }

  /** Why it was disarmed; null while it is armed. */
  get code(): DisarmCode | null {
    return this.#code;
  }

  decision(event: DecisionEvent): void {
    this.#heardAt = this.#options.now();
    void this.do(() => this.#follow(event));
  }

  candle(): void {
    this.#heardAt = this.#options.now();
  }

  intervention({ trading }: InterventionReceipt): void {
    if (trading === 'ACTIVE') return;
    this.disarm('RISK_STATE');
    void this.do(() => this.#options.desk.settle());
  }

  /** Opens no more positions from here on. */
  disarm(code: DisarmCode): void {
    if (this.#state !== 'armed') return;
    this.#state = 'reducing';
    this.#code = code;
    this.#options.onDisarm(code);
  }

  /** Does work with orders after what is being done; a failure disarms. */
  do(work: () => Promise<void>): Promise<void> {
    return this.inTurn(work).catch((error: unknown) => {
      this.disarm(error instanceof OrderFault ? error.code : 'EXCHANGE_FAILED');
    });
  }

  /** Does work after what is being done, and fails as it does. */
  inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    // Whoever waits next starts after this, however it ended.
    this.#queue = done.catch(() => undefined);
    return done;
  }

  [Symbol.dispose](): void {
    this.#state = 'off';
    clearInterval(this.#watch);
    this.#listening[Symbol.dispose]();
  }

  async #follow({ line, exposure, candle, sequence }: DecisionEvent): Promise<void> {
    if (this.#state === 'off') return;
    const { body, hash } = decisionOf(line);
    const { desk } = this.#options;
    const paperUnits = (exposure * body.equity) / candle.close;
    this.#look();
    if (this.#isLate(candle.time)) this.disarm('STALE_FEED');
    await desk.settle();
    await desk.checkHoldings();
    if (!desk.agrees(paperUnits)) this.disarm('DISAGREEMENT');
    const units = this.#goal(body, paperUnits, candle.close);
    await desk.moveTo(units, candle.close, { clientId: orderId(hash), sequence });
  }

  /** The position to hold: what the gate let through, and never more than before once disarmed. */
  #goal({ outcome, equity }: DecisionReceipt, paperUnits: number, price: number): number {
    const { held } = this.#options.desk;
    const isOrder = outcome.kind === 'order';
    if (this.#state !== 'armed') {
      const target = isOrder ? outcome.targetUnits : paperUnits;
      return Math.max(0, Math.min(held, target));
    }
    if (!isOrder) return held;
    const most = (outcome.limitFraction * equity) / price;
    return Math.max(0, Math.min(outcome.targetUnits, most));
  }

  #isLate(time: number): boolean {
    const { intervalMs } = this.#market.record.settings.configuration;
    return !(this.#options.now() - (time + intervalMs) <= intervalMs);
  }

  #look(): void {
    const { intervalMs } = this.#market.record.settings.configuration;
    const now = this.#options.now();
    if (now >= this.expiresAt) this.disarm('EXPIRED');
    if (now - this.#heardAt > 2 * intervalMs + LATE_MS) this.disarm('STALE_FEED');
  }
}
