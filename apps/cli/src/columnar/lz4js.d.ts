declare module 'lz4js' {
  /** Upper bound of the decompressed size of an LZ4 frame, bytes. */
  export function decompressBound(frame: Uint8Array): number;
  export function decompress(frame: Uint8Array, maximumSize: number): Uint8Array;
}
