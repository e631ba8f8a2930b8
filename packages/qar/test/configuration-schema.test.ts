import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONFIGURATION_RULES } from '../src/configuration-rules.ts';
import { configurationSchema } from '../src/configuration-schema.ts';
import { configurationOverrides, engineConfiguration } from '../src/configuration.ts';

const matches = new Ajv2020().compile(configurationSchema());

function isAccepted(document: unknown): boolean {
  try {
    configurationOverrides(document);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_CONFIGURATION' });
    return false;
  }
}

const WHOLE = engineConfiguration({
  pair: 'BTC/USD',
  intervalMs: 60_000,
  periodsPerYear: 525_960,
  path: 'quantum',
});

/** `value` at `path` of an otherwise empty document. */
function documentWith(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

describe('the schema', () => {
  test('accepts a whole configuration, an empty one, and every default by itself', () => {
    expect(matches(WHOLE)).toBe(true);
    expect(matches({})).toBe(true);
    expect(isAccepted(WHOLE)).toBe(true);
    expect(isAccepted({})).toBe(true);
  });

  test('says what every setting means', () => {
    const text = JSON.stringify(configurationSchema());
    for (const { says } of Object.values(CONFIGURATION_RULES)) expect(text).toContain(says);
  });

  test('accepts exactly what the engine accepts, whatever stands in a setting', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -2, max: 2000 }),
      fc.constantFrom<unknown>('quantum', 'twin', '', 'A/B', true, false, null, {}, { a: 1 }),
      fc
        .uniqueArray(fc.double({ min: -1, max: 2, noNaN: true }), { maxLength: 20 })
        .map((list) => [...list].sort((a, b) => a - b)),
    );
    const paths = [...Object.keys(CONFIGURATION_RULES), 'risk', 'risk.venue', 'unknown', 'risk.x'];
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, chosen) => {
        const document = documentWith(path, chosen);
        expect(isAccepted(document)).toBe(matches(document));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a setting that is refused is named with its value and rule', () => {
  test.each([
    [{ risk: { minimumConfidence: 2 } }, 'risk.minimumConfidence is 2; it must be in [0, 1]'],
    [{ risk: { venue: { step: 1 } } }, 'risk.venue.step is 1; it must be left out'],
    [{ risk: 5 }, 'risk is 5; it must be a group of settings'],
    [{ windowCandles: 300.5 }, 'windowCandles is 300.5; it must be a whole number'],
    [{ path: 'both' }, `path is "both"; it must be 'quantum' or 'twin'`],
    [{ risk: { ladder: [0.2, 0.1] } }, 'risk.ladder is [0.2,0.1]; it must be ascending'],
    [{ execution: { stopLossFraction: NaN } }, 'execution.stopLossFraction is NaN'],
    [[], 'the document is []'],
    ['text', 'the document is "text"'],
    [null, 'the document is null'],
  ])('%o', (document, message) => {
    expect(() => configurationOverrides(document)).toThrow(
      expect.objectContaining({
        code: 'BAD_CONFIGURATION',
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
