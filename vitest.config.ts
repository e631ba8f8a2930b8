import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { readmeBlocks } from './tooling/vitest/readme.js';

const SLOW = '**/*.slow.test.ts';
const suites = [
  'packages/*/test/**/*.test.ts',
  'apps/*/test/**/*.test.ts',
  'apps/*/dashboard/test/**/*.test.ts',
  'docs/test/**/*.test.ts',
];

// Ends tests that hang. No test may depend on how fast the machine is.
const HANGS = { testTimeout: 120_000, hookTimeout: 120_000 };
const SLOWLY_HANGS = { testTimeout: 600_000, hookTimeout: 600_000 };

// The source condition makes every workspace package resolve to its TypeScript, so no test needs a
// build.
const shared = {
  ssr: { resolve: { conditions: ['@sema/source', ...defaultServerConditions] } },
};

export default defineConfig({
  test: {
    // By default one core is left free, which on two is half of them.
    maxWorkers: '100%',
    projects: [
      {
        ...shared,
        test: { ...HANGS, name: 'unit', include: suites, exclude: [SLOW, '**/node_modules/**'] },
      },
      {
        ...shared,
        test: {
          ...SLOWLY_HANGS,
          name: 'slow',
          include: suites.map((glob) => glob.replace('*.test.ts', '*.slow.test.ts')),
        },
      },
      {
        ...shared,
        plugins: [readmeBlocks()],
        test: { ...HANGS, name: 'readme', include: ['tooling/vitest/*.test.ts'] },
      },
      {
        ...shared,
        test: { ...HANGS, name: 'tidy', include: ['tooling/{release,run,tidy,tsup}/*.test.ts'] },
      },
    ],
  },
});
