import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeCandles } from './candle-fixture.ts';
import { Sandbox } from './sema-process.ts';

// Each test starts the real program, which loads every package from its sources.

const RFC_8032_TEST_2 = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
-----END PRIVATE KEY-----
`;

function keyFile(sandbox: Sandbox, content: string, mode: number): string {
  const path = sandbox.file('home', 'keys', 'signing.pem');
  mkdirSync(sandbox.file('home', 'keys'), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('doctor', () => {
  test('passes on a good machine, with a private key', async () => {
    using sandbox = new Sandbox();
    keyFile(sandbox, RFC_8032_TEST_2, 0o600);
    const { code, stdout } = await sandbox.sema('doctor');
    expect(stdout).not.toContain('FAIL');
    expect(stdout.match(/^pass {2}/gm)).toHaveLength(13);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'public key PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw',
    );
    expect(code).toBe(0);
  });

  test('fails when the data folder cannot be made', async () => {
    using sandbox = new Sandbox();
    // Not even root can make a folder below a file.
    writeFileSync(sandbox.file('home'), '');
    const { code, stdout } = await sandbox.sema('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}disk .* cannot be written .*To do: set SEMA_HOME/s);
  });

  test('fails when others may read the key, and says how to mend it', async () => {
    using sandbox = new Sandbox();
    const path = keyFile(sandbox, RFC_8032_TEST_2, 0o644);
    const { code, stdout } = await sandbox.sema('doctor');
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `FAIL signing key ${path} has mode 0644, it must be 0600. To do: run: chmod 600 ${path}`,
    );
  });

  test('fails when the key file holds no key', async () => {
    using sandbox = new Sandbox();
    keyFile(sandbox, 'not a key', 0o600);
    const { code, stdout } = await sandbox.sema('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}signing key .* holds no Ed25519 key/s);
  });
});

test('backtest refuses a key that others may read, and writes nothing', async () => {
  using sandbox = new Sandbox();
  keyFile(sandbox, RFC_8032_TEST_2, 0o640);
  const candles = writeCandles(sandbox.file('walk.csv'));
  const { code, stdout, stderr } = await sandbox.sema('backtest', candles);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^error KEY_FILE_NOT_PRIVATE: .* has mode 0640.* Next: run: chmod 600 /);
});

test('doctor checks the limits of a configuration and a candle file', async () => {
  using sandbox = new Sandbox();
  const settings = sandbox.file('reckless.yaml');
  writeFileSync(settings, 'risk:\n  minimumConfidence: 0.1\n');
  const candles = writeCandles(sandbox.file('walk.csv'));
  const { code, stdout } = await sandbox.sema(
    ...['doctor', '--config', settings, '--candles', candles],
  );
  expect(code).toBe(1);
  const text = stdout.replaceAll(/\s+/g, ' ');
  expect(text).toContain('FAIL risk limits would enter with a confidence of 1/3');
  expect(text).toContain('pass market data 300 candles, 2019-01-01 to');
});
