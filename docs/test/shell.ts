import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { ROOT } from './pages.ts';
import { writeReaderFiles } from './reader-files.ts';
import { writePrograms } from './reader-programs.ts';

/** Ports that pages name, each of which becomes one that is free. */
const PORTS = ['8787', '8788', '8789', '8790', '4222'] as const;
const TOOLS = join(ROOT, 'node_modules/.bin');
const PORT = new RegExp(`\\b(${PORTS.join('|')})\\b`, 'g');
/** Characters of what a block prints that are looked at. */
const MOST_OUTPUT = 20_000;
const NOT_CLONED = new Set(['node_modules', 'dist', '.turbo', '.sema', '.git', '.tools']);

/** What a block exports, and where it goes, is there for the next. */
const KEPT = `state=$PWD/../state
if [ -e "$state" ]; then . "$state"; fi
trap 'export -p >"$state"; printf "cd %q\\n" "$PWD" >>"$state"' EXIT`;

export interface Finished {
  readonly code: number | null;
  /** What was written to both outputs, in order. */
  readonly output: string;
}

/**
 * The machine of one page's reader: a folder with files of their own, `sema`, and a shell that runs
 * the page's blocks one after another. Commands that serve until they are stopped go to the
 * background once they answer, and are stopped with the page.
 */
export class Shell implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'sema-docs-'));
  readonly #ports: ReadonlyMap<string, string>;

  private constructor(commandLine: string, ports: ReadonlyMap<string, string>) {
    this.#ports = ports;
    const folders = ['bin', 'background', 'home', 'work'];
    for (const name of folders) mkdirSync(join(this.folder, name));
    writePrograms({
      bin: join(this.folder, 'bin'),
      background: join(this.folder, 'background'),
      commandLine,
    });
    writeReaderFiles(this.work);
  }

  /** @param commandLine - what `buildCommandLine` has built. */
  static async open(
    commandLine: string,
    { inClone }: { readonly inClone: boolean },
  ): Promise<Shell> {
    const ports = new Map<string, string>();
    for (const port of PORTS) ports.set(port, await freePort());
    const shell = new Shell(commandLine, ports);
    if (inClone) cloneInto(shell.work);
    linkPackages(shell.work, inClone);
    return shell;
  }

  /** Where blocks run and their files lie. */
  get work(): string {
    return join(this.folder, 'work');
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.work, name)), { recursive: true });
    writeFileSync(join(this.work, name), `${this.#withFreePorts(text)}\n`);
  }

  /** Runs a script of bash to its end; the first command that fails ends it. */
  async run(script: string): Promise<Finished> {
    const kept = [KEPT, ...tokens(this.#token()), this.#withFreePorts(script)].join('\n');
    const child = spawn('bash', ['-euo', 'pipefail', '-c', kept], {
      cwd: this.work,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: [join(this.folder, 'bin'), TOOLS, process.env.PATH].join(':'),
        HOME: join(this.folder, 'home'),
        NODE_OPTIONS: '--conditions=@sema/source',
        NO_COLOR: '1',
        npm_config_loglevel: 'error',
        SEMA_DEBUG: '',
        SEMA_PORT: this.#ports.get('8787'),
        SEMA_EXCHANGE_PORT: this.#ports.get('8788'),
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => (output += piece.toString()));
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    // Whoever reads a failure wants its end.
    return { code, output: output.slice(-MOST_OUTPUT) };
  }

  [Symbol.dispose](): void {
    for (const name of this.#background('.pid')) {
      const id = Number(readFileSync(name, 'utf8'));
      try {
        process.kill(id, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  /** The token that a service printed when it was first started. */
  #token(): string {
    const said = this.#background('.log').map((file) => readFileSync(file, 'utf8'));
    return /token, shown this once: (\S+)/.exec(said.join('\n'))?.[1] ?? '';
  }

  #background(ending: string): string[] {
    const folder = join(this.folder, 'background');
    const names = readdirSync(folder).filter((name) => name.endsWith(ending));
    return names.sort().map((name) => join(folder, name));
  }

  #withFreePorts(text: string): string {
    return text.replace(PORT, (named) => this.#ports.get(named) ?? named);
  }
}

/** The reader copies the token from the terminal. */
function tokens(token: string): string[] {
  return token === '' ? [] : [`export TOKEN=${token} FIRST_TOKEN=${token}`];
}

/** The sources without what was installed or built, and the installed linked in. */
function cloneInto(folder: string): void {
  cpSync(ROOT, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !NOT_CLONED.has(basename(source)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const group of ['packages', 'apps', 'examples']) {
    for (const name of readdirSync(join(folder, group))) {
      const installed = join(group, name, 'node_modules');
      if (!existsSync(join(ROOT, installed))) continue;
      // Its links are relative, so they lead to the clone's own workspaces.
      cpSync(join(ROOT, installed), join(folder, installed), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  }
}

/** What stands for an installation: the built command line, or the packages of an npm project. */
function linkPackages(folder: string, inClone: boolean): void {
  const dist = join(folder, 'apps/cli/dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(
    join(dist, 'main.js'),
    `import { spawnSync } from 'node:child_process';
const { status } = spawnSync('sema', process.argv.slice(2), { stdio: 'inherit' });
process.exitCode = status ?? 1;
`,
  );
  writeFileSync(join(dist, 'package.json'), '{ "type": "module" }');
  if (inClone) return;
  symlinkSync(join(ROOT, 'docs/node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(ROOT, 'apps/cli/node_modules'), join(folder, 'apps/cli/node_modules'));
}

function freePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => {
        resolve(String(port));
      });
    });
  });
}
