import { execFile } from 'node:child_process';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { MARKET, recordedCandles } from './recorded-candles.ts';
import { runService, temporaryDirectory } from './running-service.ts';

const python = env['SEMA_SCHEMATHESIS'] ?? '';
const reason = python === '' ? ' (skipped: SEMA_SCHEMATHESIS names no Python with it)' : '';
const EXAMPLES = 60;
const SEED = 20_260_102;

test.skipIf(python === '')(`schemathesis finds no 5xx${reason}`, async () => {
  const plenty = { requestsPerSecond: 1e9, burst: 1e9, concurrentRequests: 1000 };
  // Without tokens, so that every request is looked at and none is refused at the door.
  await using running = await runService({ limits: plenty, authentication: 'none' });
  using scratch = temporaryDirectory();
  await running.ask('POST', '/v1/markets', { ...MARKET, path: 'twin' });
  await running.ask('POST', `/v1/markets/${MARKET.id}/candles`, { candles: recordedCandles(300) });
  const options = [
    ...['--checks', 'not_a_server_error', '--phases', 'examples,coverage,fuzzing'],
    ...['--max-examples', String(EXAMPLES), '--seed', String(SEED), '--workers', '2'],
    '--no-color',
  ];
  const address = `${running.service.url}/openapi.json`;
  const run = promisify(execFile)(
    python,
    ['-m', 'schemathesis.cli', 'run', address, ...options],
    // It keeps its finds where it is started.
    { cwd: scratch.path, maxBuffer: 64 * 1024 * 1024 },
  );
  // It ends with 1 and says what it found, where it found something.
  const { stdout } = await run.catch((error: { stdout?: string }) => ({
    stdout: `failed\n${String(error.stdout)}`,
  }));
  expect(stdout).not.toMatch(/^failed/);
  const cases = /(\d+) generated/.exec(stdout)?.[1];
  expect(Number(cases)).toBeGreaterThan(1000);
  const market = await running.ask('GET', `/v1/markets/${MARKET.id}`);
  expect(market.status).toBe(200);
});
