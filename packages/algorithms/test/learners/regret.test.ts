import { describe, expect, test } from 'vitest';
import {
  AdaHedge,
  AnytimeHedge,
  ExponentiatedGradient,
  FixedShare,
  Hedge,
  NormalHedge,
  Squint,
} from '../../src/index.ts';
import { play, SEQUENCES } from './loss-sequences.ts';

const ROUNDS = 400;

/** Sums of up to 400 rounded products. */
const ROUNDING = 1e-9;

/** An `expect` for each of millions of comparisons would take most of the time. */
function atMost(value: number, bound: number): void {
  if (!(value <= bound)) expect(value).toBeLessThanOrEqual(bound);
}

describe.each(SEQUENCES)('losses that are %s: on every prefix', (_, sequence) => {
  describe.each([2, 3, 20])('of %s experts', (experts) => {
    const size = [experts, ROUNDS] as const;
    const logN = Math.log(experts);

    test('Hedge keeps ln N/η + ηT/8 and (ηL* + ln N)/(1 − e^−η)', () => {
      const learningRate = Math.sqrt((8 * logN) / ROUNDS);
      play(new Hedge({ experts, learningRate }), size, sequence, (standing) => {
        const { rounds, regret, loss, bestLoss } = standing;
        atMost(regret, logN / learningRate + (learningRate * rounds) / 8 + ROUNDING);
        const first = (learningRate * bestLoss + logN) / (1 - Math.exp(-learningRate));
        atMost(loss, first + ROUNDING);
      });
    });

    test('anytime Hedge keeps ln N/η_T + Σ η_t/8, below 1.061 √(T ln N)', () => {
      const learner = new AnytimeHedge(experts);
      let rate = learner.learningRate;
      let rates = 0;
      play(learner, size, sequence, ({ rounds, regret }) => {
        rates += rate;
        const bound = logN / rate + rates / 8;
        atMost(regret, bound + ROUNDING);
        atMost(bound, 1.061 * Math.sqrt(rounds * logN));
        expect(rate).toBeCloseTo(Math.sqrt((8 * logN) / rounds), 12);
        rate = learner.learningRate;
      });
    });

    test('AdaHedge keeps 2Δ, below √(T ln N) + 2', () => {
      const learner = new AdaHedge(experts);
      play(learner, size, sequence, ({ rounds, regret }) => {
        const bound = 2 * learner.mixabilityGaps;
        atMost(regret, bound + 1e-9 * logN + ROUNDING);
        atMost(bound, Math.sqrt(rounds * logN) + 2 + ROUNDING);
      });
    });

    test('NormalHedge keeps √(2c (1 + ln N)), its own scale', () => {
      const learner = new NormalHedge(experts);
      play(learner, size, sequence, ({ rounds, regret }) => {
        atMost(regret, Math.sqrt(2 * learner.scale * (1 + logN)) * (1 + 1e-12) + ROUNDING);
        // Far from tight, but a learner that does not learn loses up to T/2.
        atMost(regret, 2 * Math.sqrt(rounds * (1 + logN)) + 2);
      });
    });

    test('Squint keeps η_jV + (ln N + ln 1/γ_j)/η_j to every expert', () => {
      const learner = new Squint(experts);
      play(learner, size, sequence, ({ loss, losses }) => {
        losses.forEach((own, expert) => {
          atMost(loss - own, learner.regretBound(expert) + ROUNDING);
        });
      });
    });

    test('fixed share keeps its bound to the sequence that changes every hundred rounds', () => {
      const changes = Math.ceil(ROUNDS / 100) - 1;
      const [learningRate, switching] = [0.3, changes / (ROUNDS - 1)];
      const learner = new FixedShare({ experts, learningRate, switching });
      let [before, followed] = [new Float64Array(experts), 0];
      play(learner, size, sequence, ({ rounds, loss, losses }) => {
        const best = Math.floor((rounds - 1) / 100) % experts;
        followed += losses[best] - before[best];
        before = losses.slice();
        const changed = Math.floor((rounds - 1) / 100);
        const code =
          logN +
          changed * Math.log((experts - 1) / switching) -
          (rounds - 1 - changed) * Math.log(1 - switching);
        atMost(loss - followed, code / learningRate + (learningRate * rounds) / 8 + ROUNDING);
      });
    });
  });
});

describe.each([2, 3, 10])('convex losses of %s coordinates', (experts) => {
  test('exponentiated gradient keeps ln N/η + ηG²T/2 to every mixture, on every prefix', () => {
    const learningRate = 0.1;
    const gradientBound = 2;
    const learner = new ExponentiatedGradient({ experts, learningRate, gradientBound });
    const mixtures = [
      ...Array.from({ length: experts }, (_, i) =>
        Float64Array.from({ length: experts }, (_, j) => (i === j ? 1 : 0)),
      ),
      new Float64Array(experts).fill(1 / experts),
      Float64Array.from({ length: experts }, (_, i) => (i < 2 ? [0.3, 0.7][i] : 0)),
    ];
    const totals = new Float64Array(mixtures.length);
    let total = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      // f(w) = (⟨w, x⟩ − y)², with x in [0, 1] and y what the last mixture makes of it, or not.
      const x = Float64Array.from({ length: experts }, (_, i) => ((round * (i + 2)) % 7) / 6);
      const predict = (w: Float64Array) => w.reduce((sum, weight, i) => sum + weight * x[i], 0);
      const y = round % 10 === 0 ? round % 2 : predict(mixtures[mixtures.length - 1]);
      const weights = learner.weights();
      const error = predict(weights) - y;
      total += error * error;
      mixtures.forEach((mixture, k) => (totals[k] += (predict(mixture) - y) ** 2));
      learner.update(x.map((value) => 2 * error * value));
      const bound =
        Math.log(experts) / learningRate + (learningRate * gradientBound ** 2 * round) / 2;
      totals.forEach((other) => atMost(total - other, bound));
    }
  });
});
