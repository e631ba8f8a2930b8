import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compareDocuments } from '../src/compare/compare-documents.ts';
import { measureInTurns, withCheckout } from '../src/compare/in-turns.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sema-turns-'));
const log = join(scratch, 'log');

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** A folder whose benchmarks take `level` times what the machine takes, which drifts upwards. */
function checkout(name: string, level: number): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'tooling', 'run'), { recursive: true });
  const program = `
    import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
    const words = process.argv.slice(2);
    appendFileSync(${JSON.stringify(log)}, ${JSON.stringify(`${name} `)});
    const runs = readFileSync(${JSON.stringify(log)}, 'utf8').trim().split(' ').length;
    const value = ${String(level)} * (1 + runs / 50);
    const machine = { processor: 'p', threads: 2 };
    const row = { name: words.join(' ').replace(/ --json.*/, ''), value, unit: 'ms', target: null,
      peer: null, peerValue: null, ratio: null, met: null };
    writeFileSync(words.at(-1), JSON.stringify({ format: 'sema-benchmarks', version: 1, machine,
      quick: false, suites: [{ name: 'suite', rows: [row] }] }));
  `;
  writeFileSync(join(folder, 'tooling', 'run', 'bench.js'), program);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
}

describe('two checkouts', () => {
  const said: string[] = [];
  const options = { words: ['engine', '--quick'], runs: 6, say: (line: string) => said.push(line) };
  const [before, after] = measureInTurns([checkout('old', 1), checkout('new', 1.1)], options);

  test('take turns, every other time backwards, and are given the same suites', () => {
    const turns = readFileSync(log, 'utf8').trim();
    expect(turns).toBe('old new new old old new new old old new new old');
    expect(said[0]).toMatch(/^run 1 of 6 in .*old$/);
    expect(after.suites[0].rows[0].name).toBe('engine --quick');
  });

  test('give a sample a process, in which a drift that hides a tenth alone does not', () => {
    expect([before.runs, after.runs]).toEqual([6, 6]);
    expect(after.suites[0].rows[0].samples).toHaveLength(6);
    const options = { tolerance: 0.01, seed: 1 };
    const inTurns = compareDocuments(before, after, { ...options, paired: true });
    expect(inTurns.sampleIs).toBe('a process');
    const apart = compareDocuments(before, after, { ...options, paired: false });
    expect(apart.rows[0].verdict).toBe('cannot tell');
    expect(inTurns.rows[0]).toMatchObject({ verdict: 'slower', regressed: true });
    // Two turns of a pair are 2 % apart at most.
    expect(Math.abs((inTurns.rows[0].cost?.ratio ?? NaN) - 1.1)).toBeLessThan(0.022);
  });
});

test('a run that fails is told, with where', () => {
  const folder = join(scratch, 'broken');
  const program = join(folder, 'tooling', 'run');
  mkdirSync(program, { recursive: true });
  writeFileSync(join(program, 'bench.js'), 'process.exitCode = 3;');
  const options = { words: [], runs: 5, say: () => undefined };
  expect(() => measureInTurns([folder], options)).toThrow(`the benchmarks in ${folder} failed`);
});

test('a commit that git does not know is refused', () => {
  expect(() => withCheckout('no-such-commit', () => 1)).toThrow('git worktree add failed');
});
