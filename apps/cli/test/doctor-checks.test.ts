import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mixtureProbability } from '@sema/algorithms';
import { ExpertLearner } from '@sema/learning';
import {
  DEFAULT_RISK_LIMITS,
  engineConfiguration,
  POOL_QUBITS,
  poolOwners,
  type RiskLimits,
} from '@sema/qar';
import { run } from '@sema/simulator';
import * as elementary from '@sema/simulator/elementary';
import { QubitPool, type QubitLease, type QubitRequest } from '@sema/resource-pool';
import { afterAll, describe, expect, test } from 'vitest';
import { checkClock } from '../src/doctor/clock-check.ts';
import {
  checkAlgorithms,
  checkLearning,
  checkPool,
  checkQuotas,
  checkRiskLimits,
  TWINS,
} from '../src/doctor/engine-checks.ts';
import {
  checkArithmetic,
  checkEd25519,
  checkNode,
  checkSha256,
  checkSimulator,
  sha256,
  sign,
} from '../src/doctor/known-answers.ts';
import { checkMarketData } from '../src/doctor/market-check.ts';
import { checkDataDirectory, DISK } from '../src/doctor/places.ts';
import { candleRows, writeRows } from './candle-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'sema-doctor-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fails(says: string | RegExp) {
  return { passed: false, found: expect.stringMatching(says) as string };
}

describe('known answers', () => {
  test('pass', () => {
    const outcomes = [
      checkNode('20.19.0'),
      checkNode('24.0.1'),
      checkSha256(sha256),
      checkEd25519(sign),
      checkSimulator(run),
      checkArithmetic(elementary),
    ];
    expect(outcomes.map(({ passed }) => passed)).toEqual(outcomes.map(() => true));
  });

  test('fail for an old Node, a wrong hash, signature or state, and a last bit', () => {
    expect(checkNode('20.18.3')).toEqual(fails('Node 20.18.3'));
    expect(checkNode('18.20.0')).toEqual(fails('Node 18.20.0'));
    expect(checkSha256((text) => sha256(`${text} `))).toEqual(fails('a wrong answer'));
    const flipped: typeof sign = (key, message) => sign(key, message).map((byte) => byte ^ 1);
    expect(checkEd25519(flipped)).toEqual(fails('a wrong signature'));
    const idle: typeof run = () => ({ bits: new Uint8Array() });
    expect(checkSimulator(idle)).toEqual(fails('probabilities 1.000 0.000 0.000 0.000'));
    const nextUp = { ...elementary, exp: (x: number) => elementary.exp(x) * (1 + 2 ** -52) };
    expect(checkArithmetic(nextUp)).toEqual(fails('2 of 15 elementary functions off'));
  });
});

