import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../../src/actions.ts';
import { DENIAL_REASONS } from '../../src/risk/denial.ts';
import type { DenialReason } from '../../src/risk/denial.ts';
import { RiskGate } from '../../src/risk/risk-gate.ts';
import type { RiskQuestion } from '../../src/risk/risk-gate.ts';
import { DEFAULT_RISK_LIMITS } from '../../src/risk/risk-limits.ts';

const LIMITS = { ...DEFAULT_RISK_LIMITS, shorting: true };
const DAY = 86_400_000;

function gate(limits = LIMITS): RiskGate {
  return new RiskGate(limits, 100_000, DAY);
}

const trade = (tradeReturn: number) => ({ time: 0, return: tradeReturn, stopped: false });

const QUESTION: RiskQuestion = {
  action: 'long',
  confidence: 0.9,
  positionMultiplier: 1,
  votes: 9,
  fallback: false,
  volatility: 0.15,
  jumpSigmas: 1,
  gapIntervals: 1,
  volume: 1000,
  usualVolume: 1000,
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
    ['CONFIDENCE_UNKNOWN', { confidence: undefined }],
    ['CONFIDENCE_BELOW_MINIMUM', { confidence: 0.7999 }],
    ['CONFIDENCE_BELOW_MINIMUM', { confidence: NaN }],
    ['CRISIS_VOLATILITY', { volatility: 0.7 }],
    ['CRISIS_VOLATILITY', { volatility: NaN }],
    ['STALE_DATA', { now: QUESTION.candleClosed + LIMITS.maximumDataAgeMs + 1 }],
    ['CLOCK_BEHIND_DATA', { now: QUESTION.candleClosed - 1 }],
    ['STALE_DATA', { now: NaN }],
    ['BAD_PRICE', { price: 0 }],
    ['BAD_PRICE', { price: NaN }],
    ['BAD_PRICE', { price: Infinity }],
    ['DATA_GAP', { gapIntervals: 9 }],
    ['DATA_GAP', { gapIntervals: NaN }],
    ['NO_VOLUME', { volume: 0 }],
    ['NO_VOLUME', { volume: NaN }],
    ['PRICE_JUMP', { jumpSigmas: 10.1 }],
    ['PRICE_JUMP', { jumpSigmas: Infinity }],
    ['TOO_FEW_VOTES', { votes: 2 }],
    ['TOO_FEW_VOTES', { votes: NaN }],
    ['THIN_MARKET', { usualVolume: 199 }],
    ['THIN_MARKET', { usualVolume: NaN }],
    ['BELOW_MINIMUM_NOTIONAL', { equity: 999 }],
    ['NO_EQUITY', { equity: NaN }],
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

  test('is denied as HOURLY_RATE_LIMIT after the orders of an hour, and possible after it', () => {
    const asked = gate({ ...LIMITS, maximumOrdersPerHour: 1 });
    expect(reasonFor({}, asked)).toBeUndefined();
    expect(reasonFor({}, asked)).toBe('HOURLY_RATE_LIMIT');
    const later = QUESTION.now + 3_600_000;
    expect(reasonFor({ now: later, candleClosed: later }, asked)).toBeUndefined();
  });

  test('counts towards the rate limits also when it was made while the clock was ahead', () => {
    const asked = gate({ ...LIMITS, maximumOrdersPerHour: 2 });
    const at = (minutes: number) => {
      const now = QUESTION.now + 60_000 * minutes;
      return reasonFor({ now, candleClosed: now }, asked);
    };
    expect([at(30), at(0)]).toEqual([undefined, undefined]);
    expect(at(1)).toBe('HOURLY_RATE_LIMIT');
    expect(asked.state().recentOrders).toEqual([QUESTION.now, QUESTION.now + 30 * 60_000]);
    expect(at(60)).toBeUndefined();
    expect(at(61)).toBe('HOURLY_RATE_LIMIT');
    expect(at(90)).toBeUndefined();
  });

  test('is denied as ROLLING_DRAWDOWN until the high is too many days ago', () => {
    const asked = gate({ ...LIMITS, rollingDrawdownLimit: 0.03, rollingDays: 10 });
    asked.mark(DAY, 100_000);
    for (let day = 2; day <= 11; day++) asked.mark(day * DAY, 97_000);
    const at = (day: number) => ({ equity: 97_000, now: day * DAY, candleClosed: day * DAY });
    expect(reasonFor(at(10), asked)).toBeUndefined();
    const early = gate({ ...LIMITS, rollingDrawdownLimit: 0.03, rollingDays: 10 });
    for (let day = 1; day <= 10; day++) early.mark(day * DAY, day === 1 ? 100_000 : 97_000);
    expect(reasonFor(at(10), early)).toBe('ROLLING_DRAWDOWN');
  });

  test('is denied as FALLBACK_NOT_TRUSTED where the twin alone may not enter', () => {
    const strict = gate({ ...LIMITS, entriesOnFallback: false });
    expect(reasonFor({ fallback: true }, strict)).toBe('FALLBACK_NOT_TRUSTED');
    expect(reasonFor({ fallback: true })).toBeUndefined();
  });

  test.each([
    ['ROUNDS_TO_ZERO', { quantityStep: 100 }],
    ['BELOW_MINIMUM_QUANTITY', { minimumQuantity: 20.5 }],
    ['ABOVE_MAXIMUM_QUANTITY', { maximumQuantity: 19.5 }],
    ['BELOW_MINIMUM_NOTIONAL', { minimumNotional: 1000.5 }],
  ] as const)('is denied as %s where the venue has %o', (reason, rules) => {
    const venue = { ...LIMITS.venue, ...rules };
    expect(reasonFor({}, gate({ ...LIMITS, venue }))).toBe(reason);
  });

  test("is sized in the venue's steps, towards zero", () => {
    const venue = { ...LIMITS.venue, quantityStep: 1.5 };
    expect(gate({ ...LIMITS, venue }).ask(QUESTION)).toMatchObject({ targetUnits: 19.5 });
    const short = { ...QUESTION, action: 'short' } as const;
    expect(gate({ ...LIMITS, venue }).ask(short)).toMatchObject({ targetUnits: -19.5 });
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
    const asked = gate();
    asked.reduce();
    expect(reasonFor({}, asked)).toBe('REDUCING_ONLY');
    expect(asked.ask({ ...QUESTION, action: 'flat', units: 5 })).toMatchObject({ targetUnits: 0 });
  });
});

