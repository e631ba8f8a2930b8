import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SuiteOptions } from '../harness.ts';

const SCRIPT = fileURLToPath(new URL('../../peers/simulators.py', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('../../peers/requirements.txt', import.meta.url));

/** Native simulators, and which precisions each is asked for. */
export const ENGINES = {
  f64: ['qulacs', 'lightning', 'aer'],
  f32: ['lightning', 'aer', 'qsim'],
} as const;
export type Engine = (typeof ENGINES)['f64' | 'f32'][number];
export type Precision = keyof typeof ENGINES;

/**
 * `SEMA_PYTHON` where it is set, else the Python of a virtual environment with the pinned peers,
 * made on first use. Says why and returns `undefined` where there is no Python 3 or its packages
 * cannot be had.
 */
export function pythonWithPeers({
  say,
  skipped,
}: Pick<SuiteOptions, 'say' | 'skipped'>): string | undefined {
  const given = process.env.SEMA_PYTHON;
  if (given !== undefined && given !== '') return given;
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const environment = join(tmpdir(), `sema-peers-${hash}`);
  const python = join(environment, 'bin', 'python');
  const complete = join(environment, 'complete');
  if (existsSync(complete)) return python;
  say(`peers: making ${environment}`);
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['python3', ['-m', 'venv', '--clear', environment]],
    [python, ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]],
  ];
  for (const [command, words] of steps) {
    const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
    if (status === 0) continue;
    const reason =
      String(stderr ?? '')
        .trim()
        .split('\n')
        .at(-1) ?? '';
    skipped(`peers from PyPI: ${command} ${words.slice(0, 3).join(' ')} failed. ${reason}`);
    rmSync(environment, { recursive: true, force: true });
    return undefined;
  }
  writeFileSync(complete, '');
  return python;
}

export interface PeerRun {
  readonly milliseconds: number;
  /** Processor time over wall time: how many threads were at work on average. */
  readonly threads: number;
}

/** The native simulators, in one Python process that answers a request at a time. */
export class PythonPeers implements Disposable {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: ((line: string) => void)[] = [];

  constructor(python: string, threads: number) {
    const env = { ...process.env, OMP_NUM_THREADS: String(threads) };
    this.#child = spawn(python, [SCRIPT], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    if (this.#child.stdout === null) throw new Error('the peers have no standard output');
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#lines.on('line', (line) => this.#waiting.shift()?.(line));
    this.#lines.on('close', () => {
      for (const answer of this.#waiting.splice(0)) answer('{"error":"the peers have stopped"}');
    });
  }

  async load(engine: Engine, precision: Precision, qasm: string): Promise<void> {
    await this.#ask({ operation: 'load', engine, precision, qasm });
  }

  /** Every amplitude after a run, as pairs of real and imaginary part. */
  async state(engine: Engine): Promise<Float64Array> {
    const file = join(tmpdir(), `sema-peer-${String(process.pid)}.state`);
    try {
      await this.#ask({ operation: 'state', engine, file });
      const bytes = readFileSync(file);
      // A small file may lie anywhere in a shared buffer; doubles need it aligned.
      const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
      return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8);
    } finally {
      rmSync(file, { force: true });
    }
  }

  async run(engine: Engine): Promise<PeerRun> {
    const { seconds, threads } = await this.#ask({ operation: 'run', engine });
    return { milliseconds: 1000 * Number(seconds), threads: Number(threads) };
  }

  async clear(): Promise<void> {
    await this.#ask({ operation: 'clear' });
  }

  [Symbol.dispose](): void {
    this.#lines.close();
    this.#child.kill();
  }

  async #ask(request: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const answered = new Promise<string>((resolve) => this.#waiting.push(resolve));
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    // The peers' script answers every request with one JSON object.
    const answer = JSON.parse(await answered) as Record<string, unknown>;
    if (typeof answer.error === 'string') throw new Error(answer.error);
    return answer;
  }
}
