export { compressWithStreams, decompressWithStreams } from './streams/deflate.ts';
