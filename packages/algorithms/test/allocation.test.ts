import { expect, test } from 'vitest';
import {
  AdaHedge,
  AnytimeHedge,
  ExponentiatedGradient,
  FixedShare,
  Hedge,
  NormalHedge,
  prospectValue,
  QuantumHedge,
  QuantumLmsr,
  QuantumProspect,
  Squint,
  TVERSKY_KAHNEMAN_1992,
} from '../src/index.ts';
import { register } from './arbitraries.ts';

const CALLS = 500;
const FLAT_ROUNDS = 5;
const MAX_ROUNDS = 10_000;

/**
 * Whether the heap comes to grow by less than so many bytes a call, several rounds in a row. Until
 * the calls are compiled they box their numbers, and a collection makes its round negative, so the
 * first rounds do not count. The smallest thing that a call could allocate, a number, is 12 bytes.
 */
function growsByLessThan(
  bytes: number,
  call: (index: number) => void,
  rounds = MAX_ROUNDS,
): boolean {
  let flat = 0;
  for (let round = 0; round < rounds && flat < FLAT_ROUNDS; round += 1) {
    const start = round * CALLS;
    const before = process.memoryUsage().heapUsed;
    for (let index = start; index < start + CALLS; index += 1) call(index);
    const bytesPerCall = (process.memoryUsage().heapUsed - before) / CALLS;
    flat = Math.abs(bytesPerCall) < bytes ? flat + 1 : 0;
  }
  return flat === FLAT_ROUNDS;
}

const prior = Float64Array.of(0.1, 0.2, 0.05, 0.15, 0.1, 0.1, 0.1, 0.2);
const losses = Float64Array.of(0, 1, 0.5, 0.25, 0.75, 0, 1, 0.5);
const lent = register(4);

/** Less than any number takes. */
const NOTHING = 4;

/**
 * Six numbers, where 32 prices would be twenty times as much: mostly nothing is allocated, but the
 * engine decides in each run anew which functions it makes one, and may box what passes between
 * others.
 */
const HANDFUL = 100;

const even = new Float64Array(32).fill(1 / 32);

test('settling a trade allocates a handful of numbers at most', () => {
  using market = new QuantumLmsr(5);
  const trade = { prior: even, shares: even.map((_, i) => i % 7), liquidity: 2 };
  const into = market.settlement();
  const borrowed = register(6);
  const settle = (index: number): void => {
    trade.shares[0] = index % 7;
    market.settle(trade, borrowed, into);
  };
  expect(growsByLessThan(HANDFUL, settle, 2000)).toBe(true);
  const anew = (): void => void market.settle(trade, borrowed);
  expect(growsByLessThan(HANDFUL, anew, 200)).toBe(false);
});

const prelec = {
  ...TVERSKY_KAHNEMAN_1992,
  prelecGain: { exponent: 0.65, scale: 1.1 },
  prelecLoss: { exponent: 0.7, scale: 0.9 },
};

test.each([
  ['1992', TVERSKY_KAHNEMAN_1992],
  ['Prelec', prelec],
])('valuing a lottery by %s allocates a handful of numbers at most', (_, parameters) => {
  using prospect = new QuantumProspect(3);
  const lottery = { probabilities: prior, payoffs: prior.map((_, i) => i - 4) };
  const into = prospect.valuation();
  const borrowed = register(4);
  const value = (index: number): void => {
    lottery.payoffs[0] = index % 7;
    prospect.value(lottery, parameters, borrowed, into);
  };
  expect(growsByLessThan(HANDFUL, value, 2000)).toBe(true);
  const anew = (): void => void prospectValue(lottery, parameters);
  expect(growsByLessThan(200, anew, 200)).toBe(false);
});

test('filtering weights allocates nothing', () => {
  using hedge = new QuantumHedge(3);
  const into = hedge.round();
  const filter = (): void => void hedge.filter(prior, losses, 0.5, lent, into);
  expect(growsByLessThan(NOTHING, filter)).toBe(true);
});

test('mixing opinions allocates nothing', () => {
  using hedge = new QuantumHedge(3);
  const into = hedge.mixed();
  const mix = (): void => void hedge.mixture(prior, losses, lent, into);
  expect(growsByLessThan(NOTHING, mix)).toBe(true);
});

test('this check finds the memory of a result that is made anew', () => {
  using hedge = new QuantumHedge(3);
  const mix = (): void => void hedge.mixture(prior, losses, lent);
  expect(growsByLessThan(36, mix, 500)).toBe(false);
});

const many = Float64Array.from({ length: 64 }, (_, i) => (i % 9) / 8);

/** One number that is returned and one that is passed on: the engine may box either. */
const TWO_NUMBERS = 36;

test.each([
  ['Hedge', new Hedge({ experts: 64, learningRate: 0.1 })],
  ['AnytimeHedge', new AnytimeHedge(64)],
  ['AdaHedge', new AdaHedge(64)],
  ['FixedShare', new FixedShare({ experts: 64, learningRate: 0.1, switching: 0.01 })],
  ['NormalHedge', new NormalHedge(64)],
  ['Squint', new Squint(64)],
  [
    'ExponentiatedGradient',
    new ExponentiatedGradient({ experts: 64, learningRate: 0.1, gradientBound: 1 }),
  ],
])('a round of %s allocates nothing but the number it gives', (_, learner) => {
  const learn = (index: number): void => {
    many[0] = (index % 9) / 8;
    learner.update(many);
  };
  expect(growsByLessThan(TWO_NUMBERS, learn)).toBe(true);
  expect(growsByLessThan(TWO_NUMBERS, () => void learner.weights(), 100)).toBe(false);
});
