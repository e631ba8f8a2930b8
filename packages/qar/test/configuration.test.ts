import { describe, expect, test } from 'vitest';
import { checkConfiguration, engineConfiguration } from '../src/configuration.ts';
import type { ConfigurationOverrides, EngineConfiguration } from '../src/configuration.ts';

const REQUIRED = {
  pair: 'BTC/USD:PERP',
  intervalMs: 60_000,
  periodsPerYear: 525_960,
  path: 'quantum',
} as const;

test('four fields make a whole configuration, with the ladder and limits of the design', () => {
  const configuration = engineConfiguration(REQUIRED);
  expect(configuration.risk).toMatchObject({
    minimumConfidence: 0.8,
    ladder: [0.01, 0.02, 0.05],
    dailyLossLimit: 0.02,
    crisisVolatility: 0.7,
    shorting: false,
  });
  // √(8 ln(16·14) / T), the rate that makes the learner's bound least over T rounds.
  const rate = Math.sqrt((8 * Math.log(16 * 14)) / 525_960);
  expect(configuration.learningRate).toBeCloseTo(rate, 15);
});

test('an override replaces its field and keeps its neighbours', () => {
  const { risk } = engineConfiguration(REQUIRED, { risk: { shorting: true } });
  expect(risk).toMatchObject({ shorting: true, minimumConfidence: 0.8 });
});

describe('a value out of its range is refused by name', () => {
  const faults: readonly (readonly [string, ConfigurationOverrides])[] = [
    ['windowCandles', { windowCandles: 255 }],
    ['windowCandles', { windowCandles: 300.5 }],
    ['startingEquity', { startingEquity: 0 }],
    ['startingEquity', { startingEquity: Infinity }],
    ['feeRate', { feeRate: -0.001 }],
    ['slippageRate', { slippageRate: NaN }],
    ['learningRate', { learningRate: 9 }],
    ['risk.minimumConfidence', { risk: { minimumConfidence: 1.01 } }],
    ['risk.ladder', { risk: { ladder: [] } }],
    ['risk.ladder', { risk: { ladder: [0.02, 0.01] } }],
    ['risk.ladder.0', { risk: { ladder: [0] } }],
    ['risk.maximumOrdersPerDay', { risk: { maximumOrdersPerDay: 0 } }],
  ];
  test.each(faults)('%s', (field, overrides) => {
    const named = new RegExp(`^${field.replaceAll('.', '\\.')} is `);
    expect(() => engineConfiguration(REQUIRED, overrides)).toThrow(
      expect.objectContaining({
        code: 'BAD_CONFIGURATION',
        message: expect.stringMatching(named) as string,
      }),
    );
  });
});

test.each([
  ['pair', { pair: '' }],
  ['pair', { pair: '<script>' }],
  ['path', { path: 'both' }],
  ['intervalMs', { intervalMs: 0 }],
  ['risk.shorting', { risk: { ...engineConfiguration(REQUIRED).risk, shorting: 'yes' } }],
])('a journal header with a wrong %s is refused: %o', (field, fault) => {
  // What a header holds is text from outside: its type is only claimed.
  const claimed = { ...engineConfiguration(REQUIRED), ...fault } as EngineConfiguration;
  expect(() => {
    checkConfiguration(claimed);
  }).toThrow(new RegExp(`^${field}`));
});