describe('the ladder', () => {
  test('is climbed after thirty trades whose mean is significantly above zero', () => {
    const asked = gate();
    for (let i = 0; i < 29; i++) asked.recordTrade(trade(i % 2 === 0 ? 0.02 : 0.01));
    expect(asked.state().ladder.rung).toBe(0);
    asked.recordTrade(trade(0.01));
    expect(asked.state().ladder.rung).toBe(1);
    expect(asked.ask(QUESTION)).toMatchObject({ limitFraction: 0.02, targetUnits: 40 });
  });

  test('is not climbed on luck, and is gone down on significant losses', () => {
    const asked = gate();
    for (let i = 0; i < 100; i++) asked.recordTrade(trade(i % 2 === 0 ? 0.05 : -0.049));
    expect(asked.state().ladder.rung).toBe(0);
    for (let i = 0; i < 60; i++) asked.recordTrade(trade(i % 2 === 0 ? 0.5 : 0.4));
    expect(asked.state().ladder.rung).toBeGreaterThan(0);
    const { rung } = asked.state().ladder;
    for (let i = 0; i < 60; i++) asked.recordTrade(trade(i % 2 === 0 ? -0.5 : -0.4));
    expect(asked.state().ladder.rung).toBeLessThan(rung);
  });
});

describe('every reason', () => {
  const killed = gate();
  killed.kill();
  const halted = gate();
  halted.halt();
  const reducing = gate();
  reducing.reduce();
  const lost = gate();
  lost.mark(QUESTION.now, 103_000);
  const fallen = gate({ ...LIMITS, dailyLossLimit: 1 });
  fallen.mark(QUESTION.now - 2 * DAY, 107_000);
  const busy = gate({ ...LIMITS, maximumOrdersPerHour: 1 });
  busy.ask(QUESTION);
  const tired = gate({ ...LIMITS, maximumOrdersPerDay: 1 });
  tired.ask({ ...QUESTION, now: QUESTION.now - DAY / 2, candleClosed: QUESTION.now - DAY / 2 });
  const strict = gate({ ...LIMITS, entriesOnFallback: false });
  const locked = (limits: Partial<typeof LIMITS.protections>): RiskGate => {
    const asked = gate({ ...LIMITS, protections: { ...LIMITS.protections, ...limits } });
    asked.recordTrade({ time: QUESTION.candleClosed, return: -0.01, stopped: true });
    return asked;
  };
  const at = (venue: Partial<typeof LIMITS.venue>): RiskGate =>
    gate({ ...LIMITS, venue: { ...LIMITS.venue, ...venue } });
  const cases: Record<DenialReason, readonly [RiskGate, Partial<RiskQuestion>]> = {
    KILL_SWITCH: [killed, {}],
    HALTED: [halted, {}],
    REDUCING_ONLY: [reducing, {}],
    CLOCK_BEHIND_DATA: [gate(), { now: QUESTION.candleClosed - 1 }],
    STALE_DATA: [gate(), { now: QUESTION.now + 2 * DAY }],
    BAD_PRICE: [gate(), { price: -1 }],
    DATA_GAP: [gate(), { gapIntervals: 100 }],
    NO_VOLUME: [gate(), { volume: 0 }],
    PRICE_JUMP: [gate(), { jumpSigmas: 11 }],
    FALLBACK_NOT_TRUSTED: [strict, { fallback: true }],
    TOO_FEW_VOTES: [gate(), { votes: 0 }],
    SHORTING_NOT_ALLOWED: [gate({ ...LIMITS, shorting: false }), { action: 'short' }],
    CONFIDENCE_UNKNOWN: [gate(), { confidence: undefined }],
    CONFIDENCE_BELOW_MINIMUM: [gate(), { confidence: 0.5 }],
    CRISIS_VOLATILITY: [gate(), { volatility: 1 }],
    NO_EQUITY: [gate(), { equity: 0 }],
    DAILY_LOSS_LIMIT: [lost, {}],
    ROLLING_DRAWDOWN: [fallen, {}],
    HOURLY_RATE_LIMIT: [busy, {}],
    RATE_LIMIT: [tired, {}],
    COOL_DOWN: [locked({ coolDownCandles: 2 }), {}],
    STOP_LOSS_GUARD: [locked({ stopGuardTrades: 1 }), {}],
    LOW_PROFIT_LOCK: [locked({ lowProfitTrades: 1 }), {}],
    LOSS_STREAK: [locked({ lossStreakTrades: 1 }), {}],
    ROUNDS_TO_ZERO: [at({ quantityStep: 21 }), {}],
    BELOW_MINIMUM_QUANTITY: [at({ minimumQuantity: 21 }), {}],
    ABOVE_MAXIMUM_QUANTITY: [at({ maximumQuantity: 19 }), {}],
    BELOW_MINIMUM_NOTIONAL: [at({ minimumNotional: 1001 }), {}],
    THIN_MARKET: [gate(), { usualVolume: 1 }],
  };

  test.each(DENIAL_REASONS)('%s is the answer to some question', (reason) => {
    const [asked, question] = cases[reason];
    expect(reasonFor(question, asked)).toBe(reason);
  });
});

