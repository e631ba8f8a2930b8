import type { TrackRecord } from '@sema/learning';
import type { AbstentionReason, Opinion } from './experts/expert.ts';

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

/** Turns the experts' opinions, in the order of `EXPERTS`, into what their records make of them. */
export function conveneBoard(opinions: readonly Opinion[], record: TrackRecord): Seat[] {
  return opinions.map((opinion, index): Seat => {
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

export function voteCount(seats: readonly Seat[]): number {
  let count = 0;
  for (const { kind } of seats) if (kind === 'vote') count++;
  return count;
}
