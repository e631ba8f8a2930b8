import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecisionReceipt } from '../src/data/contract.ts';
import { boardRows, expertName } from '../src/figures/board-rows.ts';
import { decisionMark, positions } from '../src/figures/decision-mark.ts';
import { decisionText, reasonSteps } from '../src/figures/decision-text.ts';
import { drawdown } from '../src/figures/equity-curve.ts';
import { latencyBuckets } from '../src/figures/latency-buckets.ts';
import {
  candleTime,
  change,
  count,
  decimal,
  duration,
  interval,
  money,
  percent,
} from '../src/figures/number-text.ts';
import { poolCells, registersOf } from '../src/figures/pool-cells.ts';
import { regimeSpans } from '../src/figures/regime-spans.ts';
import { twinAgreement } from '../src/figures/twin-agreement.ts';
import { recordedDecisions } from './recorded-decisions.ts';

const { receipts, configuration } = recordedDecisions(60);
const sample = receipts.at(-1)!;
const DENIALS = { CRISIS_VOLATILITY: 'the market is too volatile' };

/** A real receipt with another end. */
function ending(outcome: DecisionReceipt['outcome']): DecisionReceipt {
  return { ...sample, outcome };
}

describe('numbers in words', () => {
  test('have their thousands apart and a real minus', () => {
    expect(decimal(-1234567.891, 2)).toBe('−1\u202f234\u202f567.89');
    expect(decimal(-0.0001, 2)).toBe('0.00');
    expect(count(999)).toBe('999');
    expect(money(99995.19)).toBe('99\u202f995.19');
    expect(money(0.00012345)).toBe('0.000123');
    expect(percent(0.4231)).toBe('42.3\u202f%');
    expect(change(0.0123)).toBe('+1.23\u202f%');
    expect(change(0)).toBe('0.00\u202f%');
  });

  test('read back as what they were, to their decimals', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(finite, (value) => {
        const text = decimal(value, 3).replaceAll('\u202f', '').replace('−', '-');
        // Half of the last decimal, and the rounding of the number itself.
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.0005 + 1e-6);
      }),
    );
  });

  test('take the unit that suits a duration', () => {
    expect(duration(84_300)).toBe('84.3\u202fµs');
    expect(duration(512)).toBe('512\u202fns');
    expect(duration(141e6)).toBe('141\u202fms');
    expect(interval(60_000)).toBe('1\u202fmin');
    expect(interval(14_400_000)).toBe('4\u202fh');
    expect(interval(250)).toBe('250\u202fms');
    expect(candleTime(Date.UTC(2024, 1, 29, 23), 3_600_000)).toBe('2024-02-29 23:00');
    expect(candleTime(Date.UTC(2024, 1, 29), 86_400_000)).toBe('2024-02-29');
  });
});

describe('a decision', () => {
  test('of every kind is told in words, with the reason of a refusal', () => {
    const told = (outcome: DecisionReceipt['outcome']) => decisionText(ending(outcome), DENIALS);
    const order = { kind: 'order', limitFraction: 0.01, denied: null } as const;
    expect(told({ ...order, targetUnits: 0.5 })).toMatchObject({ tone: 'buy', label: 'Buy' });
    expect(told({ ...order, targetUnits: -0.5 })).toMatchObject({ tone: 'sell' });
    expect(told({ ...order, targetUnits: 0 })).toMatchObject({ tone: 'close' });
    const both = told({ ...order, targetUnits: 0, denied: 'CRISIS_VOLATILITY' });
    expect(both.sentence).toMatch(/refused: the market is too volatile\.$/);
    const denied = told({ kind: 'denied', reason: 'CRISIS_VOLATILITY' });
    expect(denied).toMatchObject({ tone: 'denied', label: 'Refused' });
    expect(denied.sentence).toMatch(/Refused: the market is too volatile\.$/);
    // A reason that the service does not put in words is still told.
    expect(told({ kind: 'denied', reason: 'THIN_MARKET' }).sentence).toMatch(/THIN_MARKET/);
    expect(told({ kind: 'hold' }).tone).toBe('hold');
    expect(told({ kind: 'no-go' }).label).toBe('No go');
    const none = told({ kind: 'no-decision', reason: 'ALL_ABSTAINED' });
    expect(none.sentence).toBe('Every expert abstained, so there is nothing to decide from.');
  });

  test('names the twin when circuits failed', () => {
    const steps = reasonSteps({ ...sample, path: 'twin', fallback: 'DEADLINE' });
    expect(steps.map(({ title }) => title)).toEqual([
      'Board',
      'Market',
      'Prospect',
      'Hedge',
      'Fusion',
    ]);
    expect(steps.at(-1)?.text).toMatch(/circuits failed: DEADLINE/);
    expect(reasonSteps({ ...sample, verdict: null })).toHaveLength(1);
  });

  test('is marked by what it asked for', () => {
    const order = { kind: 'order', limitFraction: 0.01, denied: null } as const;
    expect(decisionMark(ending({ ...order, targetUnits: 2 }), 0)).toBe('buy');
    expect(decisionMark(ending({ ...order, targetUnits: -2 }), 0)).toBe('sell');
    expect(decisionMark(ending({ ...order, targetUnits: 0 }), 2)).toBe('close');
    expect(decisionMark(ending({ kind: 'denied', reason: 'HALTED' }), 0)).toBe('denied');
    expect(decisionMark(ending({ kind: 'hold' }), 0)).toBeUndefined();
    const fill = { units: -1, price: 9, fee: 0, position: 0, realized: -1 };
    const stopped = { ...ending({ kind: 'hold' }), fills: [{ ...fill, cause: 'stop' as const }] };
    expect(decisionMark(stopped, 1)).toBe('stop');
    expect(positions([sample, stopped, sample]).at(-1)).toBe(0);
  });

  test('has a seat for each of fourteen experts, the most trusted first', () => {
    const weights = sample.seats.map(({ expert }, k) => ({ expert, weight: k / 91 }));
    const rows = boardRows(sample, weights);
    expect(rows).toHaveLength(14);
    expect(rows.map(({ weight }) => weight)).toEqual(
      weights.map(({ weight }) => weight).sort((a, b) => b - a),
    );
    for (const { opinion } of rows) {
      // Every reason the engine gives is put in words, not in capitals.
      if (opinion.kind === 'abstention') expect(opinion.why).not.toMatch(/^[A-Z_]+$/);
    }
    expect(expertName('rsi-reversion')).toBe('RSI reversion');
  });
});

