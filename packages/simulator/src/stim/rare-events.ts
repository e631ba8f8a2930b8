import { log1p } from '../elementary.ts';
import { draw, type RandomSource } from '../random.ts';

/** Below this a draw of 32 bits would be too coarse, and two are joined. */
const SMALL = 1e-3;

/**
 * Calls `visit` with each of the places 0, 1, …, count − 1 with this probability, independently, in
 * rising order. Draws one number a visit and one more (two each for probabilities below 0.001).
 */
export function visitRare(
  count: number,
  probability: number,
  random: RandomSource,
  visit: (place: number) => void,
): void {
  if (probability <= 0) return;
  const scale = 1 / log1p(-probability);
  for (let place = -1; ;) {
    // Places skipped before the next visit follow the geometric distribution.
    let u = draw(random);
    if (probability < SMALL) u = (Math.floor(u * 4294967296) + draw(random)) / 4294967296;
    place += 1 + Math.floor(log1p(-u) * scale);
    if (!(place < count)) return;
    visit(place);
  }
}
