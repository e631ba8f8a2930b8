import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { freqtradeVersion } from '../src/demo/freqtrade-python.ts';
import type { StageOptions } from '../src/demo/stage.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const given = env['SEMA_FREQTRADE'];

/** A Python that has freqtrade, where SEMA_FREQTRADE names one. */
export const PYTHON =
  given !== undefined && given !== '' && freqtradeVersion(given) !== undefined ? given : '';

/** Goes into the name of a test that does not run. */
export const SKIPPED = PYTHON === '' ? ' (skipped: SEMA_FREQTRADE names no Python with it)' : '';

/** How long this machine takes to import freqtrade now, ms. */
export function importMs(): number {
  const started = performance.now();
  spawnSync(PYTHON, ['-m', 'freqtrade', '--version']);
  return performance.now() - started;
}

/** A folder, and what is stopped, the last first, before it goes. */
export class Workshop implements StageOptions, AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'sema-freqtrade-test-'));
  readonly dataFolder = env['SEMA_DATA_DIR'] ?? join(ROOT, '..', 'shared', 'data');
  readonly say = (): void => undefined;
  readonly #opened: AsyncDisposable[] = [];
  readonly started = (child: AsyncDisposable): void => void this.#opened.push(child);

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of this.#opened.reverse()) await opened[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
