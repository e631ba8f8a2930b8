import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/main.ts', 'src/columnar-worker.ts', 'src/metronome-worker.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  banner: { js: '#!/usr/bin/env node' },
  sourcemap: true,
  clean: true,
});
