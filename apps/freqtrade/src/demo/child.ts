import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface ChildOptions {
  /** Takes what the program writes to standard error: what it prints may hold a token. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly folder?: string;
}

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** A program that was started here. It is ended through its own handle, and no other is. */
export class Child implements AsyncDisposable {
  /** Resolves to the exit code; 128 when a signal ended it. */
  readonly exited: Promise<number>;
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #logFile: string;
  #said = '';

  constructor(program: string, args: readonly string[], { logFile, env, folder }: ChildOptions) {
    this.#name = [program, ...args].join(' ');
    this.#logFile = logFile;
    this.#process = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(env !== undefined && { env }),
      ...(folder !== undefined && { cwd: folder }),
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    const { stdout, stderr } = this.#process;
    stdout?.on('data', (bytes: Buffer) => (this.#said += bytes.toString()));
    stderr?.pipe(log);
    this.exited = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', (code) => {
        resolve(code ?? 128);
      });
    });
    // Whoever waits for it is told; nobody has to.
    this.exited.catch(() => undefined);
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What it has written to standard output so far. */
  get said(): string {
    return this.#said;
  }

  /**
   * Resolves to the JSON document that it writes to standard output when it is ready.
   *
   * @throws {Error} with its log when it ends before.
   */
  async ready(): Promise<unknown> {
    for (;;) {
      const document = parsed(this.#said);
      if (document !== undefined) return document;
      if (!this.running) throw await this.#failure();
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** @throws {Error} with its log when it does not end well. */
  async done(): Promise<string> {
    if ((await this.exited) !== 0) throw await this.#failure();
    return this.#said;
  }

  /** Asks it to end, and ends it when it does not. */
  async stop(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    if (!this.running) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(timer);
  }

  async log(): Promise<string> {
    return readFile(this.#logFile, 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #failure(): Promise<Error> {
    const lines = (await this.log()).trimEnd().split('\n');
    return new Error(`${this.#name} failed:\n${lines.slice(-20).join('\n')}`);
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, milliseconds));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
