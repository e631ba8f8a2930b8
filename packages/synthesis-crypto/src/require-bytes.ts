import { types } from 'node:util';
import { SynthesisCryptoError } from './errors.ts';

/** Refuses anything but a Uint8Array, without showing it. */
export function requireBytes(value: Uint8Array, what: string): void {
  if (!types.isUint8Array(value)) {
    throw new SynthesisCryptoError('WRONG_TYPE', `the ${what} must be a Uint8Array`);
  }
}
