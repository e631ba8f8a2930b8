import { journalEntry } from './contract.ts';
import type { Candle, JournalLine, TradingState } from './contract.ts';
import type { DecisionNews } from './market-view.ts';

/** What a stream says, as far as the page needs it. */
export type StreamNews =
  /** First of all: the last decision that was made, null before any. */
  | { readonly kind: 'greeting'; readonly sequence: number | null }
  | { readonly kind: 'decision'; readonly news: DecisionNews }
  | { readonly kind: 'candle'; readonly candle: Candle }
  | { readonly kind: 'risk'; readonly trading: TradingState };

interface DecisionMessage {
  readonly entry: JournalLine;
  readonly candle: Candle;
  readonly exposure: number;
  readonly weights: readonly number[];
}

/** Undefined for acknowledgements and whatever later versions may say. */
export function readStreamMessage(message: unknown): StreamNews | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const type: unknown = Reflect.get(message, 'type');
  // The service's schema of each type says what it carries.
  switch (type) {
    case 'decision': {
      const { entry, candle, exposure, weights } = message as DecisionMessage;
      return { kind: 'decision', news: { entry: journalEntry(entry), candle, exposure, weights } };
    }
    case 'hello':
      return { kind: 'greeting', sequence: (message as { sequence: number | null }).sequence };
    case 'candle':
      return { kind: 'candle', candle: (message as { candle: Candle }).candle };
    case 'risk':
      return { kind: 'risk', trading: (message as { trading: TradingState }).trading };
    default:
      return undefined;
  }
}
