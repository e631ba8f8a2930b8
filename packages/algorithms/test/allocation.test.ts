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

/**
 * The engine boxes what passes between the functions that make up one logarithm, unless it makes
 * them one, and it may or may not. An array for 32 prices takes twice as much.
 */
const BOXED_NUMBERS = 200;

test('settling a trade makes no object, and nothing for each outcome', () => {
  using market = new QuantumLmsr(5);
  const even = new Float64Array(32).fill(1 / 32);
  const trade = { prior: even, shares: even.map((_, i) => i % 7), liquidity: 2 };
  const into = market.settlement();
  const borrowed = register(6);
  const settle = (index: number): void => {
    trade.shares[0] = index % 7;
    market.settle(trade, borrowed, into);
  };
  expect(growsByLessThan(BOXED_NUMBERS, settle)).toBe(true);
  const anew = (): void => void market.settle(trade, borrowed);
  expect(growsByLessThan(BOXED_NUMBERS, anew, 200)).toBe(false);
});

/** How much more 50 calls leave in array buffers. */
function buffersGrown(call: () => void): number {
  call();
  const before = process.memoryUsage().arrayBuffers;
  for (let k = 0; k < 50; k += 1) call();
  return process.memoryUsage().arrayBuffers - before;
}

/** Powers pass through functions that the engine does not make one, and each boxes numbers. */
test('valuing a lottery makes no array', () => {
  using prospect = new QuantumProspect(5);
  const even = new Float64Array(32).fill(1 / 32);
  const lottery = { probabilities: even, payoffs: even.map((_, i) => (i % 9) - 4) };
  const into = prospect.valuation();
  const borrowed = register(6);
  const value = () => prospect.value(lottery, TVERSKY_KAHNEMAN_1992, borrowed, into);
  // A collection makes what is in use shrink, so arrays need not show each time.
  const rounds = Array.from({ length: 20 }, (_, k) => k);
  expect(rounds.every(() => buffersGrown(() => void value()) <= 0)).toBe(true);
  const anew = () => void prospectValue(lottery, TVERSKY_KAHNEMAN_1992);
  expect(rounds.some(() => buffersGrown(anew) > 50 * 256)).toBe(true);
});

test('filtering weights allocates nothing', () => {
  using hedge = new QuantumHedge(3);
  const into = hedge.round();
  const filter = (): void => void hedge.filter(prior, losses, 0.5, lent, into);
  expect(growsByLessThan(4, filter)).toBe(true);
});

test('mixing opinions allocates nothing', () => {
  using hedge = new QuantumHedge(3);
  const into = hedge.mixed();
  const mix = (): void => void hedge.mixture(prior, losses, lent, into);
  expect(growsByLessThan(4, mix)).toBe(true);
});

test('this check finds the memory of a result that is made anew', () => {
  using hedge = new QuantumHedge(3);
  const mix = (): void => void hedge.mixture(prior, losses, lent);
  expect(growsByLessThan(36, mix, 500)).toBe(false);
});

const many = Float64Array.from({ length: 64 }, (_, i) => (i % 9) / 8);

// 64 experts: their arrays count as buffers.
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
])('a round of %s makes no array', (_, learner) => {
  const rounds = Array.from({ length: 20 }, (_, k) => k);
  expect(rounds.every(() => buffersGrown(() => void learner.update(many)) <= 0)).toBe(true);
  expect(rounds.some(() => buffersGrown(() => void learner.weights()) > 0)).toBe(true);
});
