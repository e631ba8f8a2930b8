import { defineConfig } from 'tsup';

// Ours is bundled from its sources, so that the service starts from two files and needs no other
// build; what is fetched from a registry stays outside.
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    broker: 'src/broker.ts',
    main: 'src/main.ts',
    cluster: 'src/cluster.ts',
    node: 'src/cluster/node-main.ts',
    'compute-worker': 'src/compute/compute-worker.ts',
  },
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  noExternal: [/^@sema\//],
  external: ['ccxt'],
  esbuildOptions(options) {
    options.conditions = ['@sema/source'];
  },
  sourcemap: true,
  clean: true,
});
