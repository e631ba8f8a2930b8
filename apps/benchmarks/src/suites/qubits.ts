import {
  DecisionQubits,
  Engine,
  engineConfiguration,
  planQubits,
  POOL_QUBITS,
  poolOwners,
  type EngineConfiguration,
  type QubitSettings,
} from '@sema/qar';
import { QubitPool, type QubitLease, type QubitRequest } from '@sema/resource-pool';
import type { Clock } from '@sema/timing-buffer';
import { interleave, median, row, type Row, type Suite, type SuiteOptions } from '../harness.ts';
import { bitcoinFile, stockIndexFile } from '../learning/market-series.ts';
import {
  brierScore,
  pairedDifference,
  readCandles,
  scoredDecisions,
  temperedLosses,
  type ScoredDecision,
} from '../qubits/decision-scores.ts';
import { seededCandles } from '../seeded-candles.ts';

const SEED = 20_000_104;
const DAY_MS = 86_400_000;
const BATCH = 100;
const SETTINGS = {
  usual: {},
  finer: { returnQubits: 6 },
  entangled: { entanglement: 'always' },
} as const;

/** Quotas and leases: what they cost, that none is lost, and what more qubits would buy. */
export const qubits: Suite = {
  name: 'qubits',
  title: 'quotas and leases of a decision, and what more qubits or entanglement would buy',
  run: (options) => [
    leaseRow(options),
    ...faultRows(options),
    ...latencyRows(options),
    ...marketRows('S&P 500 daily', stockIndexFile(), options),
    ...marketRows('BTC one minute', bitcoinFile(), options),
  ],
};

function leaseRow({ clock, quick }: SuiteOptions): Row {
  const settings = configuration({}).qubits;
  const pool = new QubitPool(POOL_QUBITS, { owners: poolOwners(settings) });
  const times = Array.from({ length: quick ? 20 : 500 }, (_, round) => {
    const started = clock.nowNs();
    for (let i = 0; i < BATCH; i++) {
      const plan = planQubits([1, i, round + 1], 1 + (i % 14), settings);
      using held = new DecisionQubits(pool, settings, plan);
      held.beginFusion();
    }
    return (clock.nowNs() - started) / BATCH / 1000;
  });
  return row({
    name: 'quotas by weight, six leases and their return',
    value: median(times),
    unit: 'µs',
    target: { atMost: 5 },
  });
}

/** Refuses one lease in fifty and keeps the most that was held at once. */
class RefusingPool extends QubitPool {
  #requests = 0;
  most = 0;
  refused = 0;

  override acquireNow(request: QubitRequest): QubitLease {
    if (++this.#requests % 50 === 0) {
      this.refused++;
      throw new RangeError('refused');
    }
    const lease = super.acquireNow(request);
    this.most = Math.max(this.most, this.metrics.inUse);
    return lease;
  }
}

function faultRows({ clock, quick }: SuiteOptions): Row[] {
  const decisions = quick ? 100 : 2000;
  const candles = seededCandles(256 + decisions, SEED);
  const subject = configuration({ returnQubits: 6, entanglement: 'learned' });
  const pool = new RefusingPool(POOL_QUBITS, { owners: poolOwners(subject.qubits) });
  using engine = new Engine(subject, { clock, pool });
  let lost = 0;
  for (let end = 255; end < candles.length; end++) {
    engine.step(candles, end, { now: candles.time[end] + DAY_MS });
    lost = Math.max(lost, pool.metrics.inUse);
  }
  return [
    row({ name: 'qubits held at most', value: pool.most, unit: '', target: { atMost: 25 } }),
    row({
      name: 'qubits not returned, one lease in fifty refused',
      value: lost,
      unit: '',
      target: { atMost: 0 },
      peer: { name: 'leases refused', value: pool.refused },
    }),
  ];
}

function latencyRows({ clock, quick }: SuiteOptions): Row[] {
  const candles = seededCandles(256 + (quick ? 100 : 2000), SEED);
  using usual = new Engine(configuration(SETTINGS.usual), { clock });
  using finer = new Engine(configuration(SETTINGS.finer), { clock });
  using entangled = new Engine(configuration(SETTINGS.entangled), { clock });
  const engines = { usual, finer, entangled };
  const times = interleave(['usual', 'finer', 'entangled'], candles.length - 255, (name, round) => {
    const started = clock.nowNs();
    engines[name].step(candles, 255 + round, { now: candles.time[255 + round] + DAY_MS });
    return (clock.nowNs() - started) / 1000;
  });
  const peer = { name: 'usual settings', value: median(times.usual) };
  const unit = 'µs';
  return [
    row({ name: 'decision, up to 64 bins, p50', value: median(times.finer), unit, peer }),
    row({ name: 'decision, entangled marks, p50', value: median(times.entangled), unit, peer }),
  ];
}

function marketRows(market: string, file: string | undefined, options: SuiteOptions): Row[] {
  if (file === undefined) {
    options.skipped(`${market}: SEMA_DATA_DIR names no folder with it`);
    return [];
  }
  const candles = readCandles(file, options.quick ? 700 : 10_000);
  const run = (settings: Partial<QubitSettings>, clock: Clock = options.clock) =>
    scoredDecisions(candles, settings, clock);
  const usual = run({});
  const short = usual.filter((decision) => lacks(decision)).length;
  return [
    row({
      name: `${market}: decisions with a quota below the need`,
      value: (100 * short) / usual.length,
      unit: '%',
    }),
    ...comparedRows(`${market}, up to 64 bins`, run(SETTINGS.finer), usual),
    ...comparedRows(`${market}, entangled where learned`, run({ entanglement: 'learned' }), usual),
  ];
}

/** Eight bins need 3 qubits and an ancilla; Hedge a basis state for each voter and an ancilla. */
function lacks({ quotas: [lmsr, prospect, hedge], voters }: ScoredDecision): boolean {
  return lmsr < 4 || prospect < 4 || 1 << (hedge - 1) < voters;
}

function comparedRows(
  name: string,
  changed: readonly ScoredDecision[],
  usual: readonly ScoredDecision[],
): Row[] {
  if (changed.length !== usual.length) throw new Error('the runs decided on different candles');
  const difference = (what: string, before: readonly number[], after: readonly number[]): Row => {
    const { mean, halfWidth } = pairedDifference(before.map((loss, i) => after[i] - loss));
    const peer = { name: 'half of its 95 % interval', value: 1e6 * halfWidth };
    const title = `${name}: change of the Brier score${what}`;
    return row({ name: title, value: 1e6 * mean, unit: '1e-6', peer });
  };
  return [
    difference('', usual.map(brierScore), changed.map(brierScore)),
    difference(', both tempered', temperedLosses(usual), temperedLosses(changed)),
  ];
}

function configuration(settings: Partial<QubitSettings>): EngineConfiguration {
  const required = { pair: 'SEEDED', intervalMs: DAY_MS, periodsPerYear: 365.25 } as const;
  return engineConfiguration({ ...required, path: 'quantum' }, { qubits: settings });
}
