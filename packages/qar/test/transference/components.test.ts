import { describe, expect, test } from 'vitest';
import type { Seat } from '../../src/board.ts';
import { EXPERTS } from '../../src/experts/board.ts';
import { componentsOf } from '../../src/transference/components.ts';
import { GROUPS } from '../../src/transference/groups.ts';

const seatOf = (name: string): number => EXPERTS.findIndex((expert) => expert.name === name);
const groupOf = (name: (typeof GROUPS)[number]): number => GROUPS.indexOf(name);

/** A board where only the named vote, each with its probability, all of equal weight. */
function boardOf(votes: Readonly<Record<string, number>>) {
  const names = Object.keys(votes);
  const seats = EXPERTS.map(({ name }): Seat => {
    if (!(name in votes)) return { kind: 'abstention', reason: 'NO_SIGNAL', direction: undefined };
    return { kind: 'vote', direction: 1, probabilityUp: votes[name] };
  });
  const weights = new Float64Array(EXPERTS.length);
  for (const name of names) weights[seatOf(name)] = 1 / names.length;
  return { seats, weights };
}

const question = { choiceSensitivity: 1 };
const answer = {
  prices: Float64Array.of(0.2, 0.2, 0.3, 0.3),
  prospects: Float64Array.of(0, 0, 0),
  mixture: 0.7,
  preferences: Float64Array.of(0.3, 0.3, 0.4),
};

describe('the voices of a decision', () => {
  test('each expert speaks in its own group, whoever before it abstains', () => {
    const board = boardOf({ 'turn-of-month': 0.6, 'rsi-reversion': 0.4, 'macd-histogram': 0.55 });
    const voices = componentsOf(board, question, answer).slice(0, 3);
    expect(voices).toHaveLength(3);
    for (const [probability, group] of [
      [0.6, 'conditions'],
      [0.4, 'reversion'],
      [0.55, 'trend'],
    ] as const) {
      const voice = voices.find(({ probabilityUp }) => probabilityUp === probability);
      expect(voice).toEqual({ group: groupOf(group), weight: 1 / 6, probabilityUp: probability });
    }
  });

  test('all fourteen and the three algorithms have half of the weight each', () => {
    const board = boardOf(Object.fromEntries(EXPERTS.map(({ name }) => [name, 0.6])));
    const voices = componentsOf(board, question, answer);
    expect(voices).toHaveLength(17);
    const weightOf = (isAlgorithm: boolean) =>
      voices
        .filter(({ group }) => (group === groupOf('algorithms')) === isAlgorithm)
        .reduce((sum, { weight }) => sum + weight, 0);
    expect(weightOf(true)).toBeCloseTo(0.5, 14);
    expect(weightOf(false)).toBeCloseTo(0.5, 14);
  });
});
