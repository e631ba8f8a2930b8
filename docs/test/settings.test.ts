import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationOverrides } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PAGES, ROOT } from './pages.ts';

const blocks = PAGES.flatMap(({ path, blocks: all }) =>
  all
    .filter(({ language }) => language === 'yaml' || language === 'json')
    .map((block) => ({ path, ...block })),
);

const STRATEGY = 'apps/freqtrade/user_data/strategies/SemaQuantumEnhanced.py';

/** Blocks that are no settings of the engine, by what they say they are `of`. */
const FORMATS: Readonly<Record<string, (value: unknown) => void>> = {
  freqtrade: (value) => {
    const strategy = readFileSync(join(ROOT, STRATEGY), 'utf8');
    for (const name of Object.keys(sectionOf(value, 'sema'))) {
      expect(strategy).toContain(`"${name}"`);
    }
    expect(Object.keys(Object(value) as object)).not.toEqual([]);
  },
  grid: (value) => {
    expect(() => configurationOverrides(firstOf(value))).not.toThrow();
  },
  exchanges: (value) => {
    for (const exchange of Object.values(Object(value) as object)) {
      expect(exchange).toEqual({ ccxt: expect.any(String), options: expect.any(Object) });
    }
  },
  markets: (value) => {
    for (const market of Object.values(sectionOf(value, 'markets'))) {
      expect(market).toMatchObject({ venue: expect.any(String), pair: expect.any(String) });
    }
  },
};

/** One combination of a grid, whose leaves are lists of values or ranges. */
function firstOf(grid: unknown): unknown {
  if (Array.isArray(grid)) return grid[0] as unknown;
  if (typeof grid === 'string') return Number(grid.split(':')[0]);
  return Object.fromEntries(
    Object.entries(Object(grid) as object).map(([name, axis]) => [name, firstOf(axis)]),
  );
}

function sectionOf(value: unknown, name: string): object {
  return Object(new Map<string, unknown>(Object.entries(Object(value) as object)).get(name));
}

/** A part of a larger file is shown without its braces. */
function valueOf(language: string, code: string): unknown {
  if (language === 'yaml') return parse(code);
  return JSON.parse(code.startsWith('{') ? code : `{${code}}`);
}

describe.each(blocks)('$path:$line', ({ language, marks, code }) => {
  test('is what it says it is', () => {
    const value = valueOf(language, code);
    if (marks.of === undefined) expect(() => configurationOverrides(value)).not.toThrow();
    else FORMATS[marks.of](value);
  });
});

test('a setting that does not exist is found', () => {
  expect(() => configurationOverrides(parse('risk:\n  luck: 1'))).toThrow('risk.luck');
});
