import { defineConfig } from 'tsup';

/** The command line from the sources of all packages in one go, and so started in no time. */
export default defineConfig({
  entry: ['src/main.ts', 'src/columnar-worker.ts', 'src/metronome-worker.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  noExternal: [/^@sema\/(?!service$)/],
  // Sixty megabytes, which only what runs from the sources here needs.
  external: ['@sema/service', 'ccxt'],
  silent: true,
  esbuildOptions: (options) => {
    options.conditions = ['@sema/source'];
  },
});
