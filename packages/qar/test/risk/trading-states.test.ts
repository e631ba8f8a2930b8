import { expect, test } from 'vitest';
import { ACTIONS } from '../../src/actions.ts';
import { RiskGate } from '../../src/risk/risk-gate.ts';
import type { RiskQuestion, RiskState } from '../../src/risk/risk-gate.ts';
import { DEFAULT_RISK_LIMITS } from '../../src/risk/risk-limits.ts';

const DAY = 86_400_000;
const LIMITS = { ...DEFAULT_RISK_LIMITS, shorting: true };
/** Long after every mark and order below, so that only the trading state refuses. */
const LATER = 1000 * DAY;

/** Everything that can happen to a gate's trading state. */
const EVENTS: Readonly<Record<string, (gate: RiskGate) => void>> = {
  kill: (gate) => {
    gate.kill();
  },
  halt: (gate) => {
    gate.halt();
  },
  reduce: (gate) => {
    gate.reduce();
  },
  resume: (gate) => {
    gate.resume(100_000);
  },
  gain: (gate) => {
    gate.mark(DAY, 100_000);
  },
  'fall of 11 %': (gate) => {
    gate.mark(DAY, 89_000);
  },
  'equity lost': (gate) => {
    gate.mark(DAY, NaN);
  },
  restart: () => undefined,
};

function question(action: RiskQuestion['action'], units: number): RiskQuestion {
  const market = { jumpSigmas: 1, gapIntervals: 1, volume: 1e6, usualVolume: 1e6 };
  const decision = { action, confidence: 0.99, votes: 14, fallback: false, volatility: 0.1 };
  const size = { positionMultiplier: 1 };
  const at = { now: LATER, candleClosed: LATER, price: 50, units, equity: 100_000 };
  return { ...market, ...decision, ...size, ...at };
}

function restored(state: RiskState): RiskGate {
  return RiskGate.restore(LIMITS, DAY, structuredClone(state));
}

/** What must hold in every state that can be reached, whatever is asked. */
function checkState(state: RiskState, path: string): void {
  for (const action of ACTIONS) {
    for (const units of [-5, 0, 5]) {
      const verdict = restored(state).ask(question(action, units));
      const target = verdict.kind === 'order' ? verdict.targetUnits : units;
      const label = `${path}: ${action} at ${String(units)} units`;
      const enlarges = Math.abs(target) > Math.abs(units) || target * units < 0;
      if (state.trading !== 'ACTIVE') expect(enlarges, label).toBe(false);
      if (state.trading === 'KILLED') expect(verdict.kind, label).toBe('denied');
      if (state.trading === 'HALTED') expect(target, label).toBe(0);
      if (state.trading === 'REDUCING' && action === 'flat') expect(target, label).toBe(0);
      if (state.trading === 'ACTIVE' && action === 'long' && units === 0) {
        expect(verdict.kind, label).toBe('order');
      }
    }
  }
}

test('every sequence of up to five events keeps the promises of every trading state', () => {
  const seen = new Set<string>();
  let frontier = [{ state: new RiskGate(LIMITS, 100_000, DAY).state(), path: 'start' }];
  const reached = new Set<string>();
  for (let depth = 0; depth <= 5; depth++) {
    const next: typeof frontier = [];
    for (const { state, path } of frontier) {
      const key = JSON.stringify(state);
      if (seen.has(key)) continue;
      seen.add(key);
      reached.add(state.trading);
      checkState(state, path);
      for (const [name, happen] of Object.entries(EVENTS)) {
        const gate = restored(state);
        happen(gate);
        const after = gate.state();
        const label = `${path}, ${name}`;
        // Only a person leaves a stricter state, and only by resuming.
        const floor = name === 'resume' ? 0 : strictness(state);
        expect(strictness(after), label).toBeGreaterThanOrEqual(floor);
        if (name === 'resume') expect(after.trading, label).toBe('ACTIVE');
        next.push({ state: after, path: label });
      }
    }
    frontier = next;
  }
  expect([...reached].sort()).toEqual(['ACTIVE', 'HALTED', 'KILLED', 'REDUCING']);
});

function strictness({ trading }: RiskState): number {
  return ['ACTIVE', 'REDUCING', 'HALTED', 'KILLED'].indexOf(trading);
}
