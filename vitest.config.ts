import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { readmeBlocks } from './tooling/vitest/readme.js';

const SLOW = '**/*.slow.test.ts';
const suites = ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'];

// The source condition makes every workspace package resolve to its TypeScript, so no test needs a build.
const shared = {
  ssr: { resolve: { conditions: ['@sema/source', ...defaultServerConditions] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: { name: 'unit', include: suites, exclude: [SLOW, '**/node_modules/**'] },
      },
      {
        ...shared,
        test: {
          name: 'slow',
          include: suites.map((glob) => glob.replace('*.test.ts', '*.slow.test.ts')),
          testTimeout: 600_000,
        },
      },
      {
        ...shared,
        plugins: [readmeBlocks()],
        test: { name: 'readme', include: ['tooling/vitest/*.test.ts'] },
      },
      { ...shared, test: { name: 'tidy', include: ['tooling/{run,tidy}/*.test.ts'] } },
    ],
  },
});
