import fc from 'fast-check';
import { expect, test } from 'vitest';
import { narrativeForecaster, Story } from '../../src/experts/narrative-forecaster.ts';
import { windowOf } from './windows.ts';

type Word = readonly [up: boolean, loud: boolean];

function told(words: readonly Word[]): Story {
  const story = new Story();
  for (const [up, loud] of words) story.tell(up, loud);
  return story;
}

const UP_LOUD: Word = [true, true];
const DOWN_QUIET: Word = [false, false];

test('after one word the story is old or new by the hazard alone, and nothing surprises', () => {
  const story = told([UP_LOUD]);
  // Age 0 with probability 1/20, age 1 with the rest: one word in five up more than down.
  expect(story.persistence(1)).toBeCloseTo(19 / 20, 15);
  expect(story.edge()).toBeCloseTo(19 / 20 / 5, 15);
  expect(story.surprise).toBe(0);
});

test('the second word weighs the two ages by how well they foretold it', () => {
  // Age 0 gives any word 1/4; age 1 gives the same word 2/5, another 1/5.
  const same = told([UP_LOUD, UP_LOUD]);
  const evidence = 0.05 / 4 + 0.95 * 0.4;
  const young = 0.05 / 4 / evidence;
  expect(same.persistence(2)).toBeCloseTo(0.95 * (1 - young), 14);
  const bits = young * Math.log2(young / 0.05) + (1 - young) * Math.log2((1 - young) / 0.95);
  expect(same.surprise).toBeCloseTo(bits, 13);
});

/** The posterior over all change points by brute force: every subset of ends, each story exact. */
function bruteForce(words: readonly Word[]): { ages: number[]; evidence: number } {
  const n = words.length;
  const ages = new Array<number>(n + 1).fill(0);
  for (let ends = 0; ends < 1 << n; ends++) {
    let probability = 1;
    let counts = [0, 0, 0, 0];
    let age = 0;
    words.forEach(([up, loud], t) => {
      const word = (up ? 1 : 0) + (loud ? 2 : 0);
      probability *= (counts[word] + 1) / (age + 4);
      counts[word]++;
      age++;
      const isEnd = ((ends >> t) & 1) === 1;
      probability *= isEnd ? 1 / 20 : 19 / 20;
      if (!isEnd) return;
      counts = [0, 0, 0, 0];
      age = 0;
    });
    ages[age] += probability;
  }
  const evidence = ages.reduce((sum, p) => sum + p);
  return { ages: ages.map((p) => p / evidence), evidence };
}

test('the posterior of the age is that of a sum over all ways to cut the series', () => {
  const words = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(words, (series) => {
      const story = told(series);
      const { ages } = bruteForce(series);
      for (let age = 0; age <= series.length; age++) {
        const expected = ages.slice(age).reduce((sum, p) => sum + p, 0);
        expect(story.persistence(age)).toBeCloseTo(expected, 12);
      }
      let edge = 0;
      for (let age = 1; age <= series.length; age++) {
        const ups = series.slice(-age).filter(([up]) => up).length;
        edge += (ages[age] * (2 * ups - age)) / (age + 4);
      }
      expect(story.edge()).toBeCloseTo(edge, 12);
    }),
    { numRuns: 60 },
  );
});

test('surprise is never negative, and a break of a long story surprises most', () => {
  const word = fc.tuple(fc.boolean(), fc.boolean());
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (words) => {
      const story = told(words);
      expect(story.surprise).toBeGreaterThanOrEqual(0);
      // All ages together, however many words were told.
      expect(story.persistence(0)).toBeCloseTo(1, 12);
      expect(Math.abs(story.edge())).toBeLessThan(1);
    }),
  );
  const long = new Array<Word>(60).fill(UP_LOUD);
  expect(told(long).surprise).toBeLessThan(0.05);
  expect(told([...long, DOWN_QUIET]).surprise).toBeGreaterThan(0.5);
});

/** 148 candles that rise or fall by these signs, loud and quiet in turns. */
function opinionOn(sign: (index: number) => number): unknown {
  const close = [100];
  for (let i = 1; i < 148; i++) close.push(close[i - 1] + 0.1 * sign(i));
  const volume = close.map((_, i) => (i % 2 === 0 ? 1000 : 2000));
  return narrativeForecaster.opine(windowOf({ close, volume }));
}

test('a story that stands is expected to go on', () => {
  const rising = (i: number): number => (i % 4 === 0 ? -1 : 1);
  expect(opinionOn(rising)).toMatchObject({ kind: 'opinion', direction: 1 });
  expect(opinionOn((i) => -rising(i))).toMatchObject({ kind: 'opinion', direction: -1 });
});

test('a story that has just changed is no signal', () => {
  expect(opinionOn((i) => (i < 143 ? 1 : -1))).toMatchObject({ reason: 'NO_SIGNAL' });
});

test('without volume there is no story', () => {
  const close = Array.from({ length: 148 }, (_, i) => 100 + i);
  const volume = close.map(() => 0);
  expect(narrativeForecaster.opine(windowOf({ close, volume }))).toMatchObject({
    reason: 'NO_VOLUME',
  });
});
