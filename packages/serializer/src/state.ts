import { amplitudePayload, MAX_STATE_QUBITS, readAmplitudes } from './amplitudes.ts';
import type { Amplitudes } from './amplitudes.ts';
import { open, seal } from './envelope.ts';
import { SerializerError } from './errors.ts';

export interface DecodeOptions {
  /**
   * Refuses more than 2^maxQubits amplitudes, in all sections of a snapshot together, before their
   * memory is allocated. An integer in [0, 25]; 25 if not given, where a few sparse bytes may ask
   * for 512 MiB.
   */
  readonly maxQubits?: number;
}

/**
 * The bytes of a quantum state, bit for bit. The norm is not looked at. O(2^n).
 *
 * @throws {SerializerError} `INVALID_AMPLITUDES`, `NON_FINITE`, `LENGTH_LIMIT` above 25 qubits
 */
export function encodeState(state: Amplitudes): Uint8Array {
  return seal('state', amplitudePayload(state));
}

/**
 * The state that `encodeState` wrote. The result shares no memory with `bytes`.
 *
 * @throws {SerializerError} `INVALID_OPTION`; and for any bytes that `encodeState` does not write
 *   the codes of the envelope, then `LENGTH_LIMIT`, `MALFORMED_BODY`, `NON_FINITE`
 */
export function decodeState(bytes: Uint8Array, options: DecodeOptions = {}): Amplitudes {
  const limit = maxAmplitudes(options);
  return readAmplitudes(open(bytes, 'state'), limit);
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
