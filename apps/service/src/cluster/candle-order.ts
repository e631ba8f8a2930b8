import type { Candle } from '@sema/qar';
import type { CandleMessage, ChangeMessage, MarketMessage } from './candle-message.ts';

/** A change, known by where in the market's messages it was announced. */
export interface AnnouncedChange extends ChangeMessage {
  readonly position: number;
}

/** The next candle of a market, and all that a reader who starts after it must know. */
export interface OrderedCandle {
  readonly candle: Candle;
  /** The change that takes effect with this candle. */
  readonly change: AnnouncedChange | undefined;
  readonly place: Place;
}

/** How far a market's messages were read when a candle was let through. */
export interface Place {
  /** Time of that candle; null before the first. */
  readonly time: number | null;
  /** All messages up to this position are done with. */
  readonly after: number;
  /** Messages up to this one had been seen: some of them are held back. */
  readonly seen: number;
  /** Position of the last change that took effect, 0 before the first. */
  readonly changed: number;
}

export const BEGINNING: Place = { time: null, after: 0, seen: 0, changed: 0 };

/** Candles that wait for one before them, at most; then that one is taken to be missing. */
const MOST_HELD = 64;

/**
 * Puts the candles of one market in order, whatever the order of their messages: a candle waits
 * until the one that it names as the one before has been let through.
 *
 * What comes out is a function of the messages in the order of their positions alone. Started anew
 * at any `place`, it goes on with the same candles and changes.
 */
export class CandleOrder {
  readonly #held = new Map<number, Held>();
  #change: AnnouncedChange | undefined;
  #time: number | null;
  #seen: number;
  #changed: number;
  /** Until here messages are read for the second time, and let nothing through. */
  readonly #known: number;
  #read: number;

  constructor(place: Place) {
    this.#time = place.time;
    this.#read = place.after;
    this.#seen = place.seen;
    this.#known = place.seen;
    this.#changed = place.changed;
  }

  /** Takes a message; false when it says nothing new: read before, or a candle that is past. */
  offer(position: number, message: MarketMessage | undefined): boolean {
    if (position <= this.#read) return false;
    this.#read = position;
    this.#seen = Math.max(this.#seen, position);
    if (message === undefined) return false;
    if (message.kind === 'change') {
      if (position <= this.#changed) return false;
      // Whoever announces last is the one who is right.
      this.#change = { ...message, position };
      return true;
    }
    const { time } = message.candle;
    if (this.#isPast(time) || this.#held.has(time)) return false;
    this.#held.set(time, { ...message, position });
    return true;
  }

  /** Lets the next candle through, if it is there. */
  next(): OrderedCandle | undefined {
    if (this.#read < this.#known) return undefined;
    const next = this.#following() ?? (this.#held.size > MOST_HELD ? this.#earliest() : undefined);
    if (next === undefined) return undefined;
    const { candle } = next;
    this.#time = candle.time;
    for (const time of [...this.#held.keys()]) if (this.#isPast(time)) this.#held.delete(time);
    let change = this.#change;
    if (change !== undefined && change.from <= candle.time) {
      this.#changed = change.position;
      this.#change = undefined;
    } else change = undefined;
    return { candle, change, place: this.#place() };
  }

  #place(): Place {
    let first = this.#change?.position ?? Infinity;
    for (const { position } of this.#held.values()) first = Math.min(first, position);
    const after = Math.min(this.#seen, first - 1);
    return { time: this.#time, after, seen: this.#seen, changed: this.#changed };
  }

  #isPast(time: number): boolean {
    return this.#time !== null && time <= this.#time;
  }

  /** The earliest of the candles that wait for nothing. */
  #following(): Held | undefined {
    let found: Held | undefined;
    for (const held of this.#held.values()) {
      const isNext = held.after === null || (this.#time !== null && held.after <= this.#time);
      if (isNext && (found === undefined || held.candle.time < found.candle.time)) found = held;
    }
    return found;
  }

  #earliest(): Held | undefined {
    let found: Held | undefined;
    for (const held of this.#held.values()) {
      if (found === undefined || held.candle.time < found.candle.time) found = held;
    }
    return found;
  }
}

interface Held extends CandleMessage {
  readonly position: number;
}
