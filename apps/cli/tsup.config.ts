import { defineConfig } from 'tsup';

export default defineConfig({
  entry: [
    'src/main.ts',
    'src/columnar-worker.ts',
    'src/metronome-worker.ts',
    'src/sweep-thread.ts',
  ],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  // It starts threads and loads a binary from its own folder.
  external: [/^@sema\/service/],
  banner: { js: '#!/usr/bin/env node' },
  sourcemap: true,
  clean: true,
});
