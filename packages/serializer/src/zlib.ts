export { brotliCodec, deflateCodec, zstdCodec } from './zlib/codecs.ts';
