import * as zlib from 'node:zlib';
import type { Codec } from '../codec.ts';

/** zlib's deflate, at its usual level. */
export const deflateCodec: Codec = {
  id: 1,
  compress: (raw) => zlib.deflateSync(raw),
  decompress: (packed, maxBytes) => zlib.inflateSync(packed, bounded(maxBytes)),
};

/**
 * Brotli at level 5, where it is about as fast as deflate; its usual 11 takes a hundred times
 * that.
 */
export const brotliCodec: Codec = {
  id: 2,
  compress: (raw) =>
    zlib.brotliCompressSync(raw, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
  decompress: (packed, maxBytes) => zlib.brotliDecompressSync(packed, bounded(maxBytes)),
};

interface ZstdFunctions {
  zstdCompressSync(raw: Uint8Array): Uint8Array;
  zstdDecompressSync(packed: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

/** Zstandard; undefined where this Node has none (below 22.15). */
export function zstdCodec(): Codec | undefined {
  // Types for Node 20 do not know these names.
  const { zstdCompressSync, zstdDecompressSync } = zlib as Partial<ZstdFunctions>;
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  return {
    id: 3,
    compress: (raw) => zstdCompressSync(raw),
    decompress: (packed, maxBytes) => zstdDecompressSync(packed, bounded(maxBytes)),
  };
}

/** zlib stops with an error at the limit, which must be above 0. */
function bounded(maxBytes: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, maxBytes) };
}
