import { writeFileSync } from 'node:fs';
import { CONFIGURATION_RULES } from '@sema/qar';
import { afterAll, describe, expect, test } from 'vitest';
import {
  environmentSettings,
  merged,
  readSettings,
  variableOf,
} from '../src/configuration-file.ts';
import { Sandbox } from './sema-process.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

function file(name: string, text: string): string {
  const path = sandbox.file(name);
  writeFileSync(path, text);
  return path;
}

describe('a configuration file', () => {
  test('may be YAML or JSON', () => {
    const settings = { feeRate: 0.002, risk: { shorting: true, ladder: [0.01, 0.03] } };
    const yaml = 'feeRate: 0.002\nrisk:\n  shorting: true\n  ladder: [0.01, 0.03] # of equity\n';
    expect(readSettings(file('a.yaml', yaml))).toEqual(settings);
    expect(readSettings(file('a.json', JSON.stringify(settings)))).toEqual(settings);
    expect(readSettings(file('empty.yaml', '# nothing\n'))).toEqual({});
  });

  test.each([
    ['a wrong value', 'risk:\n  minimumConfidence: high\n', 'risk.minimumConfidence is "high"'],
    ['an unknown setting', 'risk:\n  maxLoss: 1\n', 'risk.maxLoss'],
    ['broken YAML', 'risk: [1,\n', 'a.yaml'],
    ['a list', '- 1\n', 'the document'],
    ['aliases without end', `a: &a [1]\nb: [${'*a,'.repeat(40)}]\n`, 'a.yaml'],
  ])('with %s is refused, and named', (_, text, message) => {
    expect(() => readSettings(file('a.yaml', text))).toThrow(
      expect.objectContaining({
        code: 'BAD_CONFIGURATION_FILE',
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});

describe('a variable', () => {
  test('has the name of its setting', () => {
    expect(variableOf('risk.venue.minimumNotional')).toBe('SEMA__RISK__VENUE__MINIMUM_NOTIONAL');
    const names = Object.keys(CONFIGURATION_RULES).map(variableOf);
    expect(new Set(names).size).toBe(names.length);
  });

  test('overrides a file and leaves the rest of it', () => {
    const variables = {
      SEMA__RISK__SHORTING: 'true',
      SEMA__RISK__LADDER: '[0.02, 0.04]',
      SEMA__PAIR: 'ETH/USDT',
      SEMA_HOME: '/elsewhere',
    };
    const settings = merged({ risk: { minimumVotes: 5 } }, environmentSettings(variables));
    expect(settings).toEqual({
      pair: 'ETH/USDT',
      risk: { minimumVotes: 5, shorting: true, ladder: [0.02, 0.04] },
    });
  });

  test.each([
    ['SEMA__RISK__SHORT', 'true', 'SEMA__RISK__SHORT names no setting'],
    ['SEMA__RISK__SHORTING', 'perhaps', 'risk.shorting is "perhaps"'],
    ['SEMA__RISK__MINIMUM_CONFIDENCE', '', 'risk.minimumConfidence is null'],
    ['SEMA__RISK__MINIMUM_CONFIDENCE', '[', 'risk.minimumConfidence is "["'],
  ])('%s=%s is refused, and named', (name, value, message) => {
    expect(() => environmentSettings({ [name]: value })).toThrow(message);
  });
});

test('config schema prints a JSON Schema, config check what a file makes', async () => {
  const schema = await sandbox.sema('config', 'schema');
  expect(JSON.parse(schema.stdout)).toMatchObject({ properties: { risk: { type: 'object' } } });
  const checked = await sandbox.sema('config', 'check', file('c.yaml', 'feeRate: 0.001\n'));
  expect(checked).toMatchObject({ code: 0, stdout: 'feeRate: 0.001\n' });
  const refused = await sandbox.sema('config', 'check', file('d.yaml', 'feeRate: 9\n'));
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('feeRate is 9; it must be in [0, 0.1]');
});
