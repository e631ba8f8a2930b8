import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** @type {import('eslint').Linter.RulesRecord} */
const EVERYWHERE = {
  curly: ['error', 'multi-line'],
  eqeqeq: 'error',
  'no-implicit-coercion': 'error',
  // A published constant keeps the digits that its source gives.
  'no-loss-of-precision': 'off',
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
    { selector: 'ExportSpecifier[exported.name="default"]', message: 'Use a named export.' },
  ],
  // The compiler knows the globals, in JavaScript too.
  'no-undef': 'off',
  'object-shorthand': 'error',
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unused-vars': [
    'error',
    {
      argsIgnorePattern: '^_',
      destructuredArrayIgnorePattern: '^_',
      varsIgnorePattern: '^_',
      ignoreRestSiblings: true,
    },
  ],
  '@typescript-eslint/prefer-readonly': 'error',
  // Most messages here exist to show a number.
  '@typescript-eslint/restrict-template-expressions': [
    'error',
    { allowBoolean: true, allowNumber: true },
  ],
  '@typescript-eslint/return-await': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
};

/**
 * Tests hand wrong values to our own functions on purpose, and a suite is one long function.
 *
 * @type {import('eslint').Linter.RulesRecord}
 */
const IN_TESTS = {
  'max-lines-per-function': 'off',
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/no-unused-expressions': 'off',
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/unbound-method': 'off',
};

/**
 * The linter's whole configuration. Rules about this repository in particular, such as the layers
 * between packages or the ban on ambient time, are tests in tooling/tidy instead.
 *
 * @param {string} root - the folder of the one tsconfig.json
 */
export function lintRules(root) {
  return defineConfig(
    globalIgnores([
      '**/dist/',
      '**/.turbo/',
      '**/.sema/',
      '.tools/',
      'docs-api/',
      '**/*.generated.ts',
    ]),
    js.configs.recommended,
    tseslint.configs.recommendedTypeChecked,
    {
      languageOptions: {
        parserOptions: {
          // What runs in a browser has globals of its own, and so a program of its own.
          project: ['./tsconfig.json', './apps/*/dashboard/tsconfig.json'],
          tsconfigRootDir: root,
        },
      },
      linterOptions: { reportUnusedDisableDirectives: 'error' },
      rules: EVERYWHERE,
    },
    { files: ['packages/**'], rules: { 'no-console': 'error' } },
    // The linter does not see the casts of JSDoc; the compiler, which does, checks these files too.
    { files: ['**/*.js'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
    // What others load by its path exports what they look for.
    {
      files: ['**/*.config.{js,ts}', '**/*-reporter.js'],
      rules: { 'no-restricted-syntax': 'off' },
    },
    // What a browser runs is no part of the program that the compiler checks.
    { files: ['apps/*/assets/**'], extends: [tseslint.configs.disableTypeChecked] },
    { files: ['**/test/**', '**/*.test.ts', '**/*.bench.ts'], rules: IN_TESTS },
  );
}
