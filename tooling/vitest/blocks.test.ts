import { describe, expect, test } from 'vitest';
import { codeBlocks, fencedBlocks, withAssertions } from './readme.js';

const fence = '```';

describe('blocks of a README', () => {
  test('are those marked ts, with the line each starts on', () => {
    const ts = `${fence}ts\na;\nb;\n${fence}\n`;
    const markdown = `# A\n${ts}${fence}sh\nls\n${fence}\n~~~ts\nc;\n~~~\n`;
    expect(codeBlocks(markdown, 'A.md')).toEqual([
      { code: 'a;\nb;', line: 3 },
      { code: 'c;', line: 10 },
    ]);
  });

  test('a longer fence may hold a shorter one', () => {
    const markdown = `${fence}${fence}md\n${fence}ts\na;\n${fence}\n${fence}${fence}`;
    expect(codeBlocks(markdown, 'A.md')).toEqual([]);
  });

  test('words after the language are marks', () => {
    const markdown = `${fence}sh needs=docker again\nls\n${fence}`;
    const marks = { needs: 'docker', again: 'again' };
    expect(fencedBlocks(markdown, 'A.md')).toEqual([
      { language: 'sh', marks, code: 'ls', line: 2 },
    ]);
  });

  test('a block in a list loses the indentation of its fence', () => {
    const markdown = `1. A\n\n   ${fence}sh\n   a \\\n     b\n\n   ${fence}`;
    expect(fencedBlocks(markdown, 'A.md').map(({ code }) => code)).toEqual(['a \\\n  b\n']);
  });

  test('a file for other blocks of the page is no example by itself', () => {
    const markdown = `${fence}ts file=main.ts\na;\n${fence}`;
    expect(codeBlocks(markdown, 'A.md')).toEqual([]);
  });

  test('a block that never ends is an error', () => {
    expect(() => codeBlocks(`${fence}ts\na;`, 'A.md')).toThrow('A.md:1 opens a block without end');
  });

  test.each(['typescript', 'js', ''])('an assertion in a block marked "%s" is an error', (mark) => {
    const markdown = `${fence}${mark}\n\nf(); // => 1\n${fence}`;
    expect(() => codeBlocks(markdown, 'A.md')).toThrow('A.md:3 asserts in a block');
  });
});

describe('assertions', () => {
  const assertionsOf = (code: string): string => withAssertions({ code, line: 7 }, 'A.md');

  test('say the line they stand on, and no line moves', () => {
    expect(assertionsOf("const a = 1;\n  a + f('; // x'); // => 2").split('\n')).toEqual([
      "import { expect as __expect } from 'vitest'; const a = 1;",
      '  __expect(a + f(\'; // x\'), "A.md:8").toEqual(2);',
    ]);
  });

  test.each([
    'f() // => 1',
    'f(); //=> 1',
    'f(); // =>',
    '// => 1',
    '  // => [1,',
    'f(); //  => 1',
  ])('%s is an error, not a comment', (line) => {
    expect(() => assertionsOf(`\n${line}`)).toThrow('A.md:8 is no assertion');
  });

  test('an arrow function is no assertion', () => {
    expect(assertionsOf('const f = () => 1; // one')).toContain('const f = () => 1; // one');
  });
});
