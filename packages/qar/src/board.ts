import type { TrackRecord } from '@sema/learning';
import { EXPERTS } from './experts/board.ts';
import type { AbstentionReason } from './experts/expert.ts';
import type { CandleWindow } from './market-data/candles.ts';

/** Qubits that index the experts; two of the sixteen basis states stay unused. */
export const EXPERT_QUBITS = 4;

/**
 * What an expert's seat says at one decision.
 *
 * A signal whose record is still too short to give it a probability is not a vote: it abstains as
 * `UNCALIBRATED`, and only its direction is kept, so that its record can grow.
 */
export type Seat =
  | { readonly kind: 'vote'; readonly direction: 1 | -1; readonly probabilityUp: number }
  | {
      readonly kind: 'abstention';
      readonly reason: AbstentionReason | 'UNCALIBRATED';
      readonly direction: 1 | -1 | undefined;
    };

/** Asks every expert, in the order of `EXPERTS`. */
export function conveneBoard(window: CandleWindow, record: TrackRecord): Seat[] {
  return EXPERTS.map((expert, index): Seat => {
    const opinion = expert.opine(window);
    if (opinion.kind === 'abstention') {
      return { kind: 'abstention', reason: opinion.reason, direction: undefined };
    }
    const { direction } = opinion;
    const probabilityUp = record.probabilityUp(index, direction);
    return probabilityUp === undefined
      ? { kind: 'abstention', reason: 'UNCALIBRATED', direction }
      : { kind: 'vote', direction, probabilityUp };
  });
}