describe('figures of many decisions', () => {
  test('draw-down is the loss from the highest so far', () => {
    expect(drawdown([100, 110, 99, 121, 60.5])).toEqual([0, 0, 99 / 110 - 1, 0, -0.5]);
    expect(drawdown([])).toEqual([]);
  });

  test('spans of one regime cover every decision that has one, and no other', () => {
    const regime = fc.constantFrom('stable', 'trending', 'volatile', 'crisis', null);
    fc.assert(
      fc.property(fc.array(regime, { maxLength: 30 }), (regimes) => {
        const all = regimes.map((each, time) => ({ ...sample, regime: each, time }));
        const spans = regimeSpans(all);
        for (const { regime: each, time } of all) {
          const over = spans.filter(({ from, to }) => from <= time && time <= to);
          expect(over.map((span) => span.regime)).toEqual(each === null ? [] : [each]);
        }
      }),
    );
  });

  test('a twin that decides the same agrees, and one other action is counted', () => {
    const twins = receipts.map(({ sequence, time, equity, verdict, outcome }) => ({
      sequence,
      time,
      equity,
      action: verdict?.action ?? null,
      preferences: verdict?.preferences ?? null,
      outcome: outcome.kind,
    }));
    const decided = twins.findIndex(({ preferences }) => preferences !== null);
    expect(twinAgreement(receipts, twins)).toEqual({
      compared: 60,
      same: 60,
      largestDifference: 0,
    });
    const other = twins.with(decided, {
      ...twins[decided],
      action: twins[decided].action === 'long' ? 'short' : 'long',
      preferences: twins[decided].preferences!.map((value) => value + 0.25),
    });
    const { same, largestDifference } = twinAgreement(receipts, other.slice(0, 50));
    expect(same).toBe(49);
    expect(largestDifference).toBeCloseTo(0.25, 12);
  });

  test('buckets of durations are read from cumulative ones, of one market', () => {
    const metrics = [
      '# TYPE sema_decision_seconds histogram',
      'sema_decision_seconds_bucket{le="0.0001",market="a"} 3',
      'sema_decision_seconds_bucket{le="0.0002",market="a"} 10',
      'sema_decision_seconds_bucket{le="+Inf",market="a"} 12',
      'sema_decision_seconds_bucket{le="0.0001",market="ab"} 99',
      'sema_decision_seconds_sum{market="a"} 1',
    ];
    expect(latencyBuckets(metrics.join('\n'), 'a')).toEqual([
      { upToNs: 100_000, count: 3 },
      { upToNs: 200_000, count: 7 },
      { upToNs: Infinity, count: 2 },
    ]);
    expect(latencyBuckets(metrics.join('\n'), 'b')).toEqual([]);
    expect(latencyBuckets('', 'a')).toEqual([]);
  });

  test('the pool lends working memory and a register with its ancilla to each algorithm', () => {
    const { qubits } = configuration;
    for (const receipt of receipts) {
      const owners = poolCells(receipt, qubits).map(({ owner }) => owner);
      expect(owners).toHaveLength(25);
      const held = (owner: string): number => owners.filter((each) => each === owner).length;
      const quotas = receipt.verdict?.quotas ?? [];
      expect(held('memory')).toBe(receipt.verdict === null ? 0 : qubits.workingMemory);
      ['market', 'prospect', 'hedge'].forEach((owner, k) => {
        expect(held(owner)).toBeLessThanOrEqual(quotas[k] ?? 0);
      });
      // A market of 2^k bins has a register of k qubits.
      const bins = receipt.verdict?.prices.length;
      if (bins !== undefined) expect(registersOf(receipt, qubits).market).toBe(Math.log2(bins));
    }
  });
});
