import { QubitPool } from '@sema/resource-pool';
import type { QubitLease, QubitRequest } from '@sema/resource-pool';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../../src/configuration.ts';
import { Engine } from '../../src/engine.ts';
import type { Step } from '../../src/engine.ts';
import { DecisionQubits } from '../../src/resources/decision-qubits.ts';
import { planQubits } from '../../src/resources/qubit-plan.ts';
import { DEFAULT_QUBITS, POOL_QUBITS, poolOwners } from '../../src/resources/qubit-shares.ts';
import { countingClock } from '../counting-clock.ts';
import { DAY_MS, syntheticCandles } from '../synthetic-candles.ts';

const owners = poolOwners(DEFAULT_QUBITS);
/** Leases of one decision: working memory, three algorithms, core, feedback. */
const LEASES = 6;
const IDLE = { inUse: 0, leases: 0 };

/** What goes wrong at a lease: it is refused, or the circuit that reads its qubits throws. */
type Fault = { readonly lease: number; readonly at: 'lease' | 'circuit' };

/** Injects one fault into each decision, and keeps what was held at most. */
class FaultyPool extends QubitPool {
  fault: Fault | undefined;
  most = 0;
  order: string[] = [];

  override acquireNow(request: QubitRequest): QubitLease {
    const index = this.order.length % LEASES;
    this.order.push(request.owner);
    if (this.fault?.lease === index && this.fault.at === 'lease') throw new RangeError('injected');
    const lease = super.acquireNow(request);
    this.most = Math.max(this.most, this.metrics.inUse);
    if (this.fault?.lease !== index) return lease;
    return new Proxy(lease, {
      get(target, key) {
        if (key === 'qubits') throw new RangeError('injected');
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

function poolWith(fault?: Fault): FaultyPool {
  const pool = new FaultyPool(POOL_QUBITS, { owners });
  pool.fault = fault;
  return pool;
}

const plan = planQubits([1, 1, 1], 14, DEFAULT_QUBITS);

describe('a decision', () => {
  test('holds working memory and algorithms, then working memory, core and feedback', () => {
    const pool = poolWith();
    {
      using qubits = new DecisionQubits(pool, DEFAULT_QUBITS, plan);
      // 6, and 4 + 4 + 5 of a quota of 5 each.
      expect(pool.metrics.inUse).toBe(6 + 13);
      const held = (['lmsr', 'prospect', 'hedge'] as const).flatMap((a) => qubits.of(a).qubits);
      expect(new Set(held).size).toBe(13);
      const core = qubits.beginFusion();
      expect(core.size).toBe(7);
      expect(pool.metrics.inUse).toBe(6 + 7 + 4);
      expect(() => qubits.of('lmsr')).toThrow('lmsr holds nothing any more');
    }
    expect(pool.metrics).toMatchObject({ ...IDLE, acquired: LEASES, released: LEASES });
    const algorithms = ['lmsr', 'prospect', 'hedge'];
    expect(pool.order).toEqual(['workingMemory', ...algorithms, 'core', 'feedback']);
  });

  test('gives all back twice without harm', () => {
    const pool = poolWith();
    const qubits = new DecisionQubits(pool, DEFAULT_QUBITS, plan);
    qubits[Symbol.dispose]();
    qubits[Symbol.dispose]();
    expect(pool.metrics).toMatchObject(IDLE);
  });

  test.each([0, 1, 2, 3, 4, 5])('gives all back when lease %i is refused', (lease) => {
    const pool = poolWith({ lease, at: 'lease' });
    expect(() => {
      using qubits = new DecisionQubits(pool, DEFAULT_QUBITS, plan);
      qubits.beginFusion();
    }).toThrow('injected');
    expect(pool.metrics).toMatchObject(IDLE);
  });

  test('gives all back when somebody else holds what it needs', () => {
    const pool = new QubitPool(POOL_QUBITS);
    using other = pool.acquireNow({ owner: 'other', min: 9, max: 9 });
    const held = () => new DecisionQubits(pool, DEFAULT_QUBITS, plan);
    expect(held).toThrow(expect.objectContaining({ code: 'QUBITS_UNAVAILABLE' }));
    expect(pool.metrics.inUse).toBe(other.size);
  });
});

test('any sequence of decisions, whole or broken off, returns every qubit and holds ≤ 25', () => {
  const decision = fc.record({
    weights: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    voters: fc.integer({ min: 1, max: 14 }),
    returnQubits: fc.integer({ min: 3, max: 6 }),
    fault: fc.option(
      fc.record({
        lease: fc.integer({ min: 0, max: LEASES - 1 }),
        at: fc.constantFrom('lease' as const, 'circuit' as const),
      }),
      { nil: undefined },
    ),
  });
  fc.assert(
    fc.property(fc.array(decision, { maxLength: 12 }), (decisions) => {
      const pool = poolWith();
      for (const { weights, voters, returnQubits, fault } of decisions) {
        const settings = { ...DEFAULT_QUBITS, returnQubits };
        pool.fault = fault;
        pool.order = [];
        let broken = false;
        try {
          using qubits = new DecisionQubits(pool, settings, planQubits(weights, voters, settings));
          for (const a of ['lmsr', 'prospect', 'hedge'] as const) void qubits.of(a).qubits.length;
          void qubits.beginFusion().qubits.length;
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          broken = true;
        }
        // Nobody reads the qubits of working memory and feedback here.
        const isRead = fault?.at === 'lease' || ![0, 5, undefined].includes(fault?.lease);
        expect(broken).toBe(fault !== undefined && isRead);
        expect(pool.metrics).toMatchObject(IDLE);
      }
      expect(pool.most).toBeLessThanOrEqual(POOL_QUBITS);
    }),
  );
});

describe('an engine', () => {
  const candles = syntheticCandles(420, 7);
  const FIRST = 255;
  const required = {
    pair: 'TEST',
    intervalMs: DAY_MS,
    periodsPerYear: 252,
    path: 'quantum',
  } as const;

  function steps(pool: FaultyPool, qubits = {}): Step[] {
    using engine = new Engine(engineConfiguration(required, { qubits }), {
      clock: countingClock(),
      pool,
    });
    const all: Step[] = [];
    for (let end = FIRST; end < candles.length; end++) {
      pool.order = [];
      all.push(engine.step(candles, end, { now: candles.time[end] + DAY_MS }));
      expect(pool.metrics).toMatchObject(IDLE);
    }
    return all;
  }

  test('leases six times a decision and never holds more than its 25', () => {
    const pool = poolWith();
    const decided = steps(pool).filter(({ receipt }) => receipt.verdict !== null);
    expect(decided.every(({ receipt }) => receipt.path === 'quantum')).toBe(true);
    expect(pool.metrics.acquired).toBe(LEASES * decided.length);
    expect(pool.most).toBeLessThanOrEqual(POOL_QUBITS);
  });

  test.each(
    [0, 1, 2, 3, 4, 5].flatMap((lease) => [
      { lease, at: 'lease' } as const,
      // No circuit reads the qubits of working memory and feedback.
      ...([1, 2, 3, 4].includes(lease) ? [{ lease, at: 'circuit' } as const] : []),
    ]),
  )('returns every qubit and decides by its twin when $at $lease throws', (fault) => {
    for (const { receipt } of steps(poolWith(fault))) {
      if (receipt.verdict === null) continue;
      expect(receipt).toMatchObject({ path: 'twin', fallback: 'RangeError' });
    }
  });

  test('says in each receipt what quotas its algorithms had, by what was learned of them', () => {
    const quotas = steps(poolWith()).flatMap(({ receipt }) =>
      receipt.verdict === null ? [] : [receipt.verdict.quotas],
    );
    expect(quotas[0]).toEqual([5, 5, 5]);
    for (const [lmsr, prospect, hedge] of quotas) expect(lmsr + prospect + hedge).toBe(15);
    expect(new Set(quotas.map(String)).size).toBeGreaterThan(1);
  });
});
