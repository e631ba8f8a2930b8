import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../src/document.ts';
import { goalResults, targetsWithoutRows } from '../src/report/goal-results.ts';
import { GOALS, TARGETS, targetOf, type Goal } from '../src/targets.ts';

const SOURCES = resolve(import.meta.dirname, '../src');
const REPORT = resolve(import.meta.dirname, '../../../docs/benchmarks.json');

/** The texts of everything that measures: the list itself names every goal, so it is left out. */
function sources(): string {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== 'targets.ts')
    .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
    .join('\n');
}

/** How a row names its goal: whole, or with the precision of the simulator's filled in. */
function namings(goal: Goal): string[] {
  const generic = goal.replace(/^state-vector-f(64|32)/, 'state-vector-${precision}');
  return [`'${goal}'`, `\`${generic}\``];
}

describe('every target', () => {
  test.each(Object.keys(TARGETS))('%s demands something', (name) => {
    const goals = (Object.keys(GOALS) as Goal[]).filter((goal) => targetOf(goal) === name);
    expect(goals).not.toEqual([]);
  });

  const text = sources();
  test.each(Object.keys(GOALS) as Goal[])('has a suite with a row for %s', (goal) => {
    expect(namings(goal).some((naming) => text.includes(naming))).toBe(true);
  });

  test('has a measured row in the committed report', () => {
    const document = readDocument(readFileSync(REPORT, 'utf8'), REPORT);
    expect(targetsWithoutRows(goalResults(document))).toEqual([]);
  });
});

test('a goal that no row names is found missing', () => {
  const text = sources();
  expect(text).not.toContain("'decision/p75'");
  expect(text).toContain("'decision/p50'");
});