test('a restored gate answers as the one it was taken from', () => {
  const asked = gate();
  asked.mark(QUESTION.now - 5, 100_000);
  asked.recordTrade(trade(0.01));
  asked.ask(QUESTION);
  const restored = RiskGate.restore(LIMITS, DAY, structuredClone(asked.state()));
  expect(restored.state()).toEqual(asked.state());
  expect(restored.ask(QUESTION)).toEqual(asked.ask(QUESTION));
});

test.each([
  { trading: 'IDLE' },
  { ladder: { rung: 3, rungTrades: [0, 0, 0] } },
  { ladder: { rung: 0.5, rungTrades: [0, 0, 0] } },
  { ladder: { rung: 0, rungTrades: [0, NaN, 0] } },
  { ladder: { rung: 0, rungTrades: [] } },
  { equity: { peakEquity: NaN, dayHighs: [], daily: [] } },
  { equity: { peakEquity: 1, dayHighs: [[1]], daily: [] } },
  { trades: [{ time: 1, return: NaN, stopped: false }] },
  { recentOrders: ['yesterday'] },
])('a snapshot with %o is refused', (fault) => {
  const state = { ...gate().state(), ...fault } as unknown as ReturnType<RiskGate['state']>;
  expect(() => RiskGate.restore(LIMITS, DAY, state)).toThrow(
    expect.objectContaining({ code: 'BAD_SNAPSHOT' }),
  );
});

test('an entry is sized down by what is asked, and never up, nor turned round', () => {
  const asked = (positionMultiplier: number) => gate().ask({ ...QUESTION, positionMultiplier });
  // A rung of 1 % of 100 000 at a price of 50.
  expect(asked(1)).toMatchObject({ kind: 'order', targetUnits: 20 });
  expect(asked(0.5)).toMatchObject({ kind: 'order', targetUnits: 10 });
  expect(asked(3)).toMatchObject({ kind: 'order', targetUnits: 20 });
  expect(asked(0.0001)).toMatchObject({ kind: 'denied', reason: 'BELOW_MINIMUM_NOTIONAL' });
  for (const nothing of [0, -1, NaN, -Infinity]) {
    expect(asked(nothing)).toMatchObject({ kind: 'denied', reason: 'ROUNDS_TO_ZERO' });
  }
  // Leaving a position is not sized by it.
  const leaving = { ...QUESTION, action: 'flat', units: 7, positionMultiplier: 0 } as const;
  expect(gate().ask(leaving)).toMatchObject({ kind: 'order', targetUnits: 0 });
});

test('no answer ever opens or enlarges a position that some rule forbids', () => {
  const question = fc.record({
    action: fc.constantFrom(...ACTIONS),
    confidence: fc.option(fc.double(), { nil: undefined }),
    positionMultiplier: fc.double(),
    votes: fc.nat(14),
    fallback: fc.boolean(),
    volatility: fc.double(),
    jumpSigmas: fc.double(),
    gapIntervals: fc.double(),
    volume: fc.double(),
    usualVolume: fc.double(),
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
      expect(asked.votes).toBeGreaterThanOrEqual(LIMITS.minimumVotes);
      expect(asked.jumpSigmas).toBeLessThanOrEqual(LIMITS.maximumJumpSigmas);
      expect(asked.gapIntervals).toBeLessThanOrEqual(LIMITS.maximumGapIntervals);
      expect(asked.volume).toBeGreaterThan(0);
      expect(Math.abs(verdict.targetUnits)).toBeLessThanOrEqual(0.1 * asked.usualVolume);
      const notional = Math.abs(verdict.targetUnits) * asked.price;
      expect(notional).toBeLessThanOrEqual(0.01 * asked.equity * (1 + 1e-12));
    }),
  );
});
