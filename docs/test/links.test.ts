import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PAGES, ROOT } from './pages.ts';

/** What a link may point to: the target of `[text](target)`, its anchor apart. */
interface Link {
  readonly line: number;
  readonly path: string;
  readonly anchor: string;
}

/** The links of a page to places of this repository, those in code left out. */
function linksOf(text: string): Link[] {
  let fenced = false;
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (fenced) return [];
    const prose = line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length));
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1])
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => {
        const [path, anchor = ''] = target.split('#');
        return { line: index + 1, path, anchor };
      });
  });
}

/** The anchors that GitHub gives the headings of a page: lower case, punctuation gone, hyphens. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of text.replace(/^\s*(```|~~~)[\s\S]*?^\s*\1\s*$/gm, '').split('\n')) {
    const heading = /^#{1,6} (.*)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    let free = anchor;
    for (let again = 1; anchors.has(free); again++) free = `${anchor}-${String(again)}`;
    anchors.add(free);
  }
  return anchors;
}

function faultOf(page: string, { line, path, anchor }: Link): string[] {
  const target = path === '' ? page : posix.join(dirname(page), decodeURIComponent(path));
  const at = `${page}:${String(line)}`;
  if (!existsSync(join(ROOT, target))) return [`${at}: there is no ${target}`];
  if (anchor === '') return [];
  if (statSync(join(ROOT, target)).isDirectory()) return [`${at}: ${target} is a folder`];
  const anchors = anchorsOf(readFileSync(join(ROOT, target), 'utf8'));
  return anchors.has(anchor) ? [] : [`${at}: ${target} has no heading #${anchor}`];
}

describe('links', () => {
  test.each(PAGES)('of $path lead somewhere', ({ path, text }) => {
    expect(linksOf(text).flatMap((link) => faultOf(path, link))).toEqual([]);
  });

  test('in code and to other places are left alone', () => {
    const text = '[a](b.md#c) `[x](y)` [web](https://example.org)\n```sh\n[d](e)\n```\n[f](#g)';
    expect(linksOf(text)).toEqual([
      { line: 1, path: 'b.md', anchor: 'c' },
      { line: 5, path: '', anchor: 'g' },
    ]);
  });

  test('to a page or heading that is gone are found', () => {
    const gone = { line: 1, path: 'gone.md', anchor: '' };
    expect(faultOf('README.md', gone)).toEqual(['README.md:1: there is no gone.md']);
    const heading = { line: 2, path: '', anchor: 'gone' };
    expect(faultOf('README.md', heading)).toEqual(['README.md:2: README.md has no heading #gone']);
    expect(faultOf('README.md', { line: 3, path: '', anchor: 'the-map' })).toEqual([]);
  });

  test('anchors are those of GitHub', () => {
    const text = "# What `a/b` does: it's 1–2\n## Same\n```md\n# not one\n```\n## Same";
    expect([...anchorsOf(text)]).toEqual(['what-ab-does-its-12', 'same', 'same-1']);
  });
});

test('every page below docs is reached from its index', () => {
  const byPath = new Map(PAGES.map((page) => [page.path, page]));
  const reached = new Set(['docs/README.md']);
  for (const path of reached) {
    for (const link of linksOf(byPath.get(path)?.text ?? '')) {
      const target = posix.join(dirname(path), link.path);
      if (link.path !== '' && byPath.has(target)) reached.add(target);
    }
  }
  const pages = [...byPath.keys()].filter((path) => path.startsWith('docs/'));
  expect(pages.filter((path) => !reached.has(path))).toEqual([]);
});
