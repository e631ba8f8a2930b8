export { MAX_STATE_QUBITS } from './amplitudes.ts';
export type { Amplitudes } from './amplitudes.ts';
export { MAX_JSON_BYTES, MAX_JSON_DEPTH } from './canonical-json.ts';
export type { JsonValue } from './canonical-json.ts';
export type { Codec } from './codec.ts';
export { compress, decompress } from './compression.ts';
export { MAX_BODY_BYTES } from './envelope.ts';
export { SerializerError } from './errors.ts';
export type { SerializerErrorCode } from './errors.ts';
export { decodeSnapshot, encodeSnapshot, MAX_NAME_BYTES, MAX_SECTIONS } from './snapshot.ts';
export type { SectionValue } from './snapshot.ts';
export {
  MAX_TEXT_LENGTH,
  snapshotFromJson,
  snapshotToJson,
  stateFromJson,
  stateToJson,
} from './json-form.ts';
export type { Precision, PrecisionLoss } from './precision.ts';
export {
  decodeState,
  decodeStateInto,
  encodeRounded,
  encodeState,
  encodeStateInto,
} from './state.ts';
export type { DecodeOptions } from './state.ts';
export { decodeStateChunks, encodeStateChunks } from './state-chunks.ts';
export type { AmplitudeSink, AmplitudeSource } from './state-chunks.ts';
export { decodeSystem, encodeSystem } from './system.ts';
export type { RegisterSection, SystemSnapshot } from './system.ts';
export { SYSTEM_SCHEMA } from './system-migrations.ts';
