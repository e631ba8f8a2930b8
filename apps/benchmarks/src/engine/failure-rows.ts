import { Engine, type Candles, type DecisionReceipt, type EngineConfiguration } from '@sema/qar';
import { mulberry32 } from '@sema/simulator';
import { quantileOf, row, type Row, type SuiteOptions } from '../harness.ts';
import { FailingPool } from './failing-pool.ts';

/** Of the decisions. */
const SHARE = 0.01;
const SEED = 17;
const POOL_QUBITS = 25;

/**
 * The circuits fail in one decision of a hundred, at a seeded place: every decision is made all the
 * same, by the twin, and no qubit stays with the one that failed.
 */
export function failureRows(
  candles: Candles,
  configuration: EngineConfiguration,
  { clock }: SuiteOptions,
): Row[] {
  const random = mulberry32(SEED);
  const pool = new FailingPool(POOL_QUBITS, random);
  using engine = new Engine(configuration, { clock, pool });
  const first = configuration.windowCandles - 1;
  const fallbackNs: number[] = [];
  const circuitNs: number[] = [];
  let made = 0;
  for (let end = first; end < candles.length; end++) {
    const failures = pool.failures;
    pool.begin(random.next() < SHARE);
    const started = clock.nowNs();
    const receipt = decision(engine, candles, end);
    const took = clock.nowNs() - started;
    if (receipt === undefined) continue;
    const failed = pool.failures > failures;
    checkPath(receipt, failed);
    (failed ? fallbackNs : circuitNs).push(took);
    made++;
  }
  return rowsOf({ pool, made, asked: candles.length - first, fallbackNs, circuitNs });
}

function decision(engine: Engine, candles: Candles, end: number): DecisionReceipt | undefined {
  const now = candles.time[end] + engine.configuration.intervalMs;
  try {
    return engine.step(candles, end, { now }).receipt;
  } catch (error) {
    // A decision that was not made is what the first row counts.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The receipt names the failure where there was one, and only there. */
function checkPath({ fallback, sequence }: DecisionReceipt, failed: boolean): void {
  if ((fallback === 'RangeError') === failed) return;
  throw new Error(`decision ${String(sequence)} says ${String(fallback)} of its circuits`);
}

interface Measured {
  readonly pool: FailingPool;
  readonly made: number;
  readonly asked: number;
  readonly fallbackNs: readonly number[];
  readonly circuitNs: readonly number[];
}

function rowsOf({ pool, made, asked, fallbackNs, circuitNs }: Measured): Row[] {
  const { leases, inUse, acquired, released } = pool.metrics;
  const name = `circuits failing in ${String(100 * SHARE)} % of decisions`;
  const micros = (times: readonly number[], q: number): number => quantileOf(times, q) / 1000;
  const latency = (quantile: number, text: string, atMost: number): Row[] =>
    fallbackNs.length === 0
      ? []
      : [
          row({
            name: `${name}: candle to the twin's receipt, ${text}`,
            value: micros(fallbackNs, quantile),
            unit: 'µs',
            target: { atMost },
            peer: { name: 'circuits that work', value: micros(circuitNs, quantile) },
          }),
        ];
  return [
    row({
      name: `${name}: decisions made`,
      value: made,
      unit: `of ${String(asked)}`,
      target: { atLeast: asked },
    }),
    row({ name: `${name}: made by the twin`, value: fallbackNs.length, unit: 'decisions' }),
    ...latency(0.5, 'p50', 100),
    ...latency(0.99, 'p99', 500),
    row({
      name: `${name}: qubits and leases lost`,
      value: inUse + leases + acquired - released,
      unit: `of ${String(acquired)} leases`,
      target: { atMost: 0 },
    }),
  ];
}
