import type { Amplitudes } from '@sema/serializer';
import { Packr } from 'msgpackr';

/** A way to write a state as bytes and read it again. */
export interface StateCodec {
  readonly name: string;
  encode(state: Amplitudes): Uint8Array;
  decode(bytes: Uint8Array): Amplitudes;
}

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();

/** JSON of two lists of numbers, as UTF-8. No checksum. */
export const jsonPeer: StateCodec = {
  name: 'JSON',
  encode: ({ real, imaginary }) =>
    textEncoder.encode(JSON.stringify({ real: [...real], imaginary: [...imaginary] })),
  decode: (bytes) => {
    // The peer believes its input.
    const { real, imaginary } = JSON.parse(textDecoder.decode(bytes)) as Record<string, number[]>;
    return { real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) };
  },
};

/** msgpackr with its extension for typed arrays, which copies them as they are. No checksum. */
export function msgpackrPeer(): StateCodec {
  const packr = new Packr({ moreTypes: true, structuredClone: true });
  return {
    name: 'msgpackr',
    encode: ({ real, imaginary }) => packr.pack({ real, imaginary }),
    decode: (bytes) => packr.unpack(bytes) as Amplitudes,
  };
}
