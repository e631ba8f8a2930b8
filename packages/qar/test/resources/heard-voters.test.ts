import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Seat } from '../../src/board.ts';
import { hearVoters } from '../../src/resources/heard-voters.ts';

const SILENT: Seat = { kind: 'abstention', reason: 'NO_SIGNAL', direction: undefined };

function vote(probabilityUp: number): Seat {
  return { kind: 'vote', direction: 1, probabilityUp };
}

const seats = fc
  .array(fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true })), {
    minLength: 14,
    maxLength: 14,
  })
  .map((all) => all.map((p) => (p === null ? SILENT : vote(p))))
  .filter((all) => all.some(({ kind }) => kind === 'vote'));
// Few values, so that weights are often equal.
const weights = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 14, maxLength: 14 })
  .map((all) => Float64Array.from(all, (weight) => weight / 100));

test('with a place for each voter, the mixture is that of all voters', () => {
  fc.assert(
    fc.property(seats, weights, (all, w) => {
      const heard = hearVoters(all, w, 4);
      let [mass, sum] = [0, 0];
      all.forEach((seat, i) => {
        if (seat.kind !== 'vote') return;
        mass += w[i];
        sum += w[i] * seat.probabilityUp;
      });
      const mixture = heard.weights.reduce((s, x, i) => s + x * heard.probabilities[i], 0);
      expect(mixture).toBeCloseTo(sum / mass, 13);
    }),
  );
});

test('with fewer places the heaviest are heard, the earlier seat first', () => {
  fc.assert(
    fc.property(seats, weights, fc.integer({ min: 2, max: 4 }), (all, w, qubits) => {
      const heard = hearVoters(all, w, qubits);
      const places = 1 << qubits;
      const ranked = all
        .map((seat, i) => ({ seat, i, weight: w[i] }))
        .filter(({ seat }) => seat.kind === 'vote')
        .sort((a, b) => b.weight - a.weight || a.i - b.i)
        .slice(0, places)
        .sort((a, b) => a.i - b.i);
      expect(heard.weights).toHaveLength(places);
      expect(heard.weights.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 13);
      const total = ranked.reduce((sum, { weight }) => sum + weight, 0);
      ranked.forEach(({ seat, weight }, place) => {
        expect(heard.weights[place]).toBeCloseTo(weight / total, 13);
        expect(heard.probabilities[place]).toBe(seat.kind === 'vote' ? seat.probabilityUp : NaN);
      });
      expect(heard.weights.subarray(ranked.length).every((x) => x === 0)).toBe(true);
    }),
  );
});

test('by hand: of five voters, four places hear all but the lightest', () => {
  const all = [vote(0.1), vote(0.2), SILENT, vote(0.3), vote(0.4), vote(0.5)];
  const heard = hearVoters(all, Float64Array.of(0.3, 0.1, 9, 0.05, 0.2, 0.4), 2);
  expect(Array.from(heard.probabilities)).toEqual([0.1, 0.2, 0.4, 0.5]);
  expect(Array.from(heard.weights, (x) => x.toFixed(2))).toEqual(['0.30', '0.10', '0.20', '0.40']);
});
