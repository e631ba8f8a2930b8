import { REGIMES } from '@sema/learning';
import type { Regime } from '@sema/learning';
import type { DecisionReceipt } from '../receipt.ts';

/** What the last decisions say of the market, taken together. */
export interface MarketPicture {
  /** Of the last decision that had one. */
  readonly regime: Regime | undefined;
  /** Decisions in a row in that regime. */
  readonly since: number;
  /** Changes of regime so far. */
  readonly switches: number;
  /** Share of the remembered decisions in each regime; none remembered: all 0. */
  readonly shares: Readonly<Record<Regime, number>>;
  readonly remembered: number;
}

const REMEMBERED = 1024;

/** The regimes of the last 1024 decisions that had one. */
export class RegimePattern {
  readonly #indices = new Uint8Array(REMEMBERED);
  readonly #counts = new Float64Array(REGIMES.length);
  #taken = 0;
  #since = 0;
  #switches = 0;

  add({ regime }: Pick<DecisionReceipt, 'regime'>): void {
    if (regime === null) return;
    const slot = this.#taken % REMEMBERED;
    const index = REGIMES.indexOf(regime);
    if (this.#taken > 0) {
      const isSame = this.#indices[(this.#taken - 1) % REMEMBERED] === index;
      if (!isSame) this.#switches++;
      this.#since = isSame ? this.#since : 0;
    }
    if (this.#taken >= REMEMBERED) this.#counts[this.#indices[slot]]--;
    this.#indices[slot] = index;
    this.#counts[index]++;
    this.#since++;
    this.#taken++;
  }

  picture(): MarketPicture {
    const remembered = Math.min(this.#taken, REMEMBERED);
    const last = this.#indices[(this.#taken + REMEMBERED - 1) % REMEMBERED];
    const share = (regime: Regime): number =>
      remembered === 0 ? 0 : this.#counts[REGIMES.indexOf(regime)] / remembered;
    return {
      regime: this.#taken === 0 ? undefined : REGIMES[last],
      since: this.#since,
      switches: this.#switches,
      shares: {
        stable: share('stable'),
        trending: share('trending'),
        volatile: share('volatile'),
        crisis: share('crisis'),
      },
      remembered,
    };
  }
}
