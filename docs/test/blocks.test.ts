import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandsOf, outputDifference } from './expected-output.ts';
import { NEEDS } from './needs.ts';
import { PAGES, ROOT } from './pages.ts';

/** Which marks a block of a language may carry; a block of another language runs nowhere. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  ts: ['file'],
  sh: ['needs', 'run'],
  console: ['needs'],
  yaml: ['file', 'of'],
  json: ['file', 'of'],
  diff: [],
  // Given to a real nats-server by the tests of the command line.
  conf: [],
  text: [],
  // A picture of letters.
  '': [],
};

const blocks = PAGES.flatMap(({ path, blocks: all }) => all.map((block) => ({ path, ...block })));
const where = ({ path, line }: { path: string; line: number }): string => `${path}:${line}`;

describe('blocks of the pages', () => {
  test('are of languages that run or are checked, with marks that are known', () => {
    const unknown = blocks.filter(
      ({ language, marks }) =>
        !Object.keys(marks).every((mark) => MARKS[language]?.includes(mark) === true) ||
        MARKS[language] === undefined,
    );
    expect(unknown.map(where)).toEqual([]);
  });

  test('name needs that are known', () => {
    const named = blocks.filter(({ marks }) => marks.needs !== undefined);
    expect(named.filter(({ marks }) => NEEDS[marks.needs] === undefined).map(where)).toEqual([]);
  });

  test('that something else runs name it, and each of their commands stands there', () => {
    const elsewhere = blocks.filter(({ marks }) => marks.run !== undefined);
    expect(elsewhere.length).toBeGreaterThan(0);
    const findings = elsewhere.flatMap((block) => {
      const runner = join(ROOT, block.marks.run);
      if (!existsSync(runner)) return [`${where(block)}: there is no ${block.marks.run}`];
      const text = readFileSync(runner, 'utf8');
      return scriptsOf(block.code)
        .filter((script) => !runs(text, script))
        .map((script) => `${where(block)}: ${block.marks.run} does not run ${script}`);
    });
    expect(findings).toEqual([]);
  });

  test('that are files are used by a command of their page', () => {
    const unused = blocks.filter(
      ({ path, marks, line }) =>
        marks.file !== undefined &&
        !blocks.some(
          (later) =>
            later.path === path &&
            later.line > line &&
            (later.language === 'sh' || later.language === 'console') &&
            later.code.includes(stemOf(marks.file)),
        ),
    );
    expect(unused.map(where)).toEqual([]);
  });
});

/** The name without folders and endings, which a command may leave out. */
function stemOf(file: string): string {
  return file.split('/').at(-1)?.split('.')[0] ?? file;
}

/** The scripts of package.json, or files, that a block's commands start. */
function scriptsOf(code: string): string[] {
  const command = /^(?:npm run ([\w:]+)|npm (test)|bash (\S+))/gm;
  return [...code.matchAll(command)].map((match) => match[1] ?? match[2] ?? match[3]);
}

function runs(runner: string, script: string): boolean {
  return script === '.ci/run' || new RegExp(`(npm run|run_script|npm) ${script}\\b`).test(runner);
}

describe('what a console shows', () => {
  test('is told apart from its commands', () => {
    const block = '$ sema verify \\\n>   a.jsonl\nfine\n$ ls\na\nb';
    expect(commandsOf(block)).toEqual([
      { script: 'sema verify \\\n  a.jsonl', expected: ['fine'] },
      { script: 'ls', expected: ['a', 'b'] },
    ]);
    expect(() => commandsOf('fine')).toThrow('before any command');
  });

  test('is compared line by line, save where dots stand', () => {
    const output = 'journal /tmp/x\nhash 12\ndone.\n';
    expect(outputDifference(output, ['journal /tmp/x', 'hash 12', 'done.'])).toBeUndefined();
    expect(outputDifference(output, ['journal …', '…', 'done.'])).toBeUndefined();
    expect(outputDifference(output, ['journal …', '…'])).toBeUndefined();
    expect(outputDifference(output, ['journal …', 'done.'])).toContain("expected 'done.'");
    expect(outputDifference(output, ['…', 'hash 13', '…'])).toContain("expected 'hash 13'");
    expect(outputDifference(output, ['journal …', 'hash 12'])).toContain('nothing is shown');
    expect(outputDifference('done!', ['done.'])).toContain("expected 'done.'");
  });
});
