import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../src/actions.ts';
import { DEFAULT_RISK_LIMITS } from '../src/configuration.ts';
import type { RiskQuestion } from '../src/risk-gate.ts';
import { RiskGate } from '../src/risk-gate.ts';

const LIMITS = { ...DEFAULT_RISK_LIMITS, shorting: true };
const DAY = 86_400_000;

function gate(limits = LIMITS): RiskGate {
  return new RiskGate(limits, 100_000);
}

const QUESTION: RiskQuestion = {
  action: 'long',
  confidence: 0.9,
  volatility: 0.15,
  now: 10 * DAY,
  candleClosed: 10 * DAY,
  price: 50,
  units: 0,
  equity: 100_000,
};

function reasonFor(question: Partial<RiskQuestion>, asked = gate()): string | undefined {
  const verdict = asked.ask({ ...QUESTION, ...question });
  return verdict.kind === 'denied' ? verdict.reason : undefined;
}

describe('an entry', () => {
  test('is sized by the first rung of the ladder', () => {
    const verdict = gate().ask(QUESTION);
    const order = { kind: 'order', targetUnits: 20, limitFraction: 0.01, denied: undefined };
    expect(verdict).toEqual(order);
  });

  test.each([
    ['CONFIDENCE_BELOW_MINIMUM', { confidence: 0.7999 }],
    ['CONFIDENCE_BELOW_MINIMUM', { confidence: NaN }],
    ['CRISIS_VOLATILITY', { volatility: 0.7 }],
    ['CRISIS_VOLATILITY', { volatility: NaN }],
    ['STALE_DATA', { now: QUESTION.candleClosed + LIMITS.maximumDataAgeMs + 1 }],
    ['STALE_DATA', { now: QUESTION.candleClosed - 1 }],
    ['STALE_DATA', { now: NaN }],
    ['BELOW_MINIMUM_NOTIONAL', { equity: 999 }],
    ['NO_EQUITY', { equity: 0 }],
    ['NO_EQUITY', { equity: -5 }],
  ] as const)('is denied as %s for %o', (reason, question) => {
    expect(reasonFor(question)).toBe(reason);
  });

  test('is denied as SHORTING_NOT_ALLOWED where positions cannot be negative', () => {
    expect(reasonFor({ action: 'short' }, gate(DEFAULT_RISK_LIMITS))).toBe('SHORTING_NOT_ALLOWED');
    expect(reasonFor({ action: 'short' })).toBeUndefined();
  });

  test('is denied as DAILY_LOSS_LIMIT while the last 24 hours lost 2 %', () => {
    const asked = gate();
    asked.mark(QUESTION.now - DAY, 100_000);
    asked.mark(QUESTION.now, 98_000);
    expect(reasonFor({ equity: 98_000 }, asked)).toBe('DAILY_LOSS_LIMIT');
    asked.mark(QUESTION.now + 1, 98_000);
    expect(reasonFor({ equity: 98_000 }, asked)).toBeUndefined();
  });

  test('is denied as RATE_LIMIT after the orders of a day, and again possible a day later', () => {
    const asked = gate({ ...LIMITS, maximumOrdersPerDay: 2 });
    expect(reasonFor({}, asked)).toBeUndefined();
    expect(reasonFor({}, asked)).toBeUndefined();
    expect(reasonFor({}, asked)).toBe('RATE_LIMIT');
    const later = QUESTION.now + DAY;
    expect(reasonFor({ now: later, candleClosed: later }, asked)).toBeUndefined();
  });

  test('changes nothing when the position is there already', () => {
    expect(gate().ask({ ...QUESTION, units: 1 })).toEqual({ kind: 'hold' });
  });
});

describe('reducing', () => {
  test('closes a position whatever the confidence, the volatility and the age of the data', () => {
    const question = { ...QUESTION, action: 'flat', confidence: 0.4, volatility: 2, now: 99 * DAY };
    const verdict = gate().ask({ ...question, action: 'flat', units: 20 });
    expect(verdict).toMatchObject({ kind: 'order', targetUnits: 0 });
  });

  test('an entry that is refused still closes the opposite position, and names the refusal', () => {
    const verdict = gate(DEFAULT_RISK_LIMITS).ask({ ...QUESTION, action: 'short', units: 20 });
    expect(verdict).toMatchObject({ targetUnits: 0, denied: 'SHORTING_NOT_ALLOWED' });
  });

  test('flat without a position holds', () => {
    expect(gate().ask({ ...QUESTION, action: 'flat' })).toEqual({ kind: 'hold' });
  });
});

