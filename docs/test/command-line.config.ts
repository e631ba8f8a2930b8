import { defineConfig } from 'tsup';

/** The command line from the sources of all packages in one go, and so started in no time. */
export default defineConfig({
  entry: ['src/main.ts', 'src/columnar-worker.ts', 'src/metronome-worker.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  noExternal: [/^@sema\/(?!service$)/],
  external: ['@sema/service'],
  silent: true,
  esbuildOptions: (options) => {
    options.conditions = ['@sema/source'];
  },
});
