import { describe, expect, test } from 'vitest';
import { engineConfiguration } from '../src/configuration.ts';
import type { ConfigurationOverrides } from '../src/configuration.ts';
import { Engine } from '../src/engine.ts';
import type { DecisionReceipt } from '../src/receipt.ts';
import { countingClock } from './counting-clock.ts';
import { DAY_MS, syntheticCandles } from './synthetic-candles.ts';

const candles = syntheticCandles(700, 11);
const options = { clock: countingClock() };

function configurationOf(overrides: ConfigurationOverrides = {}, pair = 'TEST') {
  const risk = { minimumConfidence: 0.4, shorting: true, ...overrides.risk };
  const required = { pair, intervalMs: DAY_MS, periodsPerYear: 252, path: 'twin' } as const;
  return engineConfiguration(required, { ...overrides, risk });
}

function step(engine: Engine, end: number): DecisionReceipt {
  return engine.step(candles, end, { now: candles.time[end] + DAY_MS }).receipt;
}

/** An engine that holds a position after the candle that is returned with it. */
function engineInPosition(): { engine: Engine; end: number } {
  const engine = new Engine(configurationOf(), options);
  for (let end = 255; end < candles.length - 50; end++) {
    const { fills } = step(engine, end);
    if (end > 400 && fills.at(-1) !== undefined && fills.at(-1)?.position !== 0) {
      return { engine, end };
    }
  }
  throw new Error('it never opened a position');
}

describe('an engine that succeeds another', () => {
  test('goes on with its money and position, and has decided and learned nothing', () => {
    const { engine, end } = engineInPosition();
    using next = Engine.succeed(engine, configurationOf({ liquidity: 2 }), options);
    expect(next.sequence).toBe(0);
    using anew = new Engine(configurationOf({ liquidity: 2 }), options);
    expect(next.weights).toEqual(anew.weights);
    const [after, expected] = [step(next, end + 1), step(engine, end + 1)];
    expect(after.equity).toBe(expected.equity);
    expect(after.equity).not.toBe(engine.configuration.startingEquity);
    expect(after.fills).toEqual(expected.fills);
    engine[Symbol.dispose]();
  });

  test('keeps a gate closed that a person has closed', () => {
    const { engine } = engineInPosition();
    engine.gate.kill();
    using next = Engine.succeed(engine, configurationOf({ liquidity: 2 }), options);
    expect(next.gate.trading).toBe('KILLED');
    engine[Symbol.dispose]();
  });

  test('has learned what a snapshot of its own configuration holds', () => {
    const configuration = configurationOf({ liquidity: 2 });
    using teacher = new Engine(configuration, options);
    for (let end = 255; end < 500; end++) step(teacher, end);
    const { engine } = engineInPosition();
    const learned = teacher.snapshot();
    using next = Engine.succeed(engine, configuration, { ...options, learned });
    expect(next.weights).toEqual(teacher.weights);
    expect(next.sequence).toBe(0);
    const refused = expect.objectContaining({ code: 'BAD_SNAPSHOT' }) as Error;
    for (const bytes of [engine.snapshot(), new Uint8Array(100), learned.slice(0, 500)]) {
      expect(() => Engine.succeed(engine, configuration, { ...options, learned: bytes })).toThrow(
        refused,
      );
    }
    engine[Symbol.dispose]();
  });

  test('is of the same market and of a configuration that there can be', () => {
    const { engine } = engineInPosition();
    const refused = expect.objectContaining({ code: 'BAD_CONFIGURATION' }) as Error;
    const configurations = [
      configurationOf({}, 'OTHER'),
      { ...configurationOf(), intervalMs: DAY_MS / 2 },
      { ...configurationOf(), windowCandles: 3 },
    ];
    for (const configuration of configurations) {
      expect(() => Engine.succeed(engine, configuration, options)).toThrow(refused);
    }
    engine[Symbol.dispose]();
  });
});
