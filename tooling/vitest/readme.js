import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const FENCE = /^\s*(`{3,}|~{3,})\s*(\S*)/;
const ASSERTION = /^(\s*)(\S.*);\s*\/\/ => (\S.*)$/;
const LOOKS_LIKE_ASSERTION = /\/\/\s*=>/;
const BLOCK_ID = /^(.*\.md)\.block-(\d+)\.ts$/;

/**
 * The `ts` blocks of a Markdown file, in order, with the line each starts on.
 *
 * @param {string} markdown
 * @param {string} file - named in errors
 * @returns {{ code: string, line: number }[]}
 * @throws {Error} for a fence that is never closed, and for an assertion where none would run
 */
export function codeBlocks(markdown, file) {
  /** @type {{ code: string, line: number }[]} */
  const blocks = [];
  /** @type {{ fence: string, language: string, line: number, code: string[] } | undefined} */
  let open;
  for (const [index, text] of markdown.split('\n').entries()) {
    const match = FENCE.exec(text);
    if (open === undefined) {
      const [, fence, language] = match ?? [];
      if (fence !== undefined) {
        open = { fence, language: language ?? '', line: index + 2, code: [] };
      }
    } else if (match !== null && match[2] === '' && match[1]?.startsWith(open.fence)) {
      if (open.language === 'ts') blocks.push({ code: open.code.join('\n'), line: open.line });
      open = undefined;
    } else {
      if (open.language !== 'ts' && LOOKS_LIKE_ASSERTION.test(text)) {
        throw new Error(`${file}:${index + 1} asserts in a block that is not marked 'ts'`);
      }
      open.code.push(text);
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line - 1} opens a block without end`);
  return blocks;
}

/**
 * Turns each `expression; // => value` into an assertion that names the line it stands on.
 *
 * @param {{ code: string, line: number }} block
 * @param {string} file - named in errors
 * @param {string} [expectFrom] - the module whose `expect` is called
 * @throws {Error} for a comment that reads like an assertion and would be none
 */
export function withAssertions({ code, line: firstLine }, file, expectFrom = 'vitest') {
  const lines = code.split('\n').map((text, index) => {
    const where = `${file}:${firstLine + index}`;
    const [, indent = '', expression, value] = ASSERTION.exec(text) ?? [];
    if (expression !== undefined && value !== undefined) {
      return `${indent}__expect(${expression}, ${JSON.stringify(where)}).toEqual(${value});`;
    }
    if (LOOKS_LIKE_ASSERTION.test(text)) {
      throw new Error(`${where} is no assertion: write 'expression; // => value' on one line`);
    }
    return text;
  });
  return `import { expect as __expect } from '${expectFrom}'; ${lines.join('\n')}`;
}

/**
 * Lets a test import the n-th `ts` block of a Markdown file as `FILE.md.block-N.ts`.
 *
 * @returns {import('vitest/config').Plugin}
 */
export function readmeBlocks() {
  return {
    name: 'sema-readme-blocks',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!BLOCK_ID.test(source)) return undefined;
      return importer === undefined ? source : resolve(dirname(importer), source);
    },
    load(id) {
      const [, file, number] = BLOCK_ID.exec(id) ?? [];
      if (file === undefined) return undefined;
      const block = codeBlocks(readFileSync(file, 'utf8'), file)[Number(number)];
      if (block === undefined) throw new Error(`${file} has no ts block ${number ?? ''}`);
      return withAssertions(block, file);
    },
  };
}
