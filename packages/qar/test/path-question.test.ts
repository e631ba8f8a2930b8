import { settleTrade } from '@sema/algorithms';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Seat } from '../src/board.ts';
import { engineConfiguration } from '../src/configuration.ts';
import { horizonPayoffs, pathQuestion } from '../src/path-question.ts';
import { planQubits } from '../src/resources/qubit-plan.ts';
import { gainProbability, ReturnBins } from '../src/return-bins.ts';
import { marketFeatures } from '../src/market-features.ts';
import { windowAt } from '../src/market-data/candles.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const window = windowAt(syntheticCandles(300, 3), 299, 256);
const bins = new ReturnBins(256, 3);
for (let index = 0; index < 256; index++) bins.take(window, index);
const distribution = bins.distribution();
const configuration = engineConfiguration(
  { pair: 'TEST', intervalMs: DAY_MS, periodsPerYear: 252, path: 'twin' },
  { liquidity: 2.5 },
);
const features = marketFeatures(window, 252);

function question(seats: readonly Seat[], weights: Float64Array) {
  if (features === undefined) throw new Error('the random walk has features');
  return pathQuestion(seats, weights, distribution, features, configuration, {
    plan: planQubits(Float64Array.of(1, 1, 1), 14, configuration.qubits),
    pattern: 'none',
    patternAngle: 0,
  });
}

const SILENT: Seat = { kind: 'abstention', reason: 'NO_SIGNAL', direction: undefined };
const seat = fc.oneof(
  fc.constant(SILENT),
  fc
    .double({ min: 0.01, max: 0.99, noNaN: true })
    .map((probabilityUp): Seat => ({ kind: 'vote', direction: 1, probabilityUp })),
);
const seats = fc.array(seat, { minLength: 14, maxLength: 14 });

test('after all have traded, a gain is priced at the logarithmic opinion pool of the votes', () => {
  fc.assert(
    fc.property(
      seats,
      fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 14 }),
      (all, w) => {
        const weights = Float64Array.from(w.slice(0, 14));
        const asked = question(all, weights);
        if (asked === undefined) {
          expect(all.every((one) => one.kind === 'abstention')).toBe(true);
          return;
        }
        let total = 0;
        let logOdds = 0;
        all.forEach((one, index) => {
          if (one.kind !== 'vote') return;
          total += weights[index];
          logOdds += weights[index] * Math.log(one.probabilityUp / (1 - one.probabilityUp));
        });
        const pooled = 1 / (1 + Math.exp(-logOdds / total));
        expect(gainProbability(settleTrade(asked).prices)).toBeCloseTo(pooled, 10);
      },
    ),
  );
});

test('nobody voting is no question', () => {
  expect(question(Array<Seat>(14).fill(SILENT), new Float64Array(14).fill(1 / 14))).toBeUndefined();
});

test('a long and a short of the same lottery lose the round trip between them', () => {
  const votes = Array<Seat>(14).fill({ kind: 'vote', direction: 1, probabilityUp: 0.55 });
  const asked = question(votes, new Float64Array(14).fill(1 / 14));
  if (asked === undefined) throw new Error('fourteen votes are a question');
  const { prices } = settleTrade(asked);
  const long = horizonPayoffs(asked, prices, 1);
  const short = horizonPayoffs(asked, prices, -1);
  long.forEach((payoff, bin) => {
    expect(payoff + short[bin]).toBeCloseTo(-2 * asked.cost, 12);
  });
  // Over a horizon of H the mean in units of σ√H is √H times the drift of one candle.
  const drift = prices.reduce((sum, price, bin) => sum + price * asked.means[bin], 0);
  const mean = prices.reduce((sum, price, bin) => sum + price * long[bin], 0);
  expect(mean + asked.cost).toBeCloseTo(drift * Math.sqrt(252), 10);
});

test('the return distribution is smoothed: every bin above zero, sum one, means ascending', () => {
  const { probabilities, means } = distribution;
  expect(Math.min(...probabilities)).toBeGreaterThan(0);
  expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
  for (let bin = 1; bin < means.length; bin++) expect(means[bin]).toBeGreaterThan(means[bin - 1]);
});