describe('trading states', () => {
  test('a draw-down of 10 % halts, closes what is open, and stays halted until resumed', () => {
    const asked = gate();
    asked.mark(DAY, 110_000);
    asked.mark(30 * DAY, 99_000);
    expect(asked.trading).toBe('HALTED');
    expect(asked.ask({ ...QUESTION, units: 20 })).toMatchObject({ kind: 'order', targetUnits: 0 });
    asked.mark(31 * DAY, 120_000);
    expect(reasonFor({}, asked)).toBe('HALTED');
    asked.resume(120_000);
    expect(reasonFor({ equity: 120_000 }, asked)).toBeUndefined();
  });

  test('a kill refuses everything, exits too, until a person resumes', () => {
    const asked = gate();
    asked.kill();
    expect(reasonFor({}, asked)).toBe('KILL_SWITCH');
    expect(reasonFor({ action: 'flat', units: 20 }, asked)).toBe('KILL_SWITCH');
    asked.resume(100_000);
    expect(reasonFor({}, asked)).toBeUndefined();
  });

  test('REDUCING closes and does not open', () => {
    const state = { ...gate().state(), trading: 'REDUCING' as const };
    const asked = RiskGate.restore(LIMITS, state);
    expect(reasonFor({}, asked)).toBe('REDUCING_ONLY');
    expect(asked.ask({ ...QUESTION, action: 'flat', units: 5 })).toMatchObject({ targetUnits: 0 });
  });
});

describe('the ladder', () => {
  test('is climbed after thirty trades whose mean is significantly above zero', () => {
    const asked = gate();
    for (let i = 0; i < 29; i++) asked.recordTrade(i % 2 === 0 ? 0.02 : 0.01);
    expect(asked.state().rung).toBe(0);
    asked.recordTrade(0.01);
    expect(asked.state().rung).toBe(1);
    expect(asked.ask(QUESTION)).toMatchObject({ limitFraction: 0.02, targetUnits: 40 });
  });

  test('is not climbed on luck, and is gone down on significant losses', () => {
    const asked = gate();
    for (let i = 0; i < 100; i++) asked.recordTrade(i % 2 === 0 ? 0.05 : -0.049);
    expect(asked.state().rung).toBe(0);
    for (let i = 0; i < 60; i++) asked.recordTrade(i % 2 === 0 ? 0.5 : 0.4);
    expect(asked.state().rung).toBeGreaterThan(0);
    const { rung } = asked.state();
    for (let i = 0; i < 60; i++) asked.recordTrade(i % 2 === 0 ? -0.5 : -0.4);
    expect(asked.state().rung).toBeLessThan(rung);
  });
});

test('a restored gate answers as the one it was taken from', () => {
  const asked = gate();
  asked.mark(QUESTION.now - 5, 100_000);
  asked.recordTrade(0.01);
  asked.ask(QUESTION);
  const restored = RiskGate.restore(LIMITS, structuredClone(asked.state()));
  expect(restored.state()).toEqual(asked.state());
  expect(restored.ask(QUESTION)).toEqual(asked.ask(QUESTION));
});

test.each([{ trading: 'IDLE' }, { rung: 3 }, { rung: -1 }, { rung: 0.5 }])(
  'a snapshot with %o is refused',
  (fault) => {
    const state = { ...gate().state(), ...fault } as ReturnType<RiskGate['state']>;
    expect(() => RiskGate.restore(LIMITS, state)).toThrow(
      expect.objectContaining({ code: 'BAD_SNAPSHOT' }),
    );
  },
);

test('no answer ever opens or enlarges a position that some rule forbids', () => {
  const question = fc.record({
    action: fc.constantFrom(...ACTIONS),
    confidence: fc.double(),
    volatility: fc.double(),
    now: fc.double(),
    candleClosed: fc.double(),
    price: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
    units: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    equity: fc.double(),
  });
  fc.assert(
    fc.property(question, (asked) => {
      const verdict = gate().ask(asked);
      if (verdict.kind !== 'order') return;
      const opens = verdict.targetUnits !== 0;
      if (!opens) return;
      expect(asked.confidence).toBeGreaterThanOrEqual(LIMITS.minimumConfidence);
      expect(asked.volatility).toBeLessThan(LIMITS.crisisVolatility);
      const notional = Math.abs(verdict.targetUnits) * asked.price;
      expect(notional).toBeLessThanOrEqual(0.01 * asked.equity * (1 + 1e-12));
    }),
  );
});
