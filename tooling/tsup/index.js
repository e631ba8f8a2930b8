import { pureConstants } from './pure-constants.js';

/**
 * The one build of every published package: ESM and its types, nothing else.
 *
 * @param {{ entry?: string[] }} [options]
 * @returns {import('tsup').Options}
 */
export function library({ entry = ['src/index.ts'] } = {}) {
  return {
    entry,
    format: ['esm'],
    target: 'node20',
    platform: 'neutral',
    external: [/^node:/],
    dts: true,
    sourcemap: true,
    clean: true,
    // Bundlers know 'node:crypto' for what it is, and 'crypto' only by a list.
    removeNodeProtocol: false,
    esbuildPlugins: [pureConstants()],
  };
}
