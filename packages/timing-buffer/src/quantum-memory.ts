export { type Decoding, MatchingDecoder } from './quantum-memory/matching-decoder.ts';
