import {
  amplitudePayload,
  MAX_STATE_QUBITS,
  ownedAmplitudes,
  readAmplitudes,
} from './amplitudes.ts';
import type { Amplitudes } from './amplitudes.ts';
import { codecOf, unpacked } from './codec.ts';
import type { Codec } from './codec.ts';
import { MAX_BODY_BYTES, open, seal, sealInto } from './envelope.ts';
import type { EnvelopeKind } from './envelope.ts';
import { SerializerError } from './errors.ts';
import { formatOf, rounded } from './precision.ts';
import type { Precision, PrecisionLoss } from './precision.ts';

export interface DecodeOptions {
  /**
   * Refuses more than 2^maxQubits amplitudes, in all sections of a snapshot together, before their
   * memory is allocated. An integer in [0, 25]; 25 if not given, where a few sparse bytes may ask
   * for 512 MiB.
   */
  readonly maxQubits?: number;
  /** What compressed bytes may be read with; none if not given. */
  readonly codecs?: readonly Codec[];
  /** The most that a compressed body may stand for: an integer in [0, 2^30]; 2^26 if not given. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 2 ** 26;

/**
 * The bytes of a quantum state, bit for bit. The norm is not looked at. O(2^n).
 *
 * @throws {SerializerError} `INVALID_AMPLITUDES`, `NON_FINITE`, `LENGTH_LIMIT` above 25 qubits
 */
export function encodeState(state: Amplitudes): Uint8Array {
  return seal('state', amplitudePayload(state));
}

/**
 * As `encodeState`, into memory that is there, which is faster where states are large: fresh memory
 * costs more than the copy.
 *
 * @param target - not shared between threads, at least as long as the bytes.
 * @returns the part of `target` that was filled, a view.
 * @throws {SerializerError} `LENGTH_LIMIT` when it is too short, and what `encodeState` throws
 */
export function encodeStateInto(target: Uint8Array, state: Amplitudes): Uint8Array {
  return sealInto(target, 'state', amplitudePayload(state));
}

/**
 * As `decodeState`, into arrays of exactly as many amplitudes. What they hold is void when this
 * throws.
 *
 * @throws {SerializerError} `INVALID_AMPLITUDES` when they do not fit, and what `decodeState`
 *   throws
 */
export function decodeStateInto(
  target: Amplitudes,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): void {
  const limit = maxAmplitudes(options);
  readAmplitudes(openBody(bytes, 'state', options), limit, target);
}

/**
 * The bytes of a state in half the space or less, and what that lost. `decodeState` reads them.
 *
 * @param precision - 'f32' for relative errors to 6e-8; n decimals for errors to 0.5·10^−n, n in
 *   [1, 9].
 * @throws {SerializerError} `INVALID_OPTION`, and what `encodeState` throws; `INVALID_AMPLITUDES`
 *   also for a part above 2^31/10^n
 */
export function encodeRounded(
  state: Amplitudes,
  precision: Precision,
): { readonly bytes: Uint8Array; readonly loss: PrecisionLoss } {
  const format = formatOf(precision);
  const { amplitudes, loss } = rounded(ownedAmplitudes(state), precision);
  return { bytes: seal('state', amplitudePayload(amplitudes, format)), loss };
}

/**
 * The state that `encodeState` or `encodeRounded` wrote. The result shares no memory with `bytes`.
 *
 * @throws {SerializerError} `INVALID_OPTION`, `CODEC_MISSING`; and for any bytes that no encoder
 *   writes the codes of the envelope, then `LENGTH_LIMIT`, `MALFORMED_BODY`, `NON_FINITE`
 */
export function decodeState(bytes: Uint8Array, options: DecodeOptions = {}): Amplitudes {
  const limit = maxAmplitudes(options);
  return readAmplitudes(openBody(bytes, 'state', options), limit);
}

/** The amplitudes that `options` let a decoder allocate. */
export function maxAmplitudes({ maxQubits = MAX_STATE_QUBITS }: DecodeOptions): number {
  if (!Number.isInteger(maxQubits) || maxQubits < 0 || maxQubits > MAX_STATE_QUBITS) {
    throw new SerializerError(
      'INVALID_OPTION',
      `maxQubits ${maxQubits} is not an integer in [0, ${MAX_STATE_QUBITS}]`,
    );
  }
  return 2 ** maxQubits;
}

/** The bytes that a compressed body may stand for. */
export function maxUnpacked({ maxBytes = DEFAULT_MAX_BYTES }: DecodeOptions): number {
  if (!Number.isInteger(maxBytes) || maxBytes < 0 || maxBytes > MAX_BODY_BYTES) {
    throw new SerializerError(
      'INVALID_OPTION',
      `maxBytes ${maxBytes} is not an integer in [0, ${MAX_BODY_BYTES}]`,
    );
  }
  return maxBytes;
}

/** The body of an envelope as it was before compression. */
export function openBody(
  bytes: Uint8Array,
  kind: EnvelopeKind,
  options: DecodeOptions,
): Uint8Array {
  const limit = maxUnpacked(options);
  const { body, codec } = open(bytes, kind);
  if (codec === 0) return body;
  return unpacked(body, codecOf(codec, options.codecs ?? []), limit);
}
