import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const FENCE = /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/;
const ASSERTION = /^(\s*)(\S.*);\s*\/\/ => (\S.*)$/;
const LOOKS_LIKE_ASSERTION = /\/\/\s*=>/;
const BLOCK_ID = /^(.*\.md)\.block-(\d+)\.ts$/;

/**
 * One fenced block: `marks` are the words after the language, `needs=docker` as `needs: 'docker'`
 * and a bare word as itself; `line` is that of its first line.
 *
 * @typedef {object} Block
 * @property {string} language
 * @property {Readonly<Record<string, string>>} marks
 * @property {string} code
 * @property {number} line
 * @typedef {Omit<Block, 'code'>} BlockHead
 */

/**
 * The blocks of a Markdown file, in order.
 *
 * @param {string} markdown
 * @param {string} file - named in errors
 * @returns {Block[]}
 * @throws {Error} for a fence that is never closed, and for an assertion where none would run
 */
export function fencedBlocks(markdown, file) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {{ fence: string, indent: number, head: BlockHead, code: string[] } | undefined} */
  let open;
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, indent = '', fence, language = '', marks = ''] = FENCE.exec(text) ?? [];
    if (open === undefined) {
      if (fence === undefined) continue;
      const head = { language, marks: marksOf(marks), line: index + 2 };
      open = { fence, indent: indent.length, head, code: [] };
    } else if (fence?.startsWith(open.fence) === true && language === '') {
      blocks.push({ ...open.head, code: open.code.join('\n') });
      open = undefined;
    } else {
      if (open.head.language !== 'ts' && LOOKS_LIKE_ASSERTION.test(text)) {
        throw new Error(`${file}:${index + 1} asserts in a block that is not marked 'ts'`);
      }
      // A block inside a list is indented as far as its fence.
      open.code.push(text.slice(Math.min(open.indent, text.search(/\S|$/))));
    }
  }
  if (open !== undefined) {
    throw new Error(`${file}:${open.head.line - 1} opens a block without end`);
  }
  return blocks;
}

/** @param {string} text */
function marksOf(text) {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return Object.fromEntries(
    words.map((word) => {
      const [name = '', ...value] = word.split('=');
      return [name, value.length === 0 ? name : value.join('=')];
    }),
  );
}

/**
 * The `ts` blocks of a Markdown file that run by themselves, in order, with the line each starts
 * on. One marked `file=NAME` is a file that other blocks of the page use, and runs with them.
 *
 * @param {string} markdown
 * @param {string} file - named in errors
 * @returns {{ code: string, line: number }[]}
 */
export function codeBlocks(markdown, file) {
  return fencedBlocks(markdown, file)
    .filter(({ language, marks }) => language === 'ts' && marks['file'] === undefined)
    .map(({ code, line }) => ({ code, line }));
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
