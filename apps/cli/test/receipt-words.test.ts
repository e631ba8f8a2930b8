import { engineConfiguration, EXPERTS, type DecisionReceipt } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { receiptWords } from '../src/receipt-words.ts';

const configuration = engineConfiguration({
  pair: 'X',
  intervalMs: 86_400_000,
  periodsPerYear: 252,
  path: 'quantum',
});

const receipt: DecisionReceipt = {
  kind: 'decision',
  sequence: 7,
  time: Date.UTC(2020, 2, 16),
  decidedAt: Date.UTC(2020, 2, 17),
  window: '00',
  model: '00',
  path: 'quantum',
  fallback: null,
  regime: 'crisis',
  memberships: [0, 0, 0.25, 0.75],
  seats: EXPERTS.map(({ name }, index) =>
    index === 0
      ? { expert: name, direction: 1, probabilityUp: 0.625 }
      : { expert: name, abstained: 'NO_SIGNAL' },
  ),
  verdict: {
    quotas: [5, 4, 7],
    entanglement: 'none',
    prices: [0.1, 0.1, 0.1, 0.1, 0.15, 0.15, 0.15, 0.15],
    prospects: [-1, 0, 2],
    mixture: 0.61,
    preferences: [0.1, 0.2, 0.7],
    action: 'long',
    confidence: 0.7,
    go: true,
    wrongShare: 0.3,
    goLevel: 0.25,
  },
  outcome: { kind: 'hold' },
  trading: 'ACTIVE',
  fills: [],
  equity: 100_000,
};

function words(changed: Partial<DecisionReceipt>) {
  return receiptWords({ ...receipt, ...changed }, configuration);
}

describe('a receipt in words', () => {
  test('names every seat with its vote or why it has none, and its weight where known', () => {
    const { seats } = receiptWords(receipt, configuration, new Float64Array(14).fill(1 / 14));
    expect(seats).toHaveLength(14);
    expect(seats[0]).toEqual(['qar', 'up, a gain with probability 0.625, weight 7.1%']);
    expect(seats[1][1]).toBe('abstained: NO_SIGNAL, weight 7.1%');
    expect(words({}).seats[0][1]).not.toContain('weight');
  });

  test('tells what each algorithm made of it', () => {
    expect(words({}).filters).toEqual([
      ['regimes', 'stable 0%, trending 0%, volatile 25%, crisis 75%'],
      ['market (LMSR)', 'upper half of the return bins at a price of 0.600'],
      ['prospects', 'short -1.000, flat 0.000, long 2.000'],
      ['mixture (Hedge)', 'a gain with probability 0.610'],
      ['all together', 'short 0.100, flat 0.200, long 0.700'],
    ]);
  });

  test('says of a denial by confidence which minimum would have passed', () => {
    const denied = words({ outcome: { kind: 'denied', reason: 'CONFIDENCE_BELOW_MINIMUM' } });
    expect(denied.headline).toContain('long, denied by the risk gate');
    expect(denied.outcome).toContainEqual([
      'denied',
      'CONFIDENCE_BELOW_MINIMUM: a profit is not likely enough',
    ]);
    expect(denied.otherwise).toEqual([
      'risk.minimumConfidence at most 0.700 instead of 0.8 would have passed this rule.',
      'The rules after it were not asked.',
    ]);
  });

  test.each([
    ['TOO_FEW_VOTES', /risk\.minimumVotes 1 instead of 3/],
    ['SHORTING_NOT_ALLOWED', /risk\.shorting true/],
    ['CRISIS_VOLATILITY', /had it not been that the market is too volatile/],
  ] as const)('says what would have passed %s', (reason, text) => {
    expect(words({ outcome: { kind: 'denied', reason } }).otherwise[0]).toMatch(text);
  });

  test('says how close a no-go was, and what would have denied an order', () => {
    expect(words({ outcome: { kind: 'no-go' } }).otherwise[0]).toContain('at 0.250 or less');
    const order = { kind: 'order', targetUnits: 2, limitFraction: 0.01, denied: null } as const;
    expect(words({ outcome: order }).otherwise).toEqual([
      'A minimum confidence over 0.700 would have denied it (it is 0.8).',
    ]);
  });

  test('says why there was no decision, and by what path there was one', () => {
    const none = words({
      verdict: null,
      memberships: null,
      outcome: { kind: 'no-decision', reason: 'ALL_ABSTAINED' },
    });
    expect(none.headline).toContain('nothing to say (ALL_ABSTAINED)');
    expect(none.filters).toEqual([]);
    expect(none.otherwise).toHaveLength(1);
    expect(words({ path: 'twin', fallback: 'DEADLINE' }).headline).toContain(
      'decided by the closed form, because the circuits failed (DEADLINE)',
    );
  });
});
