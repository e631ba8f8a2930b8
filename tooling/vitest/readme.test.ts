import { describe, expect, test } from 'vitest';
import { documents, readmeAt, readmesOf } from './readmes.ts';

const packages = readmesOf('packages');
const readmes = [readmeAt('README.md'), ...packages, ...readmesOf('apps'), ...documents()].filter(
  ({ examples }) => examples.length > 0,
);

test.each(packages)('$file has an example', ({ examples }) => {
  expect(examples).not.toEqual([]);
});

describe.each(readmes)('$file', ({ examples }) => {
  test.each(examples)('the example at line $line says what is true', async ({ path }) => {
    await expect(import(/* @vite-ignore */ path)).resolves.toBeDefined();
  });
});
