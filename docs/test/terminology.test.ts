import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PAGES, ROOT } from './pages.ts';

const PAGE = 'docs/terminology.md';

interface Term {
  readonly name: string;
  readonly text: string;
  /** Sources that the term says it is computed in. */
  readonly sources: readonly string[];
  /** Titles of tests, by the file they are in. */
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

function termsOf(text: string): Term[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => section.split(/^## /m)[0])
    .map((section) => {
      const [name] = section.split('\n', 1);
      const computed = /^Computed in ([\s\S]*?)\.$/m.exec(section)?.[1] ?? '';
      const sources = [...computed.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
      const pins = [
        ...section.matchAll(/^- \[[^\]]+\]\(([^)]+)\):([\s\S]*?)(?=\n- |\n\n|$(?![\s\S]))/gm),
      ];
      const tests = pins.flatMap(([, link, titles]) =>
        [...titles.matchAll(/“([^”]+)”/g)].map((match) => ({
          file: posix.join(posix.dirname(PAGE), link),
          title: match[1].replace(/\s+/g, ' '),
        })),
      );
      return { name, text: section, sources, tests };
    });
}

/** Whether a file has a test or a table of tests of this title, as it is written there. */
function hasTest(source: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => {
    const literal = quote + title.replaceAll(quote, `\\${quote}`) + quote;
    const call = literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`\\(\\s*${call},`).test(source);
  });
}

const page = PAGES.find(({ path }) => path === PAGE)?.text ?? '';
const terms = termsOf(page);

test('the page has its terms', () => {
  expect(terms.length).toBeGreaterThan(20);
});

describe.each(terms)('$name', ({ sources, tests }) => {
  test('is computed where the page says', () => {
    expect(sources).not.toEqual([]);
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('is pinned by tests of these titles', () => {
    expect(tests).not.toEqual([]);
    const missing = tests.filter(({ file, title }) => {
      const path = join(ROOT, file);
      return !existsSync(path) || !hasTest(readFileSync(path, 'utf8'), title);
    });
    expect(missing).toEqual([]);
  });
});

test('a title that no test has is found, whatever it is made of', () => {
  const source = "test('is (a + b)², “so”', () => {});\ntest.each([1])('is %d', () => {});";
  expect(hasTest(source, 'is (a + b)², “so”')).toBe(true);
  expect(hasTest(source, 'is %d')).toBe(true);
  expect(hasTest(source, 'is')).toBe(false);
  expect(hasTest("// 'is'", 'is')).toBe(false);
});
