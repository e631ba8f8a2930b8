import { shown } from './column-names.ts';

export interface PairFault {
  readonly code: 'SEVERAL_PAIRS' | 'UNKNOWN_PAIR';
  readonly message: string;
}

/** Pairs that a message names. */
const SHOWN_PAIRS = 20;
/** Pairs that are told apart; a file may have more, which a message then does not count. */
const KNOWN_PAIRS = 1000;

/**
 * Chooses the rows of one pair from a file that may hold several. Names are compared by their
 * letters and digits: BTC/USDT, BTC-USDT and btcusdt are one pair. O(1) a row, bounded memory.
 */
export class PairSelection {
  readonly #wanted: string | undefined;
  readonly #wantedName: string | undefined;
  /** Plain names, each with the first spelling that was found. */
  readonly #found = new Map<string, string>();

  /** @param wanted - the pair to take; without it the file must hold one alone. */
  constructor(wanted?: string) {
    this.#wanted = wanted;
    this.#wantedName = wanted === undefined ? undefined : plainPair(wanted);
  }

  /** The pair whose rows were taken; undefined before the first row. */
  get pair(): string | undefined {
    return this.#wanted ?? this.#found.values().next().value;
  }

  /** Whether a row of this pair is to be taken. */
  takes(pair: string): boolean {
    const name = plainPair(pair);
    if (this.#found.size < KNOWN_PAIRS && !this.#found.has(name)) this.#found.set(name, pair);
    return this.#wantedName === undefined ? this.#found.size === 1 : name === this.#wantedName;
  }

  /** What is wrong after the last row, if anything. */
  fault(): PairFault | undefined {
    const wanted = this.#wanted;
    if (wanted === undefined) {
      if (this.#found.size < 2) return undefined;
      return { code: 'SEVERAL_PAIRS', message: `several pairs, choose one of ${this.#list()}` };
    }
    if (this.#found.has(plainPair(wanted))) return undefined;
    return { code: 'UNKNOWN_PAIR', message: `no pair ${shown(wanted)}, only ${this.#list()}` };
  }

  #list(): string {
    const names = [...this.#found.values()].slice(0, SHOWN_PAIRS).map(shown).join(', ');
    return this.#found.size > SHOWN_PAIRS ? `${names} and more` : names;
  }
}

/** Letters and digits of a name in capitals; the name itself when it has none. */
function plainPair(pair: string): string {
  return pair.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') || pair;
}