describe('the pool', () => {
  test('passes', () => {
    expect(checkPool(new QubitPool(25))).toMatchObject({ passed: true });
  });

  test('fails when qubits are not given back', () => {
    /** Takes one lease that nobody can give back. */
    class LeakingPool extends QubitPool {
      #leases = 0;

      override acquireNow(request: QubitRequest): QubitLease {
        if (++this.#leases === 2000) super.acquireNow({ owner: 'leak', min: 1, max: 1 });
        return super.acquireNow(request);
      }
    }
    expect(checkPool(new LeakingPool(26))).toEqual(fails('1 qubits were not given back'));
  });

  test('fails when a qubit is lent to two', () => {
    class DoublingPool extends QubitPool {
      override acquireNow(request: QubitRequest): QubitLease {
        const lease = super.acquireNow(request);
        const { owner, size } = lease;
        const qubits = [0, ...lease.qubits.slice(1)];
        const release = (): void => {
          lease.release();
        };
        return { owner, size, qubits, released: false, release, [Symbol.dispose]: release };
      }
    }
    expect(checkPool(new DoublingPool(25))).toEqual(fails('lent to two owners, 1000 times'));
  });

  test('fails when it lends more than it has', () => {
    class BoastingPool extends QubitPool {
      override acquireNow(request: QubitRequest): QubitLease {
        const min = Math.min(request.min, this.capacity);
        return super.acquireNow({ ...request, min, max: Math.min(request.max, this.capacity) });
      }
    }
    expect(checkPool(new BoastingPool(25))).toEqual(fails('lends more qubits than it has'));
  });
});

describe('the quotas', () => {
  const { qubits } = engineConfiguration({
    pair: 'TEST',
    intervalMs: 60_000,
    periodsPerYear: 525_600,
    path: 'quantum',
  });

  test('pass on the pool that the engine makes', () => {
    const pool = new QubitPool(POOL_QUBITS, { owners: poolOwners(qubits) });
    const found = expect.stringMatching(/^300 decisions, at most \d+ of 25 held$/) as string;
    expect(checkQuotas(pool, qubits)).toEqual({ passed: true, found });
  });

  test('fail when qubits are kept', () => {
    class KeepingPool extends QubitPool {
      override acquireNow(request: QubitRequest): QubitLease {
        if (this.metrics.acquired === 100) super.acquireNow({ owner: 'leak', min: 2, max: 2 });
        return super.acquireNow(request);
      }
    }
    expect(checkQuotas(new KeepingPool(32), qubits)).toEqual(fails('2 qubits were not given back'));
  });
});

describe('the algorithms', () => {
  test('pass', () => {
    expect(checkAlgorithms(TWINS)).toMatchObject({ passed: true });
  });

  test.each([
    ['lmsr', { settleTrade: () => ({ prices: new Float64Array(8).fill(0.125), cost: 0 }) }],
    ['lmsr', { settleTrade: () => ({ prices: new Float64Array(8).fill(NaN), cost: 0 }) }],
    ['prospect', { prospectValue: () => 0 }],
    [
      'hedge',
      {
        mixtureProbability: (...question: Parameters<typeof mixtureProbability>) =>
          mixtureProbability(...question) + 1e-9,
      },
    ],
  ])('fail when circuit and twin of %s are apart', (name, wrong) => {
    expect(checkAlgorithms({ ...TWINS, ...wrong })).toEqual(fails(`apart: ${name} by`));
  });
});

describe('learning', () => {
  const learner = (learningRate: number) => new ExpertLearner({ experts: 14, learningRate });

  test('passes', () => {
    expect(checkLearning(learner(0.3), 0.3)).toMatchObject({ passed: true });
  });

  test('fails when it learns at another rate, or not at all', () => {
    expect(checkLearning(learner(0.31), 0.3)).toEqual(fails('from those of Hedge'));
    class Unteachable extends ExpertLearner {
      override update(): void {
        // Learns nothing.
      }
    }
    const stubborn = new Unteachable({ experts: 14, learningRate: 0.3 });
    expect(checkLearning(stubborn, 0.3)).toEqual(fails('from those of Hedge'));
  });
});

describe('risk limits', () => {
  test('pass as they are by default', () => {
    expect(checkRiskLimits(DEFAULT_RISK_LIMITS)).toMatchObject({ passed: true });
  });

  test.each<[string, Partial<RiskLimits>]>([
    ['a confidence of 1/3', { minimumConfidence: 0.3 }],
    ['candles a year old', { maximumDataAgeMs: Number.MAX_VALUE }],
    ['a move of 1000 σ', { maximumJumpSigmas: 1e6 }],
    ['a volatility of 1000 %', { crisisVolatility: 100 }],
    ['half of the equity lost in a day', { dailyLossLimit: 0.9, drawdownLimit: 0.6 }],
    ['three quarters of the equity lost', { drawdownLimit: 1 }],
  ])('fail when they would let in %s', (says, limits) => {
    expect(checkRiskLimits({ ...DEFAULT_RISK_LIMITS, ...limits })).toEqual(fails(says));
  });

  test('fail when nothing would ever pass', () => {
    const venue = { ...DEFAULT_RISK_LIMITS.venue, minimumNotional: 1e9 };
    expect(checkRiskLimits({ ...DEFAULT_RISK_LIMITS, venue })).toEqual(
      fails('would never enter: BELOW_MINIMUM_NOTIONAL'),
    );
  });
});

describe('market data', () => {
  const NOW = Date.UTC(2026, 0, 1);
  const rows = candleRows(300);
  const write = (name: string, lines: readonly string[]) => writeRows(join(folder, name), lines);

  test('pass', async () => {
    const path = write('good.csv', rows);
    expect(await checkMarketData(path, 256, NOW)).toMatchObject({ passed: true });
  });

  test('fail when too few, when one is to come, and when nothing was traded', async () => {
    const few = write('few.csv', rows.slice(0, 257));
    expect(await checkMarketData(few, 256, NOW)).toEqual(
      fails('256 candles; at least 257 are needed'),
    );
    const good = write('good.csv', rows);
    const early = Date.UTC(2019, 5, 1);
    expect(await checkMarketData(good, 256, early)).toEqual(fails('has not closed yet'));
    const idle = rows.map((row, i) => (i === 0 ? row : row.replace(/,[^,]*$/, ',0')));
    const none = write('idle.csv', idle);
    expect(await checkMarketData(none, 256, NOW)).toEqual(fails('no candle has any'));
  });

  test('fail by the name of the first fault in the file', async () => {
    const broken = write('broken.csv', [...rows.slice(0, 280), ...rows.slice(270)]);
    await expect(checkMarketData(broken, 256, NOW)).rejects.toThrow(/broken\.csv:281/);
    const none = join(folder, 'none.csv');
    await expect(checkMarketData(none, 256, NOW)).rejects.toThrow(/does not exist/);
  });
});

describe('the clock', () => {
  const START = Date.UTC(2026, 0, 1);

  /** A monotonic clock of 1 µs a reading, and a wall clock that `wall` makes of its time. */
  function clocks(wall: (ms: number) => number, tick: (reading: number) => number = () => 1000) {
    let now = 0;
    let reading = 0;
    const clock = { nowNs: () => (now += tick(reading++)) };
    return checkClock(clock, () => wall(now / 1e6));
  }

  test('passes', () => {
    expect(clocks((ms) => Math.floor(START + ms))).toMatchObject({ passed: true });
  });

  test.each([
    [
      'ran backwards 1 times',
      clocks(
        (ms) => START + ms,
        (i) => (i === 5000 ? -1 : 1000),
      ),
    ],
    [
      'stands still',
      clocks(
        () => START,
        () => 0,
      ),
    ],
    ['moved 50 ms against', clocks((ms) => START + 1.5 * ms)],
    ['moved 3600000 ms against', clocks((ms) => START + ms + (ms > 50 ? 3_600_000 : 0))],
    ['says 1970-01-01', clocks((ms) => ms)],
  ])('fails when it %s', (says, outcome) => {
    expect(outcome).toEqual(fails(says));
  });
});

describe('the disk', () => {
  const places = { dataDirectory: folder, keyFile: join(folder, 'none') };
  const error = Object.assign(new Error('injected'), { code: 'EIO' });

  test('passes, and keeps nothing of the check', () => {
    const before = readdirSync(folder);
    expect(checkDataDirectory(places, DISK)).toMatchObject({ passed: true });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('fails when bytes do not reach it, come back changed, or find no room', () => {
    const refusing = {
      ...DISK,
      writeThrough: () => {
        throw error;
      },
    };
    expect(checkDataDirectory(places, refusing)).toEqual(fails('cannot be written \\(EIO\\)'));
    const forgetful = { ...DISK, read: () => 'semb' };
    expect(checkDataDirectory(places, forgetful)).toEqual(fails('gives back other bytes'));
    const full = { ...DISK, freeBytes: () => 99 * 2 ** 20 };
    expect(checkDataDirectory(places, full)).toEqual(fails('0.1 GiB free'));
  });
});
