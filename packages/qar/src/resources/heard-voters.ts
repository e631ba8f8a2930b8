import type { Seat } from '../board.ts';

/** The voters that a register of experts holds. */
export interface HeardVoters {
  /** 2^k of them, sum 1; 0 on basis states without a voter. */
  readonly weights: Float64Array;
  /** Each one's probability of a gain, 0 where there is no voter. */
  readonly probabilities: Float64Array;
}

/**
 * Gives each voter a basis state of its own, in the order of the seats. Where there are more voters
 * than states, the heaviest are heard, the earlier seat first among equals.
 *
 * @param expertWeights - one per seat, ≥ 0, some voter's > 0.
 * @param qubits - k.
 */
export function hearVoters(
  seats: readonly Seat[],
  expertWeights: Float64Array,
  qubits: number,
): HeardVoters {
  const places = 1 << qubits;
  const weights = new Float64Array(places);
  const probabilities = new Float64Array(places);
  let voters = 0;
  for (const { kind } of seats) if (kind === 'vote') voters += 1;
  const least = voters > places ? rankedWeight(seats, expertWeights, places) : undefined;
  let total = 0;
  let place = 0;
  let equals = least?.equals ?? 0;
  for (let i = 0; i < seats.length; i++) {
    const seat = seats[i];
    const weight = expertWeights[i];
    if (seat.kind !== 'vote' || (least !== undefined && weight < least.weight)) continue;
    if (least !== undefined && weight === least.weight && equals-- <= 0) continue;
    weights[place] = weight;
    probabilities[place] = seat.probabilityUp;
    total += weight;
    place += 1;
  }
  for (let i = 0; i < place; i++) weights[i] /= total;
  return { weights, probabilities };
}

/** The weight of rank `count`, and how many voters of just this weight are among the first. */
function rankedWeight(seats: readonly Seat[], expertWeights: Float64Array, count: number) {
  const ranked = expertWeights.filter((_, i) => seats[i].kind === 'vote').sort();
  const weight = ranked[ranked.length - count];
  return {
    weight,
    equals: ranked.subarray(ranked.length - count).filter((w) => w === weight).length,
  };
}
