import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCommandLine } from './command-line.ts';
import { commandsOf, outputDifference } from './expected-output.ts';
import { NEEDS } from './needs.ts';
import { PAGES } from './pages.ts';
import { Shell } from './shell.ts';

/** Pages whose reader changes the sources; the others have `sema` and files of their own. */
const IN_A_CLONE = new Set(['docs/how-to/own-expert.md', 'examples/README.md']);
const SHELL = new Set(['sh', 'console']);

const pages = PAGES.filter(({ blocks }) =>
  blocks.some(({ language, marks }) => SHELL.has(language) && marks.run === undefined),
);

const built = mkdtempSync(join(tmpdir(), 'sema-docs-'));
let commandLine: string;
beforeAll(() => {
  commandLine = buildCommandLine(built);
});
afterAll(() => {
  rmSync(built, { recursive: true });
});

describe.each(pages)('$path', ({ path, blocks }) => {
  let shell: Shell | undefined;
  beforeAll(async () => {
    shell = await Shell.open(commandLine, { inClone: IN_A_CLONE.has(path) });
  });
  afterAll(() => shell?.[Symbol.dispose]());
  const opened = (): Shell => {
    if (shell === undefined) throw new Error('the shell was not opened');
    return shell;
  };

  for (const { language, marks, code, line } of blocks) {
    if (marks.run !== undefined) continue;
    const { file, needs } = marks;
    const need = needs === undefined ? undefined : NEEDS[needs];
    if (need?.isMet() === false) {
      test.skip(`the block at line ${String(line)} (needs ${need.what})`, () => undefined);
    } else if (file !== undefined) {
      test(`the file ${file} of line ${String(line)} is put where the page says`, () => {
        opened().write(file, code);
      });
    } else if (language === 'diff') {
      test(`the change of line ${String(line)} applies`, async () => {
        opened().write('change.diff', code);
        const { code: exit, output } = await opened().run('patch -p1 <change.diff');
        expect(exit, output).toBe(0);
      });
    } else if (language === 'sh') {
      test(`the commands of line ${String(line)} succeed`, async () => {
        const { code: exit, output } = await opened().run(code);
        expect(exit, output).toBe(0);
      });
    } else if (language === 'console') {
      test(`the commands of line ${String(line)} print what is shown`, async () => {
        for (const { script, expected } of commandsOf(code)) {
          const { code: exit, output } = await opened().run(script);
          expect(exit, output).toBe(0);
          expect(outputDifference(output, expected)).toBeUndefined();
        }
      });
    }
  }
});
