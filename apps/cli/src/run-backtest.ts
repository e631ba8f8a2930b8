import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPERTS, type EngineConfiguration } from '@sema/qar';
import { CliError, notWritable } from './cli-error.ts';
import { compare } from './comparison.ts';
import { JournalFile } from './journal-file.ts';
import { openKeyFile } from './key-file.ts';
import { progressBar } from './progress.ts';
import type { CandleFile } from './read-candles.ts';
import { readLines } from './read-blocks.ts';
import { reportPage } from './report/report.ts';
import { backtestResult, type BacktestResult } from './result.ts';
import type { StoppedRun } from './stopped-run.ts';
import { systemClock } from './system-clock.ts';
import { uninterrupted } from './uninterrupted.ts';

/** The files of a run inside its folder. */
export const RUN_FILES = {
  journal: 'journal.jsonl',
  snapshot: 'snapshot.bin',
  result: 'result.json',
  report: 'report.html',
} as const;

export interface BacktestRequest {
  readonly file: CandleFile;
  readonly configuration: EngineConfiguration;
  readonly out: string;
  readonly keyFile: string;
  readonly stopBefore?: number;
  readonly resume?: StoppedRun;
  /** Snapshot whose model decides and learns nothing. */
  readonly frozen?: Uint8Array;
  readonly quiet: boolean;
}

/**
 * Runs a backtest and everything it is compared with, and leaves journal, snapshot, result and
 * report in the folder `out`. Until the run is through, nothing there is touched.
 */
export async function runAndReport(request: BacktestRequest): Promise<BacktestResult> {
  const { file, configuration, out, resume, stopBefore, frozen } = request;
  using key = openKeyFile(request.keyFile);
  const publicKey = key.verifyingKey.toText();
  if (resume !== undefined && resume.publicKey !== publicKey) throw otherKey(resume, publicKey);
  using journal = await uninterrupted(() => {
    makeFolder(out);
    return new JournalFile(join(out, RUN_FILES.journal));
  });
  if (resume !== undefined) {
    for (const line of readLines(resume.journal)) journal.writeLine(line);
  }
  using bar = progressBar(request.quiet);
  const comparison = compare(file.candles, configuration, {
    clock: systemClock(),
    key,
    dataName: file.name,
    dataHash: file.hash,
    writeLine: (line) => journal.writeLine(line),
    onProgress: (done, total) => bar.show(done, total),
    ...(stopBefore !== undefined && { stopBefore }),
    ...(resume !== undefined && { resume: resume.snapshot }),
    ...(frozen !== undefined && { frozen }),
  });
  const result = backtestResult(file, comparison, {
    journal: join(out, RUN_FILES.journal),
    report: join(out, RUN_FILES.report),
    publicKey,
  });
  const experts = EXPERTS.map(({ name, title }) => ({ name, title }));
  const report = reportPage({ result, comparison, experts });
  await uninterrupted(() => {
    journal.publish();
    replaceFile(join(out, RUN_FILES.snapshot), comparison.sema.snapshot);
    replaceFile(join(out, RUN_FILES.result), `${JSON.stringify(result, null, 2)}\n`);
    replaceFile(join(out, RUN_FILES.report), report);
  });
  return result;
}

function otherKey({ journal, publicKey }: StoppedRun, given: string): CliError {
  return new CliError(
    'OTHER_KEY',
    `${journal} was signed by ${publicKey}, not by ${given}`,
    'give the key the run began with, by --key',
  );
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** Whoever reads `path` meanwhile sees the old content or the new, never half of it. */
function replaceFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(`${path}.partial`, content);
    renameSync(`${path}.partial`, path);
  } catch (error) {
    throw notWritable(path, error);
  }
}
